"""A roulette's whole state as one frozen value, and that value as plain JSON data and back.

Format 3: users with name, state, interests and attributes in the order in which they joined; pairs of users with the
number of their chat, and how many chats have begun; the pool as user and waiting since, in the policy's own order;
blocks, with the user who made each first; where partners left behind go; the policy's memory, and the state of the
random generator (null if the caller supplied ``choose``). Older formats are brought up by ``_migrations.py``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from roulette_core._gate import PLACES, checked, is_user
from roulette_core._migrations import FORMAT, brought_up
from roulette_core.errors import BadSnapshot, RouletteError
from roulette_core.events import END_OF_TIME, Attributes, Join, Place, Start, User
from roulette_core.searcher import NO_ATTRIBUTES
from roulette_core.states import State

Pair: TypeAlias = tuple[User, User]


class UserState(NamedTuple):
    """One user who is present.

    Attributes:
        user: the id of the user.
        name: the name of the user.
        state: where the user is.
        interests: those of the latest ``Start``; none means any topic.
        attributes: what policies may know of the user.
    """

    user: User
    name: str
    state: State
    interests: tuple[str, ...]
    attributes: Attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreState:
    """Everything that the next effects of a roulette depend on. Two roulettes in equal states behave alike.

    Attributes:
        policy: the policy's specification.
        memory: what the policy remembers beside the pool, as plain JSON data.
        left_behind: where a partner left behind goes, unless an event says otherwise.
        now: the time of the latest event, in seconds.
        deadline: when a ``Tick`` is due, in seconds; None if never.
        random: the state of the random generator; None if the caller supplied ``choose``.
        users: the users present, in the order in which they joined.
        pairs: the users in private, each pair once, the one who joined first named first; with their chat's number.
        chats: how many chats have begun.
        pool: who is searching and since when (seconds), in the policy's own order.
        blocks: each block, as the user who made it and the other, both in the order in which users joined.
    """

    policy: str
    memory: Any
    left_behind: Place
    now: float
    deadline: float | None
    random: tuple[Any, ...] | None
    users: tuple[UserState, ...]
    pairs: tuple[tuple[User, User, int], ...]
    chats: int
    pool: tuple[tuple[User, float], ...]
    blocks: tuple[Pair, ...]


def encode(state: CoreState) -> dict[str, Any]:
    """Returns a state as plain JSON data."""
    random = state.random
    return {
        "format": FORMAT,
        "policy": state.policy,
        "memory": state.memory,
        "left_behind": state.left_behind,
        "now": state.now,
        "deadline": state.deadline,
        "random": None if random is None else [random[0], list(random[1]), *random[2:]],
        "users": [
            [user, name, _NAMES[where], list(interests), _plain(attributes) if attributes else {}]
            for user, name, where, interests, attributes in state.users
        ],
        "pairs": [list(pair) for pair in state.pairs],
        "chats": state.chats,
        "pool": [list(row) for row in state.pool],
        "blocks": [list(pair) for pair in state.blocks],
    }


def _plain(attributes: Attributes) -> dict[str, Any]:
    """Returns attributes as JSON has them: lists for tuples."""
    return {name: list(value) if type(value) is tuple else value for name, value in attributes.items()}


@contextmanager
def reading_snapshot() -> Iterator[None]:
    """Raises ``BadSnapshot`` for whatever goes wrong in reading data that may have any shape."""
    try:
        yield
    except BadSnapshot:
        raise
    except (ArithmeticError, AttributeError, LookupError, RouletteError, TypeError, ValueError) as error:
        raise BadSnapshot(f"this is not a snapshot: {error!r}") from error


def decode(data: dict[str, Any]) -> CoreState:
    """Returns the state that data stands for. To be called within ``reading_snapshot``.

    Raises:
        BadSnapshot: the data has another format, or no roulette could have given it.
    """
    data = brought_up(data)
    random = data["random"]
    users = tuple(_user(*row) for row in data["users"])
    known = {row.user: row.user for row in users}  # elsewhere JSON may say 1.0 or true for the user 1
    state = CoreState(
        policy=data["policy"],
        memory=data["memory"],
        left_behind=data["left_behind"],
        now=_seconds(data["now"]),
        deadline=None if data["deadline"] is None else _seconds(data["deadline"]),
        random=None if random is None else (random[0], tuple(random[1]), *random[2:]),
        users=users,
        pairs=tuple((known[first], known[second], chat) for first, second, chat in data["pairs"]),
        chats=data["chats"],
        pool=tuple((known[user], _seconds(since)) for user, since in data["pool"]),
        blocks=tuple((known[first], known[second]) for first, second in data["blocks"]),
    )
    _check_times(state)
    _check_users(state)
    _check_chats(state)
    _check_blocks(state)
    return state


def _user(user: User, name: str, state: str, interests: list[str], attributes: dict[str, Any]) -> UserState:
    if not isinstance(interests, list) or not isinstance(attributes, dict):
        raise BadSnapshot(f"{interests!r} are not interests, or {attributes!r} not attributes")
    if type(name) is not str or not is_user(user):
        checked(Join(user, name))  # which says what is wrong; asked of everyone, it would take a third of the time
    if interests or attributes:
        started = checked(Start(user, tuple(interests), attributes))
        assert isinstance(started, Start) and started.attributes is not None
        return UserState(user, name, _PRESENT[state], started.interests, started.attributes)
    return UserState(user, name, _PRESENT[state], (), NO_ATTRIBUTES)


_NAMES = {state: state.name for state in State}  # the property costs ten times a look-up

_PRESENT = {state.name: state for state in State if state is not State.OUTSIDE}


def _seconds(time: Any) -> float:
    """Returns a time as ``handle`` keeps it: a float, and not -0.0."""
    if type(time) not in (int, float):
        raise BadSnapshot(f"{time!r} is not a time")
    return float(time) or 0.0


def _check_times(state: CoreState) -> None:
    # Each condition says what must hold, since nothing that holds of numbers holds of NaN.
    if not 0 <= state.now < END_OF_TIME:
        raise BadSnapshot(f"the time {state.now!r} is out of range")
    if state.deadline is not None and not state.deadline >= state.now:  # equal if it was adapted just now
        raise BadSnapshot(f"the deadline {state.deadline!r} has passed")
    for user, since in state.pool:
        if not 0 <= since <= state.now:
            raise BadSnapshot(f"user {user!r} cannot be waiting since {since!r}")


def _check_users(state: CoreState) -> None:
    """Refuses users or names that occur twice, and states that pairs or pool contradict."""
    users, names = [row.user for row in state.users], [row.name for row in state.users]
    paired, searching = [user for pair in state.pairs for user in pair[:2]], [user for user, _ in state.pool]
    if any(len(set(each)) != len(each) for each in (users, names, paired, searching)):
        raise BadSnapshot("a user or a name appears twice")
    in_private, in_pool = set(paired), set(searching)
    for user, _, where, _, _ in state.users:
        if (where is State.PRIVATE) != (user in in_private) or (where is State.SEARCHING) != (user in in_pool):
            raise BadSnapshot(f"user {user!r} is {where.name}, which pairs and pool contradict")


def _check_chats(state: CoreState) -> None:
    """Refuses numbers of chats that no roulette could have given."""
    numbers = [chat for _, _, chat in state.pairs]
    if any(type(number) is not int for number in (*numbers, state.chats)) or len(set(numbers)) != len(numbers):
        raise BadSnapshot("the number of a chat is no whole number, or appears twice")
    if not state.chats >= 0 or not all(0 < number <= state.chats for number in numbers):
        raise BadSnapshot(f"of {state.chats} chats, none has such a number")
    if state.left_behind not in PLACES:
        raise BadSnapshot(f"a partner left behind cannot go to {state.left_behind!r}")


def _check_blocks(state: CoreState) -> None:
    """Refuses blocks that are out of order, occur twice, or keep a pair apart that is in private."""
    order = {row.user: number for number, row in enumerate(state.users)}
    numbers = [(order[user], order[other]) for user, other in state.blocks]
    in_order = numbers == sorted(set(numbers)) and all(user != other for user, other in numbers)
    pairs = {frozenset(pair[:2]) for pair in state.pairs}
    if not in_order or not pairs.isdisjoint(map(frozenset, state.blocks)):
        raise BadSnapshot("the blocks are not such as a roulette keeps")
