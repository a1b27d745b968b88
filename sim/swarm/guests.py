"""Rude clients who come beside the users of a case, by name. None of them ever searches for a chat."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import TypeAlias

from roulette_core.testing.clients import Refused
from sim.worlds.wire.connection import Connection
from sim.worlds.wire.wire import Wire
from transports.speakers import Garbled, JsonSpeaker, Speaker, TextSpeaker

Words: TypeAlias = Iterator[bytes]
"""What a guest sends, one piece after the other."""

MANY = 150
"""How many lines somebody pastes at once: more than the server reads at once."""


def _mute(name: str, chance: Random) -> Words:
    yield from ()


def _babbler(name: str, chance: Random) -> Words:
    """Speaks JSON, badly."""
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
    """Wants a name that cannot be had, or that another impostor has, and asks for what makes no sense."""
    yield b"start\n"
    for typed in ("", "* ada", "server", "<ada>", "\x1b[2J"):
        yield f"{typed}\n".encode()
    yield b"impostor\n"
    yield f"{name}\n".encode()
    while True:
        words = (b"next", b"lobby", b"/block", b"/lang tlh", b"/lang fr", b"help", b"start a b c d e f", b"/where")
        yield chance.choice(words) + b"\n"


def _droner(name: str, chance: Random) -> Words:
    """Goes on and on without the end of a line."""
    yield f"{name}\n".encode()
    for _ in range(chance.randrange(2, 5)):
        yield b"x" * 5000 + b"\n"
    while True:
        yield b"o" * 3000


def _paster(name: str, chance: Random) -> Words:
    """Says a great deal at once, and goes on talking while it is read."""
    yield f"{name}\n".encode()
    yield b"".join(b"pasted line %d\n" % number for number in range(MANY))
    while True:
        yield b"still there\n"


def _relic(name: str, chance: Random) -> Words:
    """Speaks a version of the protocol that there is not."""
    yield b'{"hello":2,"name":"relic"}\n'


GUESTS: Mapping[str, tuple[Callable[[str, Random], Words], type[Speaker]]] = {
    "mute": (_mute, TextSpeaker),
    "babbler": (_babbler, JsonSpeaker),
    "impostor": (_impostor, TextSpeaker),
    "droner": (_droner, TextSpeaker),
    "paster": (_paster, TextSpeaker),
    "relic": (_relic, JsonSpeaker),
}
"""Name → what such a guest sends, and what it understands the server by."""


class Guest:
    """One rude client.

    Args:
        user: a number that no user has.
        kind: a name of ``GUESTS``.
        party: to whom it belongs.

    Attributes:
        user: as given.
        connection: its connection.
    """

    connection: Connection

    def __init__(self, user: int, kind: str, party: "Party") -> None:
        words, speaker = GUESTS[kind]
        name = f"{kind}{user}"
        party.names.add(name)
        self.user = user
        self._words = words(name, party.chance)
        self._speaker = speaker()
        self._party = party
        self._over = False

    def talk(self) -> None:
        """Sends the next piece, and goes on later; who has nothing more to say stays until sent away."""
        piece = None if self._over else next(self._words, None)
        if piece is not None:
            self.connection.up.write(piece)
            self._party.later(self._party.chance.expovariate(1.0), self.talk)

    def go(self) -> None:
        """Is gone."""
        if not self._over:
            self.connection.fall_silent()
            self.connection.notice()

    def received(self, data: bytes) -> None:
        """Bytes have come: they must make sense even to the rude, who do not answer."""
        try:
            sightings = self._speaker.hear(data)
        except Garbled as error:
            self._party.garbled.append(f"guest {self.user}: {error}")
            return
        for sighting in sightings:
            if isinstance(sighting, Refused):
                self._party.refusals[sighting.reason] += 1

    def ended(self) -> None:
        """The server has hung up."""
        self._over = True

    def lost(self) -> None:
        """The connection is gone."""
        self._over = True

    def vanished(self) -> None:
        """The guest is gone."""
        self._over = True


class Party:
    """All rude clients of a case.

    Args:
        kinds: names of ``GUESTS``; of each some come, one after the other.
        wire: where they come.
        every: after how many seconds another of each kind comes, on average.
        chance: when they come, and what they say.

    Attributes:
        chance: as given.
        names: under which some of them may be welcomed.
        refusals: how often which refusal was told to them, by its reason.
        garbled: what somebody was sent that nobody can understand.
    """

    def __init__(self, kinds: tuple[str, ...], wire: Wire, every: float, chance: Random) -> None:
        self.chance = chance
        self.names = {"impostor", "again"}
        self.refusals: Counter[str] = Counter()
        self.garbled: list[str] = []
        self._wire = wire
        self._every = every
        self._guests: list[Guest] = []
        self._welcome = True
        for kind in kinds:
            self._expect(kind)

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Has something done later."""
        timeline = self._wire.network.timeline
        timeline.at(timeline.now + seconds, act)

    def disperse(self) -> None:
        """All go, and no more come."""
        self._welcome = False
        for guest in self._guests:
            guest.go()

    def _expect(self, kind: str) -> None:
        self.later(self.chance.expovariate(1 / self._every), lambda: self._enter(kind))

    def _enter(self, kind: str) -> None:
        if not self._welcome:
            return
        guest = Guest(-1 - len(self._guests), kind, self)
        self._guests.append(guest)
        guest.connection = self._wire.network.connect(guest, self._wire.driver.serve)
        guest.talk()
        self._expect(kind)
