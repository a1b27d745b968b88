"""The whole state as data: snapshots, what is made from them, and copies."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, Generic, NamedTuple, Self, TypeVar

from roulette_core import errors
from roulette_core._adapting import in_waiting_order, pass_on
from roulette_core._chance import chooser
from roulette_core._directory import CLOSED, Member
from roulette_core._snapshots import CoreState, UserState, decode, encode, reading_snapshot
from roulette_core._transitions import Transitions
from roulette_core.events import User
from roulette_core.policies import NEVER, Choose, Policy, make_built_in, make_policy
from roulette_core.states import State

R = TypeVar("R")


class Adapted(NamedTuple, Generic[R]):
    """A roulette that goes on under another policy.

    Attributes:
        roulette: the roulette.
        lost: what could not be kept of the snapshot, in sentences; empty if nothing was lost.
    """

    roulette: R
    lost: list[str]


class Saving(Transitions):
    """A roulette that can be written down, and made from what was written."""

    def __getstate__(self) -> dict[str, Any]:
        """Returns what a copy is made of, by ``copy`` or ``pickle``. Raises what ``core_state`` raises."""
        if self._gate == CLOSED:
            raise self._closed()
        return {**vars(self), "_choose": None if self._random is not None else self._choose}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        if self._random is not None:
            self._choose = chooser(self._random)  # of this generator: the original's belongs to the original

    def __copy__(self) -> Self:
        """Returns an independent roulette: one that shared its users with the original would be of no use."""
        return deepcopy(self)

    def snapshot(self) -> dict[str, Any]:
        """Returns the whole state as plain JSON data for ``restore``, the state of the random generator included.

        Raises:
            BrokenPolicy: the policy has broken, or raises.
        """
        return encode(self.core_state())

    @classmethod
    def restore(cls, snapshot: dict[str, Any], policy: Policy | None = None, choose: Choose | None = None) -> Self:
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
    ) -> Adapted[Self]:
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
    def _made(cls, policy: Policy, **options: Any) -> Self:
        try:
            return cls(policy, **options)
        except TypeError as error:  # of a subclass, which may take other arguments
            error.add_note(f"restore and adapt call {cls.__qualname__}(policy, {', '.join(options)})")
            raise

    def core_state(self) -> CoreState:
        """Returns the whole state as one frozen value; takes time by the number of users.

        Raises:
            BrokenPolicy: the policy has broken, or raises.
            CallsOverlap: an event is being handled.
        """
        if self._gate == CLOSED:
            raise self._closed()
        members = self._members.values()
        return CoreState(
            policy=self._policy.specification,
            memory=self._ask_policy("snapshot", self._policy.snapshot),
            left_behind=self._left_behind,
            now=self._now,
            deadline=self.next_deadline(),
            random=None if self._random is None else self._random.getstate(),
            users=tuple(
                tuple.__new__(UserState, (each.user, each.name, each.state, each.interests, each.attributes))
                for each in members
            ),
            pairs=tuple((first, second, self._members[first].chat) for first, second in self.pairs()),
            chats=self._chats,
            pool=tuple((user, searcher.since) for user, searcher in self._policy.pool.items()),
            blocks=tuple(self._blocks.pairs(self._members)),
        )

    def _load(self, state: CoreState) -> None:
        """Brings a new roulette into a state from ``decode``, which has refused any that contradicts itself."""
        if self._policy.specification != state.policy:
            raise errors.BadSnapshot(f"the snapshot is of {state.policy}, not of {self._policy.specification}")
        if self._random is not None:
            if state.random is None:
                raise errors.BadSnapshot("the snapshot has no random state: restore it with choose=")
            self._random.setstate(state.random)
        # The memory first: what a policy remembers of a user may decide how they enter the pool.
        self._policy.restore(state.memory)
        self._load_users(state)
        self._load_pool(state.pool)

    def _load_pool(self, pool: Iterable[tuple[User, float]]) -> None:
        """Lets users enter the pool who have been searching for some time."""
        policy, members = self._policy, self._members
        for user, since in pool:
            members[user].since = since
            policy.enter(members[user])
            self._searching += 1
        searching = [user for user, member in members.items() if member.state is State.SEARCHING]
        if (
            policy.pool is not self._pool
            or len(self._pool) != len(searching)
            or not all(map(self._pool.__contains__, searching))
        ):
            raise errors.BadSnapshot(f"{policy.specification} did not take the searching users back into its pool")

    def _load_users(self, state: CoreState) -> None:
        """Takes over everything that does not depend on the policy."""
        members = self._members
        self._now = self._gate = state.now
        self._deadline = NEVER if state.deadline is None else state.deadline
        for user, name, where, interests, attributes in state.users:
            member = members[user] = self._names[name] = Member(user, name)
            member.state, member.interests, member.attributes = where, interests, attributes
        for first, second, chat in state.pairs:
            one, other = members[first], members[second]
            one.partner, other.partner, one.chat, other.chat = other, one, chat, chat
        self._chats, self._chats_over = state.chats, state.chats - len(state.pairs)
        for pair in state.blocks:
            self._blocks.add(*pair)
