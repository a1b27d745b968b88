"""The centre of the project: class ``Roulette``, a pure state machine. Events go in, effects come out.

``states.py`` holds the rules it follows, ``events.py`` and ``effects.py`` its input and output, ``policies/`` the rules
that pair users. Below it lie ``_transitions.py``, what becomes of each event; ``_pairing.py``, how pairs are drawn;
``_saving.py``, snapshots; ``_directory.py``, the state and the questions about it. It does no I/O, reads no clock, logs
nothing and calls no callbacks: the same events give the same effects, byte for byte, on any machine.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from roulette_core import errors
from roulette_core._chance import chooser
from roulette_core._directory import CLOSED, Member
from roulette_core._gate import CHECKS, PLACES, shown
from roulette_core._pairing import Broken
from roulette_core._saving import Saving
from roulette_core._transitions import HANDLERS, PERFORM, Handler
from roulette_core.effects import Effect
from roulette_core.events import END_OF_TIME, Block, BulkLeave, Event, Join, Place, Say, Tick, Unblock, User
from roulette_core.policies import Choose, Policy, make_policy
from roulette_core.states import State


class Roulette(Saving):
    """Users in a lobby who ask for private chats, and the policy that pairs them.

    Copies, by ``copy`` or ``pickle``, are independent and go on exactly alike; a ``choose`` is copied with them.

    Args:
        policy: decides who is paired with whom: a policy, or a specification such as ``"uniform:minimum=3"``. A policy
            object belongs to one roulette.
        seed: the seed of the policy's random choices, a whole number of at least 0. The same seed and events give the
            same pairs.
        choose: makes the policy's choices instead of a seeded generator; ``choose(n)`` returns one of 0 … n − 1. Its
            state is the caller's, so snapshots leave it out.
        left_behind: where a partner goes whose chat the other has ended, ``"searching"`` or ``"lobby"``, unless the
            event says otherwise.

    Raises:
        BadPolicy: ``policy`` is neither a policy nor the specification of one, or belongs to another roulette.
        BadOption: the seed or ``left_behind`` is out of range.
    """

    def __init__(
        self,
        policy: Policy | str = "no-repeat",
        seed: int = 0,
        choose: Choose | None = None,
        left_behind: Place = "searching",
    ) -> None:
        policy = make_policy(policy) if isinstance(policy, str) else policy
        if not isinstance(policy, Policy) or not hasattr(policy, "pool"):
            raise errors.BadPolicy(f"{policy!r} is neither a specification nor a Policy whose __init__ ran Policy's")
        if type(seed) is not int or seed < 0:  # Random would take -1 for 1, and None for the time of day
            raise errors.BadOption(f"the seed {shown(seed)} is not a whole number of at least 0")
        if left_behind not in PLACES:
            raise errors.BadOption(f"left_behind is one of {', '.join(PLACES)}, not {shown(left_behind)}")
        generator = None
        if choose is None:
            generator = Random(seed)
            choose = chooser(generator)
        super().__init__(policy, left_behind, choose)
        self._random = generator

    def handle(self, event: Event, now: float) -> tuple[Effect, ...]:
        """Handles one event and returns its effects.

        Overdue pairings come first, as if a ``Tick`` had been handled just before. The cost does not depend on the
        number of users.

        Args:
            event: what a user asks for, or ``Tick``.
            now: the time, in seconds from any starting point that the caller chooses; it must never decrease.

        Returns:
            The effects, to be carried out in order. A request that is illegal now is answered by ``Refused``.

        Raises:
            RouletteError: the caller broke the contract (``UnknownUser``, ``AlreadyJoined``, ``TimeRanBack``,
                ``NotAnEvent``, ``CallsOverlap``); nothing has changed.
            BrokenPolicy: the policy broke its own contract, now or before. The error has the effects until then; this
                roulette must not be used any longer.
        """
        try:
            now += 0.0  # whole numbers become floats, and -0.0 becomes 0.0
            gate = self._gate  # read once: another thread may open it before the error is made
            if not gate <= now < END_OF_TIME:
                raise self._untimely(now, gate)
        except (TypeError, OverflowError):
            raise self._untimely(now, self._gate) from None
        # The gate stays closed until the event is handled, so nothing can be asked of a half-changed roulette: not by
        # another thread, nor by the policy, nor after an interrupt. Since the gate was read CPython has not switched
        # threads, as there was neither a call nor a jump backwards.
        self._gate = CLOSED
        try:
            event, member, perform = self._judge(event)  # raises every mistake of the caller
        except BaseException:
            self._gate = self._now
            raise
        self._now = now
        effects: list[Effect] = []
        try:
            if now >= self._deadline:
                self._draw_pairs(effects)
                event, member, perform = self._judge(event)  # a user who was searching may be in private by now
            perform(self, member, event, effects)
            if self._pool_changed:
                self._draw_pairs(effects)
        except Exception as error:
            raise self._fail(error, effects) from (None if type(error) is Broken else error)
        self._gate = now
        return tuple(effects)

    def _untimely(self, now: object, gate: float) -> errors.RouletteError:
        """Returns why no event can have this time at the gate."""
        if gate == CLOSED:
            return self._closed()
        return errors.TimeRanBack(
            f"now={shown(now)} after {self._now!r}: time never runs back, and ends before 2**53 s"
        )

    def _fail(self, error: Exception, effects: list[Effect]) -> errors.BrokenPolicy:
        """Closes the gate for good, and returns the error with the effects until then."""
        return self._broken(str(error) if type(error) is Broken else f"raised {error!r}", tuple(effects))

    def _judge(self, event: Any) -> tuple[Any, Member | None, Handler]:
        """Returns the event in its normal form, the user who asks and the handler for their state.

        Raises the caller's mistakes; changes nothing.
        """
        kind = type(event)
        row = HANDLERS.get(kind)
        if row is None:
            if kind is Tick:
                return event, None, PERFORM[kind]
            raise errors.NotAnEvent(f"{shown(event)} is not an event")
        if kind is not Say or type(event[1]) is not str or event[2] is not None:  # plain lines are the most frequent
            event = CHECKS[kind](event)
            if kind in _OTHERS:
                self._check_present(event, _OTHERS[kind](event))
                if kind is BulkLeave:
                    return event, None, PERFORM[kind]
        try:
            member = self._members.get(event[0])
        except TypeError:
            raise errors.NotAnEvent(f"{shown(event)}: {shown(event[0])} cannot be a user") from None
        handler = row[State.OUTSIDE if member is None else member.state]
        if isinstance(handler, type):
            raise handler(f"{shown(event)}: the user {'has not joined, or has left' if member is None else 'is here'}")
        if member is not None and event[0] is not member.user and type(event[0]) is not type(member.user):
            # True and 1.0 are equal to 1
            raise errors.NotAnEvent(f"{shown(event)}: {shown(event[0])} only equals the user {shown(member.user)}")
        return event, member, handler

    def _check_present(self, event: Event, users: tuple[User, ...]) -> None:
        for user in users:
            if user not in self._members:
                raise errors.UnknownUser(f"{shown(event)}: the user {shown(user)} has not joined, or has left")


_OTHERS: dict[type, Callable[[Any], tuple[User, ...]]] = {
    Join: lambda event: event.blocked + event.blocked_by,
    Block: lambda event: () if event.other is None else (event.other,),
    Unblock: lambda event: (event.other,),
    BulkLeave: lambda event: event.users,
}
"""Event type → the further users that it names; they must be present."""
