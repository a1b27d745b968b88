"""The centre of the wire world: class ``Wire``, clients and the real gateway in virtual time."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from roulette_core import Effect, Event, Roulette, User
from roulette_core.testing import Checker
from sim.engine import EventCallback
from sim.worlds.faults import MILD, Faults
from sim.worlds.interfaces import Client, ClientPopulation
from sim.worlds.simulated_clients import CODECS, CodecFactory, SimulatedClients
from sim.worlds.wire._pipe import WirePipe
from sim.worlds.wire.conditions import Conditions
from sim.worlds.wire.connection import WireConnection
from sim.worlds.wire.network import Network
from sim.worlds.wire.stable_user_ids import StableUserIds
from sim.worlds.wire.timeline import WireClock
from transports.driver import Driver
from transports.gateway import Gateway, GatewayObserver, Limits

PROGRESS_EVERY = 1 << 8
"""How many steps there are between two calls of ``progress``."""

FOR_EVER = 1e6
"""So many seconds are longer than any run."""

MakeGateway: TypeAlias = Callable[[Roulette, Limits, Sequence[GatewayObserver]], Gateway]
MakePipe: TypeAlias = Callable[[Driver[WirePipe], Conditions, WireConnection], WirePipe]


def _raise(error: Exception) -> None:
    raise error


class Wire:
    """A population, a network and a server, from time 0 on. Equal arguments give equal runs.

    Args:
        roulette: the core, without users yet.
        seed: the random seed of the network and of the users' codecs.
        watchers: are called with the core's events and effects, under the ids of ``StableUserIds``.
        observers: are told of everything that happens at the server, under the server's own ids.
        codecs: the users' dialects; each connection draws one.
        drafts: see ``SimulatedClients``.
        make_pipe: makes the server's end of a connection.
        failed: called with what the gateway raises; by default the run raises it.

    Attributes:
        conditions: time, chance, faults, and how often each fault really happened.
        people: the users, with their ``accounts`` and ``protocol_errors``.
        numbering: which number stands for which user.
        checker: checks the core's invariants.
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
        drafts: bool = False,
        make_gateway: MakeGateway = Gateway,
        make_pipe: MakePipe = WirePipe,
        failed: Callable[[Exception], object] = _raise,
    ) -> None:
        self.roulette = roulette
        self.conditions = Conditions(faults, seed)
        self.network = Network(self.conditions)
        self.numbering = StableUserIds(self._user_of, watchers, self.conditions.counts)
        self.checker = Checker(roulette.policy.specification)
        self.gateway = make_gateway(
            roulette, limits or Limits(), [self.numbering, _Inspector(self.checker), *observers]
        )
        self._timeline = self.conditions.timeline
        self._clock = WireClock(self._timeline)
        self.driver: Driver[WirePipe] = Driver(self.gateway, self._clock, failed=failed)
        self._accept = partial(make_pipe, self.driver, self.conditions)
        gives_back = self.gateway.limits.give_back >= FOR_EVER
        self.people = SimulatedClients(population, self.conditions, self.connect, seed, codecs, gives_back, drafts)

    @property
    def now(self) -> float:
        """The time, in seconds."""
        return self._timeline.now

    def connect(self, client: Client) -> WireConnection:
        """Connects a client with the server."""
        return self.network.connect(client, self._accept)

    def run(self, until: float, progress: Callable[[float], bool | None] | None = None) -> None:
        """Lets time pass, what is due at the very end included. May be called again to go on.

        Calls ``progress`` every few steps with the time reached, in seconds; if that returns true, stops there.
        """
        countdown = PROGRESS_EVERY
        timeline = self._timeline
        while (due := self._next()) <= until:
            timeline.now = max(timeline.now, due)
            self._step()
            countdown -= 1
            if not countdown:
                countdown = PROGRESS_EVERY
                if progress is not None and progress(timeline.now):
                    return
        timeline.now = until

    def settle(self, patience: float = 600.0) -> bool:
        """Stops users and faults. Returns whether everything in flight arrived within ``patience`` virtual seconds."""
        self.people.acting = False
        self.network.heal()
        end = self.now + patience
        self.run(self.now + 1.0)
        while not self.is_quiet() and self.now < end:
            self.run(self.now + 1.0)
        return self.is_quiet()

    def is_quiet(self) -> bool:
        """Returns whether nothing is in flight, and nothing waits to be written, read or handled."""
        return not self.pending() and not any(link.paused for link in self.driver.links.values())

    def pending(self) -> int:
        """Returns how many bytes are in flight, or wait to be written or read."""
        return self.network.unread() + sum(link.unwritten for link in self.driver.links.values())

    def _next(self) -> float:
        """Returns when something happens next, in seconds."""
        return min(self._timeline.next(), self._clock.next(), self.people.next())

    def _step(self) -> None:
        """Runs one turn: what arrives now, else timers that are due, else a user's action."""
        now = self._timeline.now
        if self._timeline.next() <= now:
            self._timeline.run_due()
        elif self._clock.next() <= now:
            self._clock.run_due()
        else:
            self.people.act()
        self._clock.end_turn()

    def _user_of(self, connection: User) -> int:
        return self.driver.links[connection].pipe.connection.client.user


class _Inspector(GatewayObserver):
    """Passes what the core does to the checker."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self._checker.check(now, event, effects)
