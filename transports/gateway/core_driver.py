"""Feeds the core with events, and passes its effects on."""

from collections.abc import Iterable, Sequence

from roulette_core import Block, Effect, Event, Join, Leave, Parted, Refused, Roulette, Tick
from roulette_core.names import comparison_key
from transports.gateway.connection_events import ConnectionEvent, GatewayObserver, Named
from transports.gateway.outbox import Outbox
from transports.gateway.session import Session
from transports.limits import Limits

PER_NAME = 100
"""The most blocks remembered per pseudonym."""

NAMES = 10_000
"""The most pseudonyms with blocks."""


class BlockMemory:
    """Blocks between pseudonyms, which outlast a reconnection; beyond the limits, the oldest are forgotten."""

    def __init__(self) -> None:
        self._blocked: dict[str, dict[str, None]] = {}

    def remember(self, first: str, second: str) -> None:
        """Adds a pair that must not be paired again."""
        for name, other in ((first, second), (second, first)):
            others = self._blocked.pop(name, {})
            self._blocked[name] = others  # moved to the end: dicts keep insertion order, so the first is the oldest
            others.pop(other, None)
            others[other] = None
        for name in (first, second):
            if len(self._blocked[name]) > PER_NAME:
                self._forget(name, next(iter(self._blocked[name])))
        while len(self._blocked) > NAMES:
            oldest = next(iter(self._blocked))
            for other in list(self._blocked[oldest]):
                self._forget(oldest, other)

    def of(self, name: str) -> Iterable[str]:
        """Returns the pseudonyms that must not be paired with this one."""
        return self._blocked.get(name, ())

    def _forget(self, first: str, second: str) -> None:
        for name, other in ((first, second), (second, first)):
            del self._blocked[name][other]
            if not self._blocked[name]:
                del self._blocked[name]


class CoreDriver:
    """Stands between sessions and the core.

    The core knows users by the ``comparison_key`` of their pseudonyms, so that the core alone judges whether one is
    taken; people read ``Session.name``. The outbox carries out effects, and the observers are notified of every event.
    """

    def __init__(
        self, roulette: Roulette, outbox: Outbox, limits: Limits, observers: Sequence[GatewayObserver]
    ) -> None:
        self.roulette = roulette
        self._outbox = outbox
        self._limits = limits
        self._observers = observers
        self._blocks = BlockMemory()

    def handle(self, event: Event, now: float) -> None:
        """Hands an event to the core, and sends what follows to the users concerned."""
        effects = self._decide(event, now)
        if type(event) is Block:
            self._remember_block(effects)
        self._outbox.carry_out(effects, now)

    def join(self, session: Session, name: str, now: float) -> bool:
        """Registers a connection as a user under ``name``. Returns False if the name is taken."""
        user, key = session.connection, comparison_key(name)
        blocked = (self.roulette.named(other) for other in self._blocks.of(key))
        event = Join(user, key, tuple(other for other in blocked if other is not None))
        session.name = name
        self._outbox.users[user] = session
        effects = self._decide(event, now)
        if isinstance(effects[-1], Refused):
            del self._outbox.users[user]
            session.name = ""
            return False
        self.report(Named(user, name), now)
        self._outbox.send(session, session.dialect.welcome(name, self._limits.line_limit))
        self._outbox.carry_out(effects, now)
        return True

    def leave(self, session: Session, now: float) -> None:
        """Removes a user from the core. Once its session is dropped, the user is sent nothing about it."""
        self.handle(Leave(session.connection), now)
        del self._outbox.users[session.connection]

    def catch_up(self, now: float) -> None:
        """Draws all pairings that are due by ``now``."""
        deadline = self.roulette.next_deadline()
        if deadline is not None and now >= deadline:
            self.handle(Tick(), now)

    def report(self, what: ConnectionEvent, now: float) -> None:
        """Notifies the observers."""
        for observer in self._observers:
            observer.happened(now, what)

    def _decide(self, event: Event, now: float) -> tuple[Effect, ...]:
        """Returns the effects of an event, after having carried out what was due before it."""
        now = max(now, self.roulette.now)
        if not isinstance(event, Tick):
            self.catch_up(now)
        effects = self.roulette.handle(event, now)
        for observer in self._observers:
            observer.handled(now, event, effects)
        return effects

    def _remember_block(self, effects: Sequence[Effect]) -> None:
        """Keeps a block by name, as the core forgets it when one of the two leaves."""
        for effect in effects:
            if isinstance(effect, Parted):
                self._blocks.remember(self.roulette.name(effect.user), self.roulette.name(effect.partner))
