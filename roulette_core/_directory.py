"""What a roulette knows, and the questions that may be asked of it at any time. ``machine.py`` changes it."""

from collections.abc import Iterator
from random import Random

from roulette_core._blocks import Blocks
from roulette_core._snapshots import CoreState, UserState
from roulette_core.effects import Effect, Refused, audience
from roulette_core.errors import BadSnapshot, UnknownUser
from roulette_core.events import User
from roulette_core.policies import NEVER, Explanation, Policy
from roulette_core.states import State


class Member:
    """One user who is present."""

    __slots__ = ("interests", "name", "partner", "state", "user")

    def __init__(self, user: User, name: str) -> None:
        self.user = user
        self.name = name
        self.state = State.LOBBY
        self.partner: Member | None = None
        self.interests: tuple[str, ...] = ()


class Directory:
    """The state of a roulette, with questions that change nothing.

    A question about one user takes constant time; a list takes time by the number of users.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._pool = policy.pool
        self._blocks = policy.blocks = Blocks()
        self._random: Random | None = None
        self._members: dict[User, Member] = {}
        self._names: dict[str, Member] = {}
        self._chats = 0
        self._now = 0.0
        self._deadline = NEVER

    def __repr__(self) -> str:
        lobby, searching, private = self.counts().values()
        who = f"{lobby} in the lobby, {searching} searching, {private} in private"
        return f"<{type(self).__name__} {self._policy.specification}: {who}>"

    @property
    def policy(self) -> Policy:
        """Returns the policy, to be read only: only the roulette may call its methods."""
        return self._policy

    @property
    def now(self) -> float:
        """Returns the time of the latest event, in seconds."""
        return self._now

    def next_deadline(self) -> float | None:
        """Returns when a ``Tick`` is due, on the clock of ``now``; None if nothing will happen by time alone."""
        return None if self._deadline == NEVER else self._deadline

    def __len__(self) -> int:
        """Returns the number of users present."""
        return len(self._members)

    def __contains__(self, user: object) -> bool:
        """Returns whether a user is present."""
        return user in self._members

    def state(self, user: User) -> State:
        """Returns a user's state; ``State.OUTSIDE`` if the user is not present."""
        member = self._members.get(user)
        return State.OUTSIDE if member is None else member.state

    def name(self, user: User) -> str:
        """Returns a user's name. Raises ``UnknownUser``."""
        return self._member(user).name

    def partner(self, user: User) -> User | None:
        """Returns a user's partner; None unless the user is in private. Raises ``UnknownUser``."""
        partner = self._member(user).partner
        return None if partner is None else partner.user

    def named(self, name: str) -> User | None:
        """Returns the user who bears a name; None if it is free."""
        member = self._names.get(name)
        return None if member is None else member.user

    def users(self, state: State | None = None) -> list[User]:
        """Returns all users present, or those in one state, in the order in which they joined."""
        return [member.user for member in self._members.values() if state is None or member.state is state]

    def pairs(self) -> list[tuple[User, User]]:
        """Returns all pairs in private, each once; the user who joined first is named first."""
        pairs: dict[User, User] = {}
        for user, member in self._members.items():
            if member.partner is not None and member.partner.user not in pairs:
                pairs[user] = member.partner.user
        return list(pairs.items())

    def counts(self) -> dict[State, int]:
        """Returns the numbers of users in the lobby, searching and in private, in constant time."""
        searching, private = len(self._pool), 2 * self._chats
        lobby = len(self._members) - searching - private
        return {State.LOBBY: lobby, State.SEARCHING: searching, State.PRIVATE: private}

    def explain(self, user: User) -> Explanation:
        """Returns why a user is still waiting.

        Raises:
            UnknownUser: the user is not present.
        """
        if self._member(user).state is not State.SEARCHING:
            return Explanation("not_searching", "not waiting for a partner")
        pool = self._policy.pool
        if len(pool) > 1 and self._blocks.all_between(user, pool):
            return Explanation("only_blocked", "a block keeps you apart from all other waiting users")
        return self._policy.explain(user, self._now)

    def recipients(self, effect: Effect) -> Iterator[User]:
        """Resolves the audience of an effect among the users present now.

        A lobby line is resolved by where users are after the whole answer, which differs from the exact rule if the
        same answer also moved users. A driver that keeps its own lobby, moving users as it carries effects out, is
        exact and need not walk through all users.

        Args:
            effect: an effect of the latest ``handle``.

        Yields:
            Each recipient once. Users who have left meanwhile are skipped; a user whose ``Join`` was refused is not.
        """
        users, lobby, but = audience(effect)
        yield from (user for user in users if user in self._members or type(effect) is Refused)
        if lobby:
            for user, member in self._members.items():
                if member.state is not State.PRIVATE and user != but:
                    yield user

    def core_state(self) -> CoreState:
        """Returns the whole state as one frozen value; takes time by the number of users."""
        return CoreState(
            policy=self._policy.specification,
            memory=self._policy.snapshot(),
            now=self._now,
            deadline=self.next_deadline(),
            random=None if self._random is None else self._random.getstate(),
            users=tuple(UserState(each.user, each.name, each.state, each.interests) for each in self._members.values()),
            pairs=tuple(self.pairs()),
            pool=tuple(self._policy.pool.items()),
            blocks=tuple(self._blocks.pairs(self._members)),
        )

    def _load(self, state: CoreState) -> None:
        """Brings a new roulette into a state from ``decode``, which has refused any that contradicts itself."""
        policy = self._policy
        if policy.specification != state.policy:
            raise BadSnapshot(f"the snapshot is of {state.policy}, not of {policy.specification}")
        if self._random is not None:
            if state.random is None:
                raise BadSnapshot("the snapshot has no random state: restore it with choose=")
            self._random.setstate(state.random)
        self._now = state.now
        self._deadline = NEVER if state.deadline is None else state.deadline
        for user, name, where, interests in state.users:
            member = self._members[user] = self._names[name] = Member(user, name)
            member.state, member.interests = where, interests
        for first, second in state.pairs:
            self._members[first].partner, self._members[second].partner = self._members[second], self._members[first]
        self._chats = len(state.pairs)
        for pair in state.blocks:
            self._blocks.add(*pair)
        # The memory first: what a policy remembers of a user may decide how they enter the pool.
        policy.restore(state.memory)
        for user, since in state.pool:
            policy.enter(user, since, self._members[user].interests)
        if set(policy.pool) != {user for user, _ in state.pool}:
            raise BadSnapshot(f"{policy.specification} did not take the searching users back into its pool")

    def _member(self, user: User) -> Member:
        try:
            return self._members[user]
        except KeyError:
            raise UnknownUser(f"{user!r} has not joined, or has left") from None
