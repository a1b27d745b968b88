"""The centre of the project: class ``Roulette``, a pure state machine. Events go in, effects come out.

``states.py`` holds the rules it follows, ``events.py`` and ``effects.py`` its input and output, ``policies/`` the rules
that pair users. It does no I/O, reads no clock, logs nothing and calls no callbacks: the same events give the same
effects, byte for byte, on any machine.
"""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any, NamedTuple, TypeAlias

from roulette_core import errors
from roulette_core._adapting import in_waiting_order, pass_on
from roulette_core._chance import chooser
from roulette_core._directory import CLOSED, Member
from roulette_core._gate import CHECKS, PLACES, shown
from roulette_core._pairing import Broken, Pairing, new
from roulette_core._snapshots import decode, encode, reading_snapshot
from roulette_core.effects import (
    Blocked,
    Cause,
    Effect,
    Joined,
    Left,
    LobbyLine,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
    Unblocked,
)
from roulette_core.events import (
    END_OF_TIME,
    Block,
    BulkLeave,
    Event,
    Join,
    Leave,
    Lobby,
    Next,
    Place,
    Say,
    Start,
    Tick,
    Unblock,
    User,
)
from roulette_core.policies import NEVER, Choose, Policy, make_built_in, make_policy
from roulette_core.states import TRANSITIONS, Cell, Reason, State

_OUTSIDE, _LOBBY, _SEARCHING, _PRIVATE = State

Handler: TypeAlias = Callable[["Roulette", Any, Any, list[Effect]], None]
"""Carries out an event: ``(roulette, member, event, effects)``; appends to ``effects``."""


class Roulette(Pairing):
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
        generator = Random(seed)
        super().__init__(policy, left_behind, choose or chooser(generator))
        self._random = generator if choose is None else None

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
            if not self._gate <= now < END_OF_TIME:
                raise self._untimely(now)
        except (TypeError, OverflowError):
            raise self._untimely(now) from None
        # The gate stays closed until the event is handled, so nothing can be asked of a half-changed roulette: not by
        # another thread, nor by the policy, nor after an interrupt. Between the comparison and this line CPython does
        # not switch threads, as there is neither a call nor a jump backwards.
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
            raise self._fail(error, effects) from (error.__cause__ if type(error) is Broken else error)
        self._gate = now
        return tuple(effects)

    def _untimely(self, now: object) -> errors.RouletteError:
        """Returns why no event can have this time."""
        if self._gate == CLOSED:
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
        row = _HANDLERS.get(kind)
        if row is None:
            if kind is Tick:
                return event, None, Roulette._tick
            raise errors.NotAnEvent(f"{shown(event)} is not an event")
        if kind is not Say or type(event[1]) is not str or event[2] is not None:  # plain lines are the most frequent
            event = CHECKS[kind](event)
            if kind in _OTHERS:
                self._check_present(event, _OTHERS[kind](event))
                if kind is BulkLeave:
                    return event, None, Roulette._bulk_leave
        try:
            member = self._members.get(event[0])
        except TypeError:
            raise errors.NotAnEvent(f"{shown(event)}: {shown(event[0])} cannot be a user") from None
        handler = row[_OUTSIDE if member is None else member.state]
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

    # Transitions triggered by events.

    def _join(self, member: None, event: Join, effects: list[Effect]) -> None:
        user, name, blocked, blocked_by, attributes, _ = event
        if name in self._names:
            effects.append(Refused(user, Reason.NAME_TAKEN))
            return
        self._members[user] = self._names[name] = newcomer = Member(user, name)
        if attributes:
            newcomer.attributes = attributes
        for other in blocked:
            self._blocks.add(user, other)
        for other in blocked_by:
            self._blocks.add(other, user)
        effects.append(new(Joined, (user, name, "joined")))

    def _say(self, member: Member, event: Say, effects: list[Effect]) -> None:
        user, text, chat, _ = event
        partner = member.partner
        if chat is not None and chat != member.chat:
            effects.append(_elsewhere(user, chat))
        elif partner is None:
            effects.append(LobbyLine(user, text, member.name))
        else:
            effects.append(new(PrivateLine, (user, partner.user, text, member.name, member.chat, "private_line")))

    def _start(self, member: Member, event: Start, effects: list[Effect]) -> None:
        member.interests = event.interests
        if event.attributes is not None:
            member.attributes = event.attributes
        effects.append(new(Searching, (member.user, "searching")))
        if member.state is _SEARCHING:
            self._policy.update(member)
            self._pool_changed = True
        else:
            self._search(member)

    def _next(self, member: Member, event: Next, effects: list[Effect]) -> None:
        if event.chat is not None and event.chat != member.chat:
            effects.append(_elsewhere(member.user, event.chat))
        else:
            self._part(member, "next", event.left_behind, effects)
            self._search(member)

    def _block(self, member: Member, event: Block, effects: list[Effect]) -> None:
        user, other, chat, left_behind, _ = event
        partner = member.partner
        blocked = partner if other is None else self._members[other]
        if blocked is None:
            effects.append(Refused(user, Reason.NOT_PRIVATE))
        elif chat is not None and chat != member.chat:
            effects.append(_elsewhere(user, chat))
        elif blocked is partner:
            self._blocks.add(user, blocked.user)
            self._part(member, "block", left_behind, effects)
            self._search(member)
        else:
            self._blocks.add(user, blocked.user)
            self._pool_changed = True  # a deadline may have been for these two
            effects.append(Blocked(user, blocked.user, blocked.name))

    def _unblock(self, member: Member, event: Unblock, effects: list[Effect]) -> None:
        user, other = member.user, self._members[event.other]
        if not self._blocks.made(user, other.user):
            effects.append(Refused(user, Reason.NOT_BLOCKED))
            return
        self._blocks.remove(user, other.user)
        effects.append(Unblocked(user, other.user, other.name))
        if member.state is other.state is _SEARCHING and not self._blocks.between(user, other.user):
            self._reunite(member, other)

    def _lobby(self, member: Member, event: Lobby, effects: list[Effect]) -> None:
        if member.state is _PRIVATE:
            self._part(member, "lobby", event.left_behind, effects)
        else:
            self._stop_searching(member)
            effects.append(Returned(member.user))
        member.state = _LOBBY

    def _leave(self, member: Member, event: Leave | BulkLeave, effects: list[Effect]) -> None:
        if member.state is _PRIVATE:
            self._part(member, "leave", event.left_behind, effects)
        elif member.state is _SEARCHING:
            self._stop_searching(member)
        del self._members[member.user], self._names[member.name]
        self._policy.forget(member.user)
        self._blocks.forget(member.user)
        effects.append(new(Left, (member.user, member.name, "left")))

    def _bulk_leave(self, member: None, event: BulkLeave, effects: list[Effect]) -> None:
        leaving = set(event.users)
        for user in event.users:
            each = self._members[user]
            together = each.partner is not None and each.partner.user in leaving
            self._leave(each, event._replace(left_behind="lobby") if together else event, effects)

    def _tick(self, member: None, event: Tick, effects: list[Effect]) -> None:
        """Does nothing itself: overdue pairings were drawn before the event."""

    def _part(self, member: Member, cause: Cause, left_behind: Place | None, effects: list[Effect]) -> None:
        """Ends a chat, and lets the partner search again or puts them into the lobby."""
        partner, chat = member.partner, member.chat
        assert partner is not None, "a member in private has a partner"
        place = left_behind or self._left_behind
        member.partner = partner.partner = None
        member.chat = partner.chat = 0
        self._chats_over += 1
        effects.append(
            new(Parted, (member.user, partner.user, cause, member.name, partner.name, chat, place, "parted"))
        )
        if place == "searching":  # ahead of the user who left
            self._search(partner)
        else:
            partner.state = _LOBBY

    # The whole state as data.

    def __getstate__(self) -> dict[str, Any]:
        """Returns what a copy is made of, by ``copy`` or ``pickle``. Raises what ``core_state`` raises."""
        if self._gate == CLOSED:
            raise self._closed()
        return {**vars(self), "_choose": None if self._random is not None else self._choose}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        if self._random is not None:
            self._choose = chooser(self._random)  # of this generator: the original's belongs to the original

    def __copy__(self) -> "Roulette":
        """Returns an independent roulette: one that shared its users with the original would be of no use."""
        return deepcopy(self)

    def snapshot(self) -> dict[str, Any]:
        """Returns the whole state as plain JSON data for ``restore``, the state of the random generator included.

        Raises:
            BrokenPolicy: the policy has broken, or raises.
        """
        return encode(self.core_state())

    @classmethod
    def restore(
        cls, snapshot: dict[str, Any], policy: Policy | None = None, choose: Choose | None = None
    ) -> "Roulette":
        """Makes a roulette from a snapshot: the same events have the same effects as in the original.

        Args:
            snapshot: what ``snapshot`` returned, through JSON or not.
            policy: a new policy like the original's, where that is not built in: data does not choose what is imported.
            choose: makes the policy's choices from now on, whatever the snapshot says of a random generator.

        Raises:
            BadSnapshot: this is not a snapshot, or one of a newer format or another policy, or one that needs
                ``choose`` or ``policy``.
        """
        with reading_snapshot():
            state = decode(snapshot)
            policy = policy or make_built_in(state.policy)
        roulette = cls._made(policy, choose=choose, left_behind=state.left_behind)
        with reading_snapshot():
            roulette._load(state)
        roulette._timed = roulette._timed or state.deadline is not None  # see adapt
        return roulette

    @classmethod
    def adapt(
        cls, snapshot: dict[str, Any], policy: Policy | str, *, seed: int | None = None, choose: Choose | None = None
    ) -> "Adapted":
        """Makes a roulette from a snapshot that goes on under another policy, or the same with other parameters.

        All users are kept with their names, interests, attributes, blocks and chats, and since when they search. Who
        may meet under the new policy is paired at the next ``Tick``, which is due at once.

        Args:
            snapshot: what ``snapshot`` of any policy returned, in any format up to the present one.
            policy: decides from now on, as for ``Roulette``.
            seed: begins the random choices anew; None goes on with those of the snapshot.
            choose: makes the policy's choices from now on.

        Returns:
            The roulette, and what could not be kept, in sentences.

        Raises:
            BadSnapshot: this is not a snapshot, or one of a newer format, or the policy does not take its users.
            BadPolicy: ``policy`` is not a policy, or belongs to another roulette.
            BadOption: the seed is out of range.
        """
        with reading_snapshot():
            state = decode(snapshot)
        policy = make_policy(policy) if isinstance(policy, str) else policy
        roulette = cls._made(policy, seed=seed or 0, choose=choose, left_behind=state.left_behind)
        with reading_snapshot():
            lost = pass_on(state, policy)
            roulette._load_users(state)
            roulette._load_pool(in_waiting_order(state))
            if roulette._random is not None and seed is None:
                if state.random is None:
                    lost.append("the snapshot has no random state: random choices begin anew, with seed 0")
                else:
                    roulette._random.setstate(state.random)
        roulette._deadline = roulette._now if roulette._searching > 1 else NEVER
        roulette._timed = True  # the policy may have no deadlines, but this one has to go
        return Adapted(roulette, lost)

    @classmethod
    def _made(cls, policy: Policy, **options: Any) -> "Roulette":
        try:
            return cls(policy, **options)
        except TypeError as error:  # of a subclass, which may take other arguments
            error.add_note(f"restore and adapt call {cls.__qualname__}(policy, {', '.join(options)})")
            raise


class Adapted(NamedTuple):
    """A roulette that goes on under another policy.

    Attributes:
        roulette: the roulette.
        lost: what could not be kept of the snapshot, in sentences; empty if nothing was lost.
    """

    roulette: Roulette
    lost: list[str]


_PERFORM: dict[type, Handler] = {
    Join: Roulette._join,
    Say: Roulette._say,
    Start: Roulette._start,
    Next: Roulette._next,
    Block: Roulette._block,
    Unblock: Roulette._unblock,
    Lobby: Roulette._lobby,
    Leave: Roulette._leave,
    BulkLeave: Roulette._bulk_leave,
    Tick: Roulette._tick,
}


def _handler(kind: type, cell: Cell) -> Handler | type[errors.RouletteError]:
    if isinstance(cell, Reason) and kind is not Block:  # a block of another user than the partner is never refused
        reason = cell
        return lambda roulette, member, event, effects: effects.append(Refused(member.user, reason))
    return _PERFORM[kind] if isinstance(cell, State | Reason) else cell


_HANDLERS = {kind: tuple(_handler(kind, cell) for cell in row) for kind, row in TRANSITIONS.items()}
"""The table with each cell replaced by its handler, so that judging an event is one look-up."""

_OTHERS: dict[type, Callable[[Any], tuple[User, ...]]] = {
    Join: lambda event: event.blocked + event.blocked_by,
    Block: lambda event: () if event.other is None else (event.other,),
    Unblock: lambda event: (event.other,),
    BulkLeave: lambda event: event.users,
}
"""Event type → the further users whom it names; they must be present."""


def _elsewhere(user: User, chat: int) -> Refused:
    """Returns the refusal of a request that belongs to a chat in which the user is not."""
    return Refused(user, Reason.CHAT_OVER if chat else Reason.NOT_IN_LOBBY)
