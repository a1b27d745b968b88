"""The wire world's centre: class ``Wire``, where a population talks bytes to the real gateway in virtual time."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from roulette_core import Effect, Event, Roulette, User
from roulette_core.testing import Checker
from sim.engine import EventCallback
from sim.worlds.client_population import ClientPopulation
from sim.worlds.dialects import CODECS, CodecFactory
from sim.worlds.faults import MILD, Faults
from sim.worlds.simulated_clients import SimulatedClients
from sim.worlds.wire.driver import Driver
from sim.worlds.wire.network import Network
from sim.worlds.wire.stable_user_ids import StableUserIds
from transports.gateway import CloseReason, ConnectionEvent, Gateway, GatewayObserver, Limits
from transports.gateway.connection_events import Ended

PROGRESS_EVERY = 1 << 8
"""After how many moments at which something happens progress is told of."""

MakeGateway: TypeAlias = Callable[[Roulette, Limits, Sequence[GatewayObserver]], Gateway]


class Wire:
    """A population, a network and a server, from time 0 on. The same arguments have the same consequences.

    Args:
        roulette: the core, with nobody present yet.
        population: who asks what, and when.
        faults: what befalls connections.
        limits: what the server holds everybody to; by default what it does when nothing is said.
        seed: where all chance of network and users starts.
        watchers: who is told of the core's events and effects, with users under the numbers of ``StableUserIds``.
        observers: who is told of all that happens at the server, with users as the server knows them.
        codecs: how users may speak.
        make_gateway: makes the server.

    Attributes:
        roulette: as given.
        gateway: the server.
        network: what is between.
        driver: has the server take steps.
        people: the users; their ``accounts`` tell of all visits, ``protocol_errors`` of what could not be understood.
        checker: holds the core to its invariants.
        endings: how many connections came to which end, as the server has it.
    """

    def __init__(
        self,
        roulette: Roulette,
        population: ClientPopulation,
        faults: Faults = MILD,
        limits: Limits | None = None,
        seed: int = 0,
        watchers: Sequence[EventCallback] = (),
        observers: Sequence[GatewayObserver] = (),
        codecs: Sequence[CodecFactory] = CODECS,
        make_gateway: MakeGateway = Gateway,
    ) -> None:
        self.roulette = roulette
        self.endings: Counter[CloseReason] = Counter()
        self.network = Network(faults, seed)
        numbering = StableUserIds(self._user_of, watchers, self.network.counts)
        self.checker = Checker(roulette.policy.specification)
        self.gateway = make_gateway(roulette, limits or Limits(), [numbering, _Inspector(self), *observers])
        self.driver = Driver(self.gateway, self.network.timeline, self.network.counts)
        connect = partial(self.network.connect, server=self.driver.serve)
        self.people = SimulatedClients(population, self.network, connect, seed, codecs)

    @property
    def now(self) -> float:
        """The time, in seconds."""
        return self.network.timeline.now

    def run(self, until: float, progress: Callable[[float], object] | None = None) -> None:
        """Lets time pass; what is due at the very end still happens. May be called again to go on.

        Args:
            until: the end, in seconds.
            progress: called now and then with the time reached, in seconds.
        """
        countdown = PROGRESS_EVERY
        timeline = self.network.timeline
        while (due := self._next()) <= until:
            timeline.now = max(timeline.now, due)
            self._step()
            countdown -= 1
            if not countdown:
                countdown = PROGRESS_EVERY
                if progress is not None:
                    progress(timeline.now)
        timeline.now = until

    def heal(self) -> None:
        """Faults stop: stalls end, the slow read fast, nothing is reset any more, and who is gone is noticed."""
        self.network.heal()

    def settle(self, patience: float = 600.0) -> bool:
        """Nobody asks for anything any more, faults stop, and what is on its way arrives.

        Args:
            patience: how long that may take, in seconds.

        Returns:
            Whether all queues are empty.
        """
        self.people.acting = False
        self.heal()
        end = self.now + patience
        self.run(self.now + 1.0)
        while not self.is_quiet() and self.now < end:
            self.run(self.now + 1.0)
        return self.is_quiet()

    def is_quiet(self) -> bool:
        """Whether nothing is on its way, and nothing waits to be written, read, or obeyed."""
        return not self.pending() and not any(link.held for link in self.driver.links.values())

    def pending(self) -> int:
        """How many bytes are on their way, or wait to be written or read."""
        return self.network.unread() + self.driver.unwritten()

    def _next(self) -> float:
        """When something happens next."""
        return min(self.network.timeline.next(), self.driver.next_deadline(), self.people.next())

    def _step(self) -> None:
        """What happens now: in the network first, then by time alone, and only then do users ask for more."""
        now = self.network.timeline.now
        if self.network.timeline.next() <= now:
            self.network.timeline.run_due()
        elif self.driver.next_deadline() <= now:
            self.driver.tick()
        else:
            self.people.act()
        self.driver.end_turn()

    def _user_of(self, connection: User) -> int:
        return self.driver.links[connection].connection.client.user


class _Inspector(GatewayObserver):
    """Has everything checked that the core does, and counts how connections end."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self._wire.checker.check(now, event, effects)

    def happened(self, now: float, incident: ConnectionEvent) -> None:
        if type(incident) is Ended:
            self._wire.endings[incident.ending] += 1
