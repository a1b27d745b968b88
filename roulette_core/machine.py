"""The centre of the project: class ``Roulette``, a pure state machine. Events go in, effects come out.

``states.py`` holds the rules it follows, ``events.py`` and ``effects.py`` the words it speaks, ``policies/`` who
meets whom. It does no I/O, reads no clock, logs nothing and calls nobody back: the same events give the same
effects, byte for byte, on any machine.
"""

from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from roulette_core._blocks import Blocks
from roulette_core._chance import chooser
from roulette_core._directory import Directory, Member
from roulette_core._snapshots import CoreState, decode, encode, reading_snapshot
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
from roulette_core.errors import (
    BadPolicy,
    BadSnapshot,
    BrokenPolicy,
    NotAnEvent,
    RouletteError,
    TimeRanBack,
    UnknownUser,
)
from roulette_core.events import END_OF_TIME, Block, Event, Join, Leave, Lobby, Next, Say, Start, Tick, User
from roulette_core.policies import NEVER, Choose, Explanation, Policy, make_policy
from roulette_core.states import TRANSITIONS, Cell, Reason, State

_OUTSIDE, _LOBBY, _SEARCHING, _PRIVATE = State

Transition: TypeAlias = Callable[["Roulette", Any, Any, list[Effect]], None]
"""Carries out what a member asks: ``(roulette, member, event, effects)``, effects to be appended to."""


class Roulette(Directory):
    """Users in a lobby who ask for private chats, and the policy that pairs them.

    Args:
        policy: who meets whom: a policy, or the specification of one such as ``"uniform:minimum=3"``. A policy
            belongs to one roulette.
        seed: the seed of the policy's random choices. The same seed and events give the same pairs.
        choose: makes the policy's choices instead of a seeded generator; ``choose(n)`` returns one of 0 … n − 1. Its
            state is the caller's, so snapshots leave it out.

    Raises:
        BadPolicy: this is not a policy, or the specification of one.
    """

    def __init__(self, policy: Policy | str = "no-repeat", seed: int = 0, choose: Choose | None = None) -> None:
        self._policy = make_policy(policy) if isinstance(policy, str) else policy
        if not isinstance(self._policy, Policy) or not hasattr(self._policy, "pool"):
            raise BadPolicy(f"{policy!r} is no specification, nor a Policy whose __init__ has called Policy's")
        super().__init__(self._policy.pool)
        self._blocks = self._policy.blocks = Blocks()
        self._random: Random | None = None
        if choose is None:
            self._random = Random(seed)
            choose = chooser(self._random)
        self._choose = choose
        self._now = 0.0
        self._timed = type(self._policy).deadline is not Policy.deadline
        self._deadline = NEVER
        self._pool_changed = False

    def handle(self, event: Event, now: float) -> tuple[Effect, ...]:
        """Takes one event and says all that follows from it, in order.

        Pairings whose deadline has passed come first, as if a ``Tick`` had been handled just before. Takes time
        that does not depend on how many users there are.

        Args:
            event: what somebody asks, or ``Tick``.
            now: the time, in seconds since whatever moment the caller likes; never less than before.

        Returns:
            The effects, to be carried out in order. What a user may not do now is answered by ``Refused``.

        Raises:
            RouletteError: the caller broke the contract (``UnknownUser``, ``AlreadyJoined``, ``TimeRanBack``,
                ``NotAnEvent``); nothing has changed.
            BrokenPolicy: the policy broke its own contract; this roulette is not to be trusted any more.
        """
        if not self._now <= now < END_OF_TIME:
            raise TimeRanBack(f"now={now!r} after {self._now!r}: time never runs back, and ends before 2**53 s")
        member, perform = self._judge(event)
        self._now = now
        effects: list[Effect] = []
        if now >= self._deadline:
            self._draw_pairs(effects)
            member, perform = self._judge(event)  # the drawing may have moved the user
        perform(self, member, event, effects)
        if self._pool_changed:
            self._draw_pairs(effects)
        return tuple(effects)

    def _judge(self, event: Event) -> tuple[Member | None, Transition]:
        """Finds who asks, and what the table has them do; raises what is the caller's fault."""
        kind = type(event)
        if kind is Tick:
            return None, Roulette._tick
        row = _HANDLERS.get(kind)
        if row is None:
            raise NotAnEvent(f"{event!r} is not an event")
        member = self._members.get(event[0])
        transition = row[_OUTSIDE if member is None else member.state]
        if isinstance(transition, type):
            raise transition(f"{event!r}: the user {'has not joined, or has left' if member is None else 'is here'}")
        if kind is Start or kind is Join:
            self._check_list(event)
        return member, transition

    def _check_list(self, event: Any) -> None:
        """Looks at the interests of a ``Start``, the blocked users of a ``Join``; raises what is the caller's fault."""
        listed = event.blocked if type(event) is Join else event.interests
        if isinstance(listed, str):  # which Python would read letter by letter
            raise NotAnEvent(f"{event!r}: {listed!r} stands where ({listed!r},) belongs")
        if type(event) is Join:
            for user in listed:
                if user not in self._members:
                    raise UnknownUser(f"{event!r}: the blocked user {user!r} has not joined, or has left")

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
        """Nothing but what the passing of time has brought already."""

    def _part(self, member: Member, cause: Cause, effects: list[Effect]) -> Member:
        """Ends a chat, and says who is left behind."""
        partner = member.partner
        assert partner is not None, "a member in private has a partner"
        member.partner = partner.partner = None
        self._chats -= 1
        effects.append(Parted(member.user, partner.user, cause))
        return partner

    def _search(self, *members: Member) -> None:
        """Puts members into the pool: whoever is left behind comes ahead of whoever caused it."""
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
        """Asks the policy for pairs until it has none to give.

        A policy that names two who are kept apart, as only one that looks at no blocks does, has none to give.
        """
        policy, members, now = self._policy, self._members, self._now
        blocks, declined = self._blocks, False
        while len(self._pool) > 1 and (pair := policy.draw(now, self._choose)) is not None:
            first, second = members.get(pair[0]), members.get(pair[1])
            if first is None or second is None or first is second or not first.state is second.state is _SEARCHING:
                raise BrokenPolicy(f"{policy.specification} drew {pair}, who are not two of the pool")
            if blocks.apart and blocks.between(first.user, second.user):
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
            if declined:  # it knows nothing better to do with its time than to name those two again
                self._deadline = NEVER
                return
            name = self._policy.specification
            raise BrokenPolicy(f"{name} has drawn nobody more, yet its deadline {self._deadline!r} has passed")

    # Questions, and the whole state as data.

    def __repr__(self) -> str:
        lobby, searching, private = self.counts().values()
        who = f"{lobby} in the lobby, {searching} searching, {private} in private"
        return f"<{type(self).__name__} {self._policy.specification}: {who}>"

    @property
    def policy(self) -> Policy:
        """Who meets whom. To look at: nobody but the roulette may tell a policy anything."""
        return self._policy

    @property
    def now(self) -> float:
        """The time of the latest event, in seconds."""
        return self._now

    def next_deadline(self) -> float | None:
        """When a ``Tick`` is due, in seconds on the clock of ``now``; None if nothing happens by time alone."""
        return None if self._deadline == NEVER else self._deadline

    def explain(self, user: User) -> Explanation:
        """Why a user is still waiting.

        Raises:
            UnknownUser: the user is not present.
        """
        if self._member(user).state is not State.SEARCHING:
            return Explanation("not_searching", "not waiting for a partner")
        pool = self._policy.pool
        if len(pool) > 1 and self._blocks.all_between(user, pool):
            return Explanation("only_blocked", "everybody else who is waiting is kept apart from you by a block")
        return self._policy.explain(user, self._now)

    def core_state(self) -> CoreState:
        """Returns the whole state as one frozen value, in time by the number of users."""
        return CoreState(
            policy=self._policy.specification,
            memory=self._policy.snapshot(),
            now=self._now,
            deadline=self.next_deadline(),
            random=None if self._random is None else self._random.getstate(),
            users=self._user_states(),
            pairs=tuple(self.pairs()),
            pool=tuple(self._policy.pool.items()),
            blocks=tuple(self._blocks.pairs(self._members)),
        )

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

    def _load(self, state: CoreState) -> None:
        """Brings a new roulette into a state that does not contradict itself."""
        policy = self._policy
        if policy.specification != state.policy:
            raise BadSnapshot(f"the snapshot is of {state.policy}, not of {policy.specification}")
        if self._random is not None:
            if state.random is None:
                raise BadSnapshot("the snapshot has no random state: restore it with choose=")
            self._random.setstate(state.random)
        self._now = state.now
        self._deadline = NEVER if state.deadline is None else state.deadline
        self._fill(state.users, state.pairs)
        for pair in state.blocks:
            self._blocks.add(*pair)
        # The memory first: what a policy remembers of a user may decide how they enter the pool.
        policy.restore(state.memory)
        for user, since in state.pool:
            policy.enter(user, since, self._members[user].interests)
        if set(policy.pool) != {user for user, _ in state.pool}:
            raise BadSnapshot(f"{policy.specification} has not taken back those searching")


_PERFORM: dict[type, Transition] = {
    Join: Roulette._join,
    Say: Roulette._say,
    Start: Roulette._start,
    Next: Roulette._next,
    Block: Roulette._block,
    Lobby: Roulette._lobby,
    Leave: Roulette._leave,
}


def _refusal(reason: Reason) -> Transition:
    def refuse(roulette: Roulette, member: Member, event: Event, effects: list[Effect]) -> None:
        effects.append(Refused(member.user, reason))

    return refuse


def _transition(kind: type, verdict: Cell) -> Transition | type[RouletteError]:
    if isinstance(verdict, Reason):
        return _refusal(verdict)
    return _PERFORM[kind] if isinstance(verdict, State) else verdict


_HANDLERS = {kind: tuple(_transition(kind, verdict) for verdict in row) for kind, row in TRANSITIONS.items()}
"""The table with each verdict replaced by what carries it out, so that judging an event is one look-up."""
