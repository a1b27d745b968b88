"""The centre of the project: class ``Roulette``, a pure state machine. Events go in, effects come out.

``states.py`` holds the rules it follows, ``events.py`` and ``effects.py`` its input and output, ``policies/`` the rules
that pair users. It does no I/O, reads no clock, logs nothing and calls no callbacks: the same events give the same
effects, byte for byte, on any machine.
"""

from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from roulette_core import errors
from roulette_core._chance import chooser
from roulette_core._directory import Directory, Member
from roulette_core._snapshots import decode, encode, reading_snapshot
from roulette_core.effects import (
    Cause,
    Effect,
    Joined,
    Left,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
)
from roulette_core.events import END_OF_TIME, Block, Event, Join, Leave, Lobby, Next, Say, Start, Tick
from roulette_core.policies import NEVER, Choose, Policy, make_policy
from roulette_core.states import TRANSITIONS, Cell, Reason, State

_OUTSIDE, _LOBBY, _SEARCHING, _PRIVATE = State

Handler: TypeAlias = Callable[["Roulette", Any, Any, list[Effect]], None]
"""Carries out an event: ``(roulette, member, event, effects)``; appends to ``effects``."""


class Roulette(Directory):
    """Users in a lobby who ask for private chats, and the policy that pairs them.

    Args:
        policy: decides who is paired with whom: a policy, or a specification such as ``"uniform:minimum=3"``. A policy
            object belongs to one roulette.
        seed: the seed of the policy's random choices. The same seed and events give the same pairs.
        choose: makes the policy's choices instead of a seeded generator; ``choose(n)`` returns one of 0 … n − 1. Its
            state is the caller's, so snapshots leave it out.

    Raises:
        BadPolicy: ``policy`` is neither a policy nor the specification of one.
    """

    def __init__(self, policy: Policy | str = "no-repeat", seed: int = 0, choose: Choose | None = None) -> None:
        policy = make_policy(policy) if isinstance(policy, str) else policy
        if not isinstance(policy, Policy) or not hasattr(policy, "pool"):
            raise errors.BadPolicy(f"{policy!r} is neither a specification nor a Policy whose __init__ ran Policy's")
        super().__init__(policy)
        if choose is None:
            self._random = Random(seed)
            choose = chooser(self._random)
        self._choose = choose
        self._timed = type(policy).deadline is not Policy.deadline
        self._pool_changed = False

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
                ``NotAnEvent``); nothing has changed.
            BrokenPolicy: the policy broke its own contract; this roulette must not be used any longer.
        """
        if not self._now <= now < END_OF_TIME:
            raise errors.TimeRanBack(f"now={now!r} after {self._now!r}: time never runs back, and ends before 2**53 s")
        member, perform = self._judge(event)  # raises every mistake of the caller before anything changes
        self._now = now
        effects: list[Effect] = []
        if now >= self._deadline:
            self._draw_pairs(effects)
            member, perform = self._judge(event)  # a user who was searching may be in private by now
        perform(self, member, event, effects)
        if self._pool_changed:
            self._draw_pairs(effects)
        return tuple(effects)

    def _judge(self, event: Event) -> tuple[Member | None, Handler]:
        """Returns the user who asks and the handler for their state. Raises the caller's mistakes; changes nothing."""
        kind = type(event)
        if kind is Tick:
            return None, Roulette._tick
        row = _HANDLERS.get(kind)
        if row is None:
            raise errors.NotAnEvent(f"{event!r} is not an event")
        member = self._members.get(event[0])
        handler = row[_OUTSIDE if member is None else member.state]
        if isinstance(handler, type):
            raise handler(f"{event!r}: the user {'has not joined, or has left' if member is None else 'is here'}")
        if kind is Start or kind is Join:
            self._check_list(event)
        return member, handler

    def _check_list(self, event: Any) -> None:
        """Raises the caller's mistakes in the interests of a ``Start`` or the blocked users of a ``Join``."""
        listed = event.blocked if type(event) is Join else event.interests
        if isinstance(listed, str):  # Python would iterate over its letters
            raise errors.NotAnEvent(f"{event!r}: {listed!r} stands where ({listed!r},) belongs")
        if type(event) is Join:
            for user in listed:
                if user not in self._members:
                    raise errors.UnknownUser(f"{event!r}: the blocked user {user!r} has not joined, or has left")

    # Transitions triggered by events.

    def _join(self, member: None, event: Join, effects: list[Effect]) -> None:
        user, name, blocked, _ = event
        if name in self._names:
            effects.append(Refused(user, Reason.NAME_TAKEN))
            return
        self._members[user] = self._names[name] = Member(user, name)
        for other in blocked:
            self._blocks.add(user, other)
        effects.append(Joined(user, name))

    def _say(self, member: Member, event: Say, effects: list[Effect]) -> None:
        partner = member.partner
        if partner is None:
            effects.append(LobbyLine(member.user, event.text))
        else:
            effects.append(PrivateLine(member.user, partner.user, event.text))

    def _start(self, member: Member, event: Start, effects: list[Effect]) -> None:
        member.interests = tuple(dict.fromkeys(event.interests))
        effects.append(Searching(member.user))
        self._search(member)

    def _next(self, member: Member, event: Next, effects: list[Effect]) -> None:
        self._search(self._part(member, "next", effects), member)

    def _block(self, member: Member, event: Block, effects: list[Effect]) -> None:
        partner = self._part(member, "block", effects)
        self._blocks.add(member.user, partner.user)
        self._search(partner, member)

    def _lobby(self, member: Member, event: Lobby, effects: list[Effect]) -> None:
        if member.state is _PRIVATE:
            self._search(self._part(member, "lobby", effects))
        else:
            self._stop_searching(member)
            effects.append(Returned(member.user))
        member.state = _LOBBY

    def _leave(self, member: Member, event: Leave, effects: list[Effect]) -> None:
        if member.state is _PRIVATE:
            self._search(self._part(member, "leave", effects))
        elif member.state is _SEARCHING:
            self._stop_searching(member)
        del self._members[member.user], self._names[member.name]
        self._policy.forget(member.user)
        self._blocks.forget(member.user)
        effects.append(Left(member.user, member.name))

    def _tick(self, member: None, event: Tick, effects: list[Effect]) -> None:
        """Does nothing itself: overdue pairings were drawn before the event."""

    def _part(self, member: Member, cause: Cause, effects: list[Effect]) -> Member:
        """Ends a chat. Returns the partner, who is left behind."""
        partner = member.partner
        assert partner is not None, "a member in private has a partner"
        member.partner = partner.partner = None
        self._chats -= 1
        effects.append(Parted(member.user, partner.user, cause))
        return partner

    def _search(self, *members: Member) -> None:
        """Puts members into the pool in this order: callers put the partner left behind ahead of the user who left."""
        enter = self._policy.enter
        for member in members:
            member.state = _SEARCHING
            enter(member.user, self._now, member.interests)
        self._pool_changed = True

    def _stop_searching(self, member: Member) -> None:
        self._pool_changed = True
        self._policy.leave(member.user)

    # Transitions triggered by the state of the pool, run to a fixed point.

    def _draw_pairs(self, effects: list[Effect]) -> None:
        """Asks the policy for pairs until it returns none."""
        policy, members, now = self._policy, self._members, self._now
        blocks, declined = self._blocks, False
        while len(self._pool) > 1 and (pair := policy.draw(now, self._choose)) is not None:
            first, second = members.get(pair[0]), members.get(pair[1])
            if first is None or second is None or first is second or not first.state is second.state is _SEARCHING:
                raise errors.BrokenPolicy(f"{policy.specification} drew {pair}, who are not two of the pool")
            if blocks.apart and blocks.between(first.user, second.user):
                # Only a policy that ignores blocks gets here. Asked again now, it would name the same two for ever.
                declined = True
                break
            policy.paired(first.user, second.user)
            first.partner, second.partner = second, first
            first.state = second.state = _PRIVATE
            self._chats += 1
            effects.append(Paired(first.user, second.user))
        self._pool_changed = False
        if self._timed:
            self._set_deadline(declined)

    def _set_deadline(self, declined: bool) -> None:
        self._deadline = self._policy.deadline(self._now)
        if not self._deadline > self._now:
            if declined:  # the deadline is for the two who must not meet: ask again after the next event instead
                self._deadline = NEVER
                return
            name = self._policy.specification
            raise errors.BrokenPolicy(f"{name} drew no further pair, yet its deadline {self._deadline!r} has passed")

    # The whole state as data.

    def snapshot(self) -> dict[str, Any]:
        """Returns the whole state as plain JSON data for ``restore``, the state of the random generator included."""
        return encode(self.core_state())

    @classmethod
    def restore(
        cls, snapshot: dict[str, Any], policy: Policy | None = None, choose: Choose | None = None
    ) -> "Roulette":
        """Makes a roulette from a snapshot: the same events have the same effects as in the original.

        Args:
            snapshot: what ``snapshot`` returned, through JSON or not.
            policy: a new policy like the original's, where its specification is not enough to make one.
            choose: makes the policy's choices from now on, whatever the snapshot says of a random generator.

        Raises:
            BadSnapshot: this is not a snapshot, or one of another format or another policy, or one that needs
                ``choose``.
        """
        with reading_snapshot():
            state = decode(snapshot)
            roulette = cls(policy or state.policy, choose=choose)
            roulette._load(state)
            return roulette


_PERFORM: dict[type, Handler] = {
    Join: Roulette._join,
    Say: Roulette._say,
    Start: Roulette._start,
    Next: Roulette._next,
    Block: Roulette._block,
    Lobby: Roulette._lobby,
    Leave: Roulette._leave,
}


def _handler(kind: type, cell: Cell) -> Handler | type[errors.RouletteError]:
    if isinstance(cell, Reason):
        reason = cell
        return lambda roulette, member, event, effects: effects.append(Refused(member.user, reason))
    return _PERFORM[kind] if isinstance(cell, State) else cell


_HANDLERS = {kind: tuple(_handler(kind, cell) for cell in row) for kind, row in TRANSITIONS.items()}
"""The table with each cell replaced by its handler, so that judging an event is one look-up."""
