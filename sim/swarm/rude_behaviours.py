"""What rude clients send, by name. None of them ever searches for a chat."""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import TypeAlias

from transports.protocol import ClientCodec, JsonCodec, TextCodec

Words: TypeAlias = Iterator[bytes]
"""The pieces that a rude client sends, one after another."""

SHARED_NAMES = ("impostor", "again")
"""Pseudonyms that any of them may get beside its own."""

MANY = 150
"""Lines that ``_paster`` sends at once: more than the server reads in one turn."""


def _mute(name: str, chance: Random) -> Words:
    yield from ()


def _babbler(name: str, chance: Random) -> Words:
    """Sends invalid JSON, and valid JSON that makes no sense."""
    yield b'{"type":"say","text":"too soon"}\n'
    yield f'{{"hello":1,"name":"{name}","lang":"tlh"}}\n'.encode()
    while True:
        yield chance.choice(
            (
                b"{]\n",
                b"[" * 200 + b"\n",
                b'{"type":"say","text":7}\n',
                b'{"type":"dance"}\n',
                b'{"hello":1,"name":"again"}\n',
                b'{"type":"lang","lang":"tlh"}\n',
                b'{"type":"start","interests":["a","b","c","d","e","f"]}\n',
                b'{"type":"typing"}\n{"type":"where"}\n \n',
                chance.randbytes(30) + b"\n",
            )
        )


def _impostor(name: str, chance: Random) -> Words:
    """Asks for invalid, reserved and taken pseudonyms, then sends requests that are refused in the lobby."""
    yield b"start\n"
    for typed in ("", "* ada", "server", "<ada>", "\x1b[2J"):
        yield f"{typed}\n".encode()
    yield b"impostor\n"
    yield f"{name}\n".encode()
    while True:
        words = (b"next", b"lobby", b"/block", b"/lang tlh", b"/lang fr", b"help", b"start a b c d e f", b"/where")
        yield chance.choice(words) + b"\n"


def _droner(name: str, chance: Random) -> Words:
    """Sends lines that are too long, then one that never ends."""
    yield f"{name}\n".encode()
    for _ in range(chance.randrange(2, 5)):
        yield b"x" * 5000 + b"\n"
    while True:
        yield b"o" * 3000


def _paster(name: str, chance: Random) -> Words:
    """Sends many lines at once, and more while they are read."""
    yield f"{name}\n".encode()
    yield b"".join(b"pasted line %d\n" % number for number in range(MANY))
    while True:
        yield b"still there\n"


def _relic(name: str, chance: Random) -> Words:
    """Speaks an unsupported version of the protocol."""
    yield b'{"hello":2,"name":"relic"}\n'


RUDE_BEHAVIOURS: Mapping[str, tuple[Callable[[str, Random], Words], type[ClientCodec]]] = {
    "mute": (_mute, TextCodec),
    "babbler": (_babbler, JsonCodec),
    "impostor": (_impostor, TextCodec),
    "droner": (_droner, TextCodec),
    "paster": (_paster, TextCodec),
    "relic": (_relic, JsonCodec),
}
"""Name → what such a client sends, and its codec."""
