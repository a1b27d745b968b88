"""Random histories of a gateway with tight limits. Any bytes encode one, so that a fuzzer can write them."""

import json
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from typing import TypeVar

from roulette_core.policies import POLICIES
from tests.support.gateway_fixture import GatewayFixture
from transports.gateway import Limits

Choice = TypeVar("Choice")

CRAMPED = Limits(
    users=7,
    per_address=2,
    exempt=(ip_network("203.0.113.0/24"),),
    registration=20.0,
    line_limit=64,
    garbage=3,
    burst=6.0,
    rate=2.0,
    ping=60.0,
    idle=90.0,
    pong=10.0,
)
"""Limits so tight that histories reach them all the time."""

NAMES = ("ada", "bob", "carol", "Ada", "élodie", "x" * 32)

ADDRESSES = ("", "192.0.2.1", "203.0.113.9", "2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1")
"""Two of the last three are in one /64, and so count as one address."""

NETWORKS = tuple(map(ip_network, ("192.0.2.0/24", "2001:db8::/64")))

TYPED = (
    *("start",) * 6,
    *("start chess", "next", "next", "lobby", "/block", "/where", "/lang fr", "/lang en", "help"),
    *("/block bob", "/block Ada", "/unblock bob", "/unblock ada", "/unblock carol"),
    *("hello", "hello", "hello", "/say next", "", "close"),
)

OBJECTS = (
    *({"type": "start"},) * 6,
    *({"type": kind} for kind in ("next", "next", "lobby", "block", "where", "typing", "typing", "pong", "close")),
    *({"type": "say", "text": text} for text in ("hello", "hi", '\x1b[2J\\"{}')),
    *({"type": "say", "text": "there", "chat": chat, "tag": chat} for chat in (0, 1, 2)),
    *({"type": kind, "chat": 1} for kind in ("next", "block", "typing")),
    *({"type": kind, "name": "ada"} for kind in ("block", "unblock")),
    *({"type": "lang", "lang": language} for language in ("fr", "en", "xx")),
    *({"type": "start", "interests": ["chess"]}, {"hello": 1, "name": "ada"}),
)

ODD = (
    *(b"\xff\xfe\0\x1b[2J\n", b"\r\n", b"\r", b"{", b"[[[[\n", b'{"type":"say","text":"\\ud800"}\n', b'{"type":1}\n'),
    *(b'{"type":"hello"}\n', b'{"hello":2}\n', b"* forged\n", b"<bob> forged\n", "é".encode()[:1]),
    *(b"x" * 65, b"x" * 200, b"start a b c d e f\n", b"/lang xx\n", "\u202eada\u200b\n".encode(), "ＡＤＡ\n".encode()),
)
"""Input that breaks careless servers."""

MEMBERS = ("type", "type", "hello", "name", "text", "lang", "interests", "chat", "tag")

VALUES = (
    1,
    2,
    True,
    None,
    0.5,
    "",
    "ada",
    "hello",
    "say",
    "start",
    "lang",
    "fr",
    "\ud800",
    "\x1b",
    [],
    ["chess"],
    [1],
    {},
)
"""Values that a careless program may send in any of these members."""

PAUSES = (0.1, 0.5, 0.5, 1.0, 2.0, 2.0, 5.0, 5.0, 11.0, 31.0, 50.0)


class Tape:
    """Bytes read as choices; endless zeros after their end.

    Args:
        data: any bytes.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def __bool__(self) -> bool:
        return self._place < len(self._data)

    def take(self, size: int) -> bytes:
        """Returns the next bytes."""
        self._place += size
        return self._data[self._place - size : self._place]

    def number(self, limit: int) -> int:
        """Returns a number below a limit, which is at most 256."""
        return int.from_bytes(self.take(1)) % limit

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """Returns one of several choices."""
        return choices[self.number(len(choices))]


def line(chat: GatewayFixture, number: int, tape: Tape) -> bytes:
    """Returns a request in the dialect of a connection."""
    if number in chat.programs:
        return json.dumps(tape.one_of(OBJECTS)).encode() + b"\n"
    return tape.one_of(TYPED).encode() + b"\n"


def _connection(chat: GatewayFixture, tape: Tape) -> int:
    """Returns an open connection, if there is one."""
    return tape.one_of(sorted(chat.open) or [0])


def _connect(chat: GatewayFixture, tape: Tape) -> None:
    chat.connect(tape.one_of(ADDRESSES))


def _enter(chat: GatewayFixture, tape: Tape) -> None:
    chat.type(chat.connect(tape.one_of(ADDRESSES)), tape.one_of(NAMES))


def _greet(chat: GatewayFixture, tape: Tape) -> None:
    hello = {"hello": 1, "name": tape.one_of(NAMES), "lang": tape.one_of(("en", "fr"))}
    chat.type(chat.connect(tape.one_of(ADDRESSES)), json.dumps(hello, ensure_ascii=False))


def _ask(chat: GatewayFixture, tape: Tape) -> None:
    number = _connection(chat, tape)
    chat.send(number, line(chat, number, tape))


def _ask_byte_by_byte(chat: GatewayFixture, tape: Tape) -> None:
    number = _connection(chat, tape)
    for byte in line(chat, number, tape):
        chat.send(number, bytes([byte]))


def _flood(chat: GatewayFixture, tape: Tape) -> None:
    number = _connection(chat, tape)
    chat.send(number, b"".join(line(chat, number, tape) for _ in range(tape.number(16))))


def _mumble(chat: GatewayFixture, tape: Tape) -> None:
    chat.send(_connection(chat, tape), tape.one_of(ODD))


def _invent(chat: GatewayFixture, tape: Tape) -> None:
    invented = {tape.one_of(MEMBERS): tape.one_of(VALUES) for _ in range(tape.number(5))}
    chat.type(_connection(chat, tape), json.dumps(invented))


def _babble(chat: GatewayFixture, tape: Tape) -> None:
    chat.send(_connection(chat, tape), tape.take(tape.number(80)))


def _send_on(chat: GatewayFixture, tape: Tape) -> None:
    """Sends although reading is paused, as before the driver received PAUSE; or on a closed connection."""
    number = tape.number(1 + len(chat.heard))
    chat.carry(chat.gateway.received(number, line(chat, number, tape), chat.now))


def _vanish(chat: GatewayFixture, tape: Tape) -> None:
    chat.vanish(_connection(chat, tape))


def _wait(chat: GatewayFixture, tape: Tape) -> None:
    chat.wait(tape.one_of(PAUSES))


def _oversleep(chat: GatewayFixture, tape: Tape) -> None:
    """Advances the clock past deadlines without a tick."""
    chat.now += tape.one_of(PAUSES)


def _kick(chat: GatewayFixture, tape: Tape) -> None:
    if len(chat.gateway.roulette):
        chat.carry(chat.gateway.kick(tape.one_of(chat.gateway.roulette.users()), chat.now))


def _ban(chat: GatewayFixture, tape: Tape) -> None:
    network = tape.one_of(NETWORKS)
    if network in chat.banned:
        chat.unban(network)
    else:
        chat.ban(network)


def _announce(chat: GatewayFixture, tape: Tape) -> None:
    chat.carry(chat.gateway.say("mind the step {name}\n* forged", chat.now))


Action = Callable[[GatewayFixture, Tape], None]

ACTIONS: tuple[Action, ...] = (
    *(_ask,) * 24,
    *(_enter, _greet, _wait, _wait) * 2,
    *(
        _connect,
        _ask_byte_by_byte,
        _flood,
        _mumble,
        _invent,
        _invent,
        _babble,
        _send_on,
        _vanish,
        _oversleep,
        _kick,
        _ban,
        _announce,
    ),
)


def play(data: bytes) -> GatewayFixture:
    """Plays a history to its end, and checks everything at every step.

    Args:
        data: any bytes; the first names the policy.

    Returns:
        The fixture in its final state.
    """
    tape = Tape(data)
    chat = GatewayFixture(tape.one_of(list(POLICIES)), CRAMPED)
    while tape:
        tape.one_of(ACTIONS)(chat, tape)
        chat.check()
    chat.stop()
    return chat
