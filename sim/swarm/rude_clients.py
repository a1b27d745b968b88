"""Rude clients: they come beside the users of a case, and misbehave."""

from collections import Counter
from collections.abc import Callable
from random import Random

from roulette_core.testing.clients import SawRefused
from sim.swarm.rude_behaviours import RUDE_BEHAVIOURS, SHARED_NAMES
from sim.worlds.wire import Wire, WireConnection
from transports.protocol import ProtocolError


class RudeClient:
    """One rude client; its number is one that no user has."""

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
        """Sends the next piece, and schedules another; without more to send, stays until disconnected."""
        piece = None if self._over else next(self._words, None)
        if piece is not None:
            self.connection.up.write(piece)
            self._owner.later(self._owner.chance.expovariate(1.0), self.talk)

    def go(self) -> None:
        """Hangs up."""
        if not self._over:
            self.connection.fall_silent()
            self.connection.notice()

    def received(self, data: bytes) -> None:
        """Decodes output of the server, which must be valid for rude clients, too; never answers."""
        try:
            sightings = self._codec.decode(data)
        except ProtocolError as error:
            self._owner.protocol_errors.append(f"rude client {self.user}: {error}")
            return
        for sighting in sightings:
            if isinstance(sighting, SawRefused):
                self._owner.refusals[sighting.reason] += 1

    def ended(self) -> None:
        """Stops sending, however the connection ended."""
        self._over = True

    lost = vanished = ended


class RudeClients:
    """All rude clients of a case. Those of each kind, a name of ``RUDE_BEHAVIOURS``, keep coming.

    Args:
        every: mean time between two clients of a kind, in seconds.

    Attributes:
        names: the pseudonyms that they may get.
        refusals: reason → how often they were refused for it.
        protocol_errors: output of the server that was not valid.
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
        """Schedules a call."""
        self._wire.conditions.later(seconds, act)

    def disperse(self) -> None:
        """Makes all of them leave, and starts no new ones."""
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
