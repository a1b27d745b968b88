"""What a roulette knows, and the questions that may be asked of it at any time. ``machine.py`` changes it."""

import math
from collections.abc import Callable, Iterator
from random import Random
from typing import TypeVar

from roulette_core import errors
from roulette_core._blocks import Blocks
from roulette_core._gate import shown
from roulette_core.effects import Effect, Refused, audience
from roulette_core.events import Attributes, Place, User
from roulette_core.policies import NEVER, Explanation, Policy
from roulette_core.searcher import NO_ATTRIBUTES, Searcher
from roulette_core.states import State

T = TypeVar("T")

CLOSED = math.inf
"""The gate, as a time, through which no event passes."""


class Member(Searcher):
    """One user who is present; ``since`` counts while they are searching."""

    __slots__ = ("chat", "name", "partner", "state")

    def __init__(self, user: User, name: str) -> None:
        self.user = user  # all fields are set here: a call of the parent would cost as much as the rest
        self.since = 0.0
        self.interests: tuple[str, ...] = ()
        self.attributes = NO_ATTRIBUTES
        self.name = name
        self.state = State.LOBBY
        self.partner: Member | None = None
        self.chat = 0  # the number of the chat with the partner; 0 outside private


class Directory:
    """The state of a roulette, with questions that change nothing.

    A question about one user takes constant time; a list takes time by the number of users.
    """

    def __init__(self, policy: Policy, left_behind: Place) -> None:
        self._policy = policy
        self._blocks = Blocks()
        policy.adopt(self._blocks)
        self._pool = policy.pool
        self._left_behind: Place = left_behind
        self._random: Random | None = None
        self._members: dict[User, Member] = {}
        self._names: dict[str, Member] = {}
        self._chats = 0  # how many have begun
        self._chats_over = 0
        self._searching = 0
        self._now = 0.0
        self._gate = 0.0  # the earliest time that the next event may have; CLOSED while an event is being handled
        self._failure = ""  # how the policy has broken
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

    def chat(self, user: User) -> int:
        """Returns the number of a user's chat; 0 unless the user is in private. Raises ``UnknownUser``."""
        return self._member(user).chat

    def waiting_since(self, user: User) -> float | None:
        """Returns since when a user has been searching, in seconds; None unless they are. Raises ``UnknownUser``."""
        member = self._member(user)
        return member.since if member.state is State.SEARCHING else None

    def interests(self, user: User) -> tuple[str, ...]:
        """Returns the interests of a user's latest ``Start``. Raises ``UnknownUser``."""
        return self._member(user).interests

    def attributes(self, user: User) -> Attributes:
        """Returns what a policy may know of a user. Raises ``UnknownUser``."""
        return self._member(user).attributes

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
        searching, private = self._searching, 2 * (self._chats - self._chats_over)
        lobby = len(self._members) - searching - private
        return {State.LOBBY: lobby, State.SEARCHING: searching, State.PRIVATE: private}

    def explain(self, user: User) -> Explanation:
        """Returns why a user is still waiting.

        Raises:
            UnknownUser: the user is not present.
            BrokenPolicy: the policy raises, or returns what is no explanation.
        """
        if self._member(user).state is not State.SEARCHING:
            return Explanation("not_searching", "not waiting for a partner")
        pool = self._policy.pool
        if len(pool) > 1 and self._blocks.all_between(user, pool):
            return Explanation("only_blocked", "a block keeps you apart from all other waiting users")
        why = self._ask_policy("explain", lambda: self._policy.explain(user, self._now))
        if not isinstance(why, Explanation):
            raise self._broken(f"explains with {why!r}")
        return why

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

    # What may go wrong.

    def _closed(self) -> errors.RouletteError:
        """Returns why the gate is closed."""
        if self._failure:
            return errors.BrokenPolicy(f"{self._failure}; this roulette cannot be used any longer")
        return errors.CallsOverlap(
            "another call of handle has not ended: it runs in another thread or around this one, or was interrupted"
        )

    def _broken(self, what: str, effects: tuple[Effect, ...] = ()) -> errors.BrokenPolicy:
        """Closes the gate for good, and returns the error that says what the policy has done."""
        self._gate, self._failure = CLOSED, f"the policy {self._policy.specification} {what}"
        return errors.BrokenPolicy(self._failure, effects)

    def _ask_policy(self, method: str, ask: Callable[[], T]) -> T:
        """Returns a policy's answer to a question. Raises ``BrokenPolicy`` for whatever it raises."""
        try:
            return ask()
        except Exception as error:
            raise self._broken(f"raised {error!r} in {method}") from error

    def _member(self, user: User) -> Member:
        try:
            return self._members[user]
        except (KeyError, TypeError):
            raise errors.UnknownUser(f"{shown(user)} has not joined, or has left") from None
