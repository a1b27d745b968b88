"""Rude clients, one by one and all together."""

from collections import Counter
from collections.abc import Callable
from random import Random

from roulette_core.testing.clients import SawRefused
from sim.swarm.rude_behaviours import RUDE_BEHAVIOURS, SHARED_NAMES
from sim.worlds.wire.connection import WireConnection
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

    connection: WireConnection

    def __init__(self, user: int, kind: str, owner: "RudeClients") -> None:
        words, codec = RUDE_BEHAVIOURS[kind]
        name = f"{kind}{user}"
        owner.names.add(name)
        self.user = user
        self._words = words(name, owner.chance)
        self._codec = codec()
        self._owner = owner
        self._over = False

    def talk(self) -> None:
        """Sends the next piece, and goes on later; who has nothing more to say stays until sent away."""
        piece = None if self._over else next(self._words, None)
        if piece is not None:
            self.connection.up.write(piece)
            self._owner.later(self._owner.chance.expovariate(1.0), self.talk)

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
            self._owner.protocol_errors.append(f"rude client {self.user}: {error}")
            return
        for sighting in sightings:
            if isinstance(sighting, SawRefused):
                self._owner.refusals[sighting.reason] += 1

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
        self._clients: list[RudeClient] = []
        self._welcome = True
        for kind in kinds:
            self._expect(kind)

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Has something done later."""
        self._wire.conditions.later(seconds, act)

    def disperse(self) -> None:
        """All go, and no more come."""
        self._welcome = False
        for client in self._clients:
            client.go()

    def _expect(self, kind: str) -> None:
        self.later(self.chance.expovariate(1 / self._every), lambda: self._enter(kind))

    def _enter(self, kind: str) -> None:
        if not self._welcome:
            return
        client = RudeClient(-1 - len(self._clients), kind, self)
        self._clients.append(client)
        client.connection = self._wire.connect(client)
        client.talk()
        self._expect(kind)
