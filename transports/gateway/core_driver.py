"""Feeds the core with events, and passes its effects on."""

from collections.abc import Iterable, Sequence

from roulette_core import (
    NEVER,
    Block,
    Blocked,
    Effect,
    Event,
    Join,
    Leave,
    Lobby,
    Next,
    Parted,
    Reason,
    Refused,
    Roulette,
    Say,
    Tick,
    Unblock,
    Unblocked,
    User,
)
from roulette_core.driver import Told
from roulette_core.names import comparison_key
from transports.dialects import Dialect
from transports.gateway.block_memory import BlockMemory
from transports.gateway.connection_events import ConnectionEvent, GatewayObserver, Named
from transports.gateway.ended_chat import note_ends
from transports.gateway.outbox import Outbox
from transports.gateway.session import Session
from transports.limits import Limits

_ENDING = (Next, Block, Lobby, Leave)
"""The events that can end a private chat."""


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
        self._driver = outbox.driver

    def handle(self, event: Event, now: float) -> Reason | None:
        """Hands an event to the core, and sends what follows to the users concerned.

        Returns why the core has refused it, or None. The user is not told of a refusal here.
        """
        told = self._decide(event, now)
        effects = self._driver.effects
        if effects and type(effects[-1]) is Refused:
            return effects[-1].reason
        kind = type(event)
        if kind is not Say:  # by far the most frequent
            if kind in _ENDING:
                note_ends(effects, self._outbox.users, now, self._limits.give_back)
            if kind in (Block, Unblock):
                self._remember_blocks(effects)
        self._outbox.carry_out(told, now)
        return None

    def block_absent(self, user: User, name: str) -> None:
        """Keeps a user's block of a name whose bearer is not present."""
        self._blocks.remember(self.roulette.name(user), name)

    def unblock_absent(self, user: User, name: str) -> bool:
        """Takes back a user's block of a name whose bearer is not present. Returns False if there was none."""
        return self._blocks.forget(self.roulette.name(user), name)

    def join(self, session: Session, name: str, now: float) -> bool:
        """Registers a connection as a user under ``name``. Returns False if the name is taken."""
        user, key = session.connection, comparison_key(name)
        blocked, blocked_by = self._present(self._blocks.blocked(key)), self._present(self._blocks.blocked_by(key))
        event = Join(user, key, blocked, blocked_by)
        session.name = name
        self._outbox.users[user] = session
        told = self._decide(event, now)
        effects = self._driver.effects
        if isinstance(effects[-1], Refused):
            del self._outbox.users[user]
            session.name = ""
            return False
        self.report(Named(user, name), now)
        self._outbox.send(session, session.dialect.welcome(name, self._limits.line_limit))
        self._outbox.carry_out(told, now)
        return True

    def leave(self, session: Session, now: float) -> None:
        """Removes a user from the core. Once its session is dropped, the user is sent nothing about it."""
        self.handle(Leave(session.connection), now)
        del self._outbox.users[session.connection]

    def change_dialect(self, session: Session, dialect: Dialect) -> None:
        """Switches a session to another dialect."""
        session.dialect = dialect
        self._driver.regroup(session.connection)

    def catch_up(self, now: float) -> None:
        """Does what is due by ``now``: draws pairings, and tells users whose explanation is stale."""
        if now >= self._driver.due:
            self.handle(Tick(), now)

    def next_deadline(self) -> float | None:
        """Returns when ``catch_up`` is due, in seconds; None if nothing is going to happen by time alone.

        Raises:
            BrokenPolicy: the policy has broken its contract, after effects of which users were told first.
        """
        if self._driver.failure is not None:  # kept until users were told
            raise self._driver.failure
        due = self._driver.due
        return None if due == NEVER else due

    def report(self, what: ConnectionEvent, now: float) -> None:
        """Notifies the observers."""
        for observer in self._observers:
            observer.happened(now, what)

    def _decide(self, event: Event, now: float) -> list[Told]:
        """Returns who is told what of an event, after having carried out what was due before it."""
        if now < self.roulette.now:
            now = self.roulette.now
        if now >= self._driver.due and type(event) is not Tick:
            self.handle(Tick(), now)
        told = self._driver.handle(event, now)
        for observer in self._observers:
            observer.handled(now, event, self._driver.effects)
        return told

    def _remember_blocks(self, effects: Sequence[Effect]) -> None:
        """Keeps blocks by name, as the core forgets them when one of the two leaves."""
        for effect in effects:
            if isinstance(effect, Parted) and effect.cause == "block":
                self._blocks.remember(effect.user_name, effect.partner_name)
            elif isinstance(effect, Blocked):
                self._blocks.remember(self.roulette.name(effect.user), effect.other_name)
            elif isinstance(effect, Unblocked):
                self._blocks.forget(self.roulette.name(effect.user), effect.other_name)

    def _present(self, names: Iterable[str]) -> tuple[User, ...]:
        """Returns the users present among those with these names."""
        return tuple(user for user in map(self.roulette.named, names) if user is not None)
