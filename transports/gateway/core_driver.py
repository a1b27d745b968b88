"""Drives the core: hands it events, and has delivered what follows."""

from collections.abc import Sequence

from roulette_core import Block, Effect, Event, Join, Leave, Parted, Refused, Roulette, Tick
from transports.dialects.pseudonyms import comparison_key
from transports.gateway.block_memory import BlockMemory
from transports.gateway.connection_events import ConnectionEvent, GatewayObserver, Named
from transports.gateway.outbox import Outbox
from transports.gateway.session import Session
from transports.limits import Limits


class CoreDriver:
    """What stands between sessions and the core.

    The core knows users by the ``comparison_key`` of their pseudonyms, so that it is the core that judges whether
    one is taken; people read ``Session.name``.

    Args:
        roulette: the core.
        outbox: whom effects are handed to.
        limits: what everybody is held to.
        observers: are told of everything.
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
        """Has the core handle an event, and everybody told what follows."""
        self._outbox.carry_out(self._decide(event, now), now)

    def join(self, session: Session, name: str, now: float) -> bool:
        """Has a connection become a user, if the pseudonym is free: whether it was."""
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
        """Has a user leave; nothing more goes there if the gateway has forgotten the connection before."""
        self.handle(Leave(session.connection), now)
        del self._outbox.users[session.connection]

    def block(self, session: Session, now: float) -> None:
        """Ends the chat; the two never meet again, also when one of them comes back under the same pseudonym."""
        effects = self._decide(Block(session.connection), now)
        for effect in effects:
            if isinstance(effect, Parted):
                self._blocks.remember(self.roulette.name(effect.user), self.roulette.name(effect.partner))
        self._outbox.carry_out(effects, now)

    def catch_up(self, now: float) -> None:
        """Has those pairings happen that are due by now."""
        deadline = self.roulette.next_deadline()
        if deadline is not None and now >= deadline:
            self.handle(Tick(), now)

    def report(self, incident: ConnectionEvent, now: float) -> None:
        """Tells the observers."""
        for observer in self._observers:
            observer.happened(now, incident)

    def _decide(self, event: Event, now: float) -> tuple[Effect, ...]:
        """Has the core handle an event, after the pairings that are due by now, which are told first."""
        now = max(now, self.roulette.now)
        if not isinstance(event, Tick):
            self.catch_up(now)
        effects = self.roulette.handle(event, now)
        for observer in self._observers:
            observer.handled(now, event, effects)
        return effects
