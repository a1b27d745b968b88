"""Rude clients, one by one and all together."""

from collections import Counter
from collections.abc import Callable
from random import Random

from roulette_core.testing.clients import SawRefused
from sim.swarm.guests import GUESTS, SHARED_NAMES
from sim.worlds.wire.connection import Connection
from sim.worlds.wire.wire import Wire
from transports.protocol import ProtocolError


class RudeClient:
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

    def __init__(self, user: int, kind: str, party: "RudeClients") -> None:
        words, codec = GUESTS[kind]
        name = f"{kind}{user}"
        party.names.add(name)
        self.user = user
        self._words = words(name, party.chance)
        self._codec = codec()
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
            sightings = self._codec.decode(data)
        except ProtocolError as error:
            self._party.protocol_errors.append(f"guest {self.user}: {error}")
            return
        for sighting in sightings:
            if isinstance(sighting, SawRefused):
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


class RudeClients:
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
        protocol_errors: what somebody was sent that nobody can understand.
    """

    def __init__(self, kinds: tuple[str, ...], wire: Wire, every: float, chance: Random) -> None:
        self.chance = chance
        self.names = set(SHARED_NAMES)
        self.refusals: Counter[str] = Counter()
        self.protocol_errors: list[str] = []
        self._wire = wire
        self._every = every
        self._guests: list[RudeClient] = []
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
        guest = RudeClient(-1 - len(self._guests), kind, self)
        self._guests.append(guest)
        guest.connection = self._wire.network.connect(guest, self._wire.driver.serve)
        guest.talk()
        self._expect(kind)
