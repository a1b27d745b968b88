"""Who is there, under what name, in what state and with whom: what an operator may ask at any time."""

from collections.abc import Iterable, Iterator, Sequence, Sized

from roulette_core._snapshots import UserState
from roulette_core.effects import Effect, Refused, audience
from roulette_core.errors import UnknownUser
from roulette_core.events import User
from roulette_core.states import State


class Member:
    """What the core knows of one user who is present."""

    __slots__ = ("interests", "name", "partner", "state", "user")

    def __init__(self, user: User, name: str) -> None:
        self.user = user
        self.name = name
        self.state = State.LOBBY
        self.partner: Member | None = None
        self.interests: tuple[str, ...] = ()


class Directory:
    """The users present. Questions about one user take constant time, lists take time by the number of users.

    Args:
        pool: those searching, which the policy keeps.
    """

    def __init__(self, pool: Sized) -> None:
        self._pool = pool
        self._members: dict[User, Member] = {}
        self._names: dict[str, Member] = {}
        self._chats = 0

    def __len__(self) -> int:
        """How many users are present."""
        return len(self._members)

    def __contains__(self, user: object) -> bool:
        """Whether a user is present."""
        return user in self._members

    def state(self, user: User) -> State:
        """Where a user is; ``State.OUTSIDE`` if not present."""
        member = self._members.get(user)
        return State.OUTSIDE if member is None else member.state

    def name(self, user: User) -> str:
        """A user's name. Raises ``UnknownUser``."""
        return self._member(user).name

    def partner(self, user: User) -> User | None:
        """With whom a user is in private, if so. Raises ``UnknownUser``."""
        partner = self._member(user).partner
        return None if partner is None else partner.user

    def named(self, name: str) -> User | None:
        """Who bears a name, if anybody."""
        member = self._names.get(name)
        return None if member is None else member.user

    def users(self, state: State | None = None) -> list[User]:
        """All users present, or those in one state, in the order in which they joined."""
        return [member.user for member in self._members.values() if state is None or member.state is state]

    def pairs(self) -> list[tuple[User, User]]:
        """All pairs in private, each once, the one who joined first named first."""
        pairs: dict[User, User] = {}
        for user, member in self._members.items():
            if member.partner is not None and member.partner.user not in pairs:
                pairs[user] = member.partner.user
        return list(pairs.items())

    def counts(self) -> dict[State, int]:
        """How many users are in the lobby, searching and in private, in constant time."""
        searching, private = len(self._pool), 2 * self._chats
        lobby = len(self._members) - searching - private
        return {State.LOBBY: lobby, State.SEARCHING: searching, State.PRIVATE: private}

    def recipients(self, effect: Effect) -> Iterator[User]:
        """Resolves an effect's audience among those present now.

        Exact for the last effects returned if the audience is the lobby's; a driver that keeps its own lobby
        moves users in and out of it as it carries effects out, and need not walk through everybody.

        Args:
            effect: an effect of the latest ``handle``.

        Yields:
            Each user who is to hear of it, once. Users who have left meanwhile are passed over; somebody whose
            ``Join`` was refused is not.
        """
        users, lobby, but = audience(effect)
        yield from (user for user in users if user in self._members or type(effect) is Refused)
        if lobby:
            for user, member in self._members.items():
                if member.state is not State.PRIVATE and user != but:
                    yield user

    def _user_states(self) -> tuple[UserState, ...]:
        return tuple(UserState(each.user, each.name, each.state, each.interests) for each in self._members.values())

    def _fill(self, users: Iterable[UserState], pairs: Sequence[tuple[User, User]]) -> None:
        for user, name, state, interests in users:
            member = self._members[user] = self._names[name] = Member(user, name)
            member.state, member.interests = state, interests
        for pair in pairs:
            first, second = (self._members[user] for user in pair)
            first.partner, second.partner = second, first
        self._chats = len(pairs)

    def _member(self, user: User) -> Member:
        try:
            return self._members[user]
        except KeyError:
            raise UnknownUser(f"{user!r} has not joined, or has left") from None
