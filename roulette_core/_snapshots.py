"""A roulette's whole state as one frozen value, and that value as plain JSON data and back.

Format 2: users with name, state and interests in the order in which they joined; pairs of users; the pool as user
and waiting since, in the policy's own order; blocks, each pair once; the policy's memory, and the state of the random
generator (null if the caller supplied ``choose``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from roulette_core.errors import BadSnapshot, RouletteError
from roulette_core.events import END_OF_TIME, User
from roulette_core.states import State

FORMAT = 2

Pair: TypeAlias = tuple[User, User]


class UserState(NamedTuple):
    """One user who is present; ``interests`` are those of the latest ``Start``."""

    user: User
    name: str
    state: State
    interests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreState:
    """Everything that the next effects of a roulette depend on. Two roulettes in equal states behave alike.

    Attributes:
        policy: the policy's specification.
        memory: what the policy remembers beside the pool, as plain JSON data.
        now: the time of the latest event, in seconds.
        deadline: when a ``Tick`` is due, in seconds; None if never.
        random: the state of the random generator; None if the caller supplied ``choose``.
        users: the users present, in the order in which they joined.
        pairs: the users in private, each pair once, the one who joined first named first.
        pool: who is searching and since when (seconds), in the policy's own order.
        blocks: who is never paired, each pair once, both levels in the order in which users joined.
    """

    policy: str
    memory: Any
    now: float
    deadline: float | None
    random: tuple[Any, ...] | None
    users: tuple[UserState, ...]
    pairs: tuple[Pair, ...]
    pool: tuple[tuple[User, float], ...]
    blocks: tuple[Pair, ...]


def encode(state: CoreState) -> dict[str, Any]:
    """Returns a state as plain JSON data."""
    random = state.random
    return {
        "format": FORMAT,
        "policy": state.policy,
        "memory": state.memory,
        "now": state.now,
        "deadline": state.deadline,
        "random": None if random is None else [random[0], list(random[1]), *random[2:]],
        "users": [[user, name, where.name, list(interests)] for user, name, where, interests in state.users],
        "pairs": [list(pair) for pair in state.pairs],
        "pool": [list(row) for row in state.pool],
        "blocks": [list(pair) for pair in state.blocks],
    }


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
    if data["format"] != FORMAT:
        raise BadSnapshot(f"the snapshot has format {data['format']!r}; this version reads {FORMAT}")
    random = data["random"]
    users = tuple(_user(*row) for row in data["users"])
    known = {row.user: row.user for row in users}  # elsewhere JSON may say 1.0 or true for the user 1
    state = CoreState(
        policy=data["policy"],
        memory=data["memory"],
        now=data["now"],
        deadline=data["deadline"],
        random=None if random is None else (random[0], tuple(random[1]), *random[2:]),
        users=users,
        pairs=tuple((known[first], known[second]) for first, second in data["pairs"]),
        pool=tuple((known[user], since) for user, since in data["pool"]),
        blocks=tuple((known[first], known[second]) for first, second in data["blocks"]),
    )
    _check_times(state)
    _check_users(state)
    _check_blocks(state)
    return state


def _user(user: User, name: str, state: str, interests: list[str]) -> UserState:
    if type(user) not in (str, int) or type(name) is not str:
        raise BadSnapshot(f"{user!r} cannot be a user, or {name!r} not a name")
    if not isinstance(interests, list) or any(type(interest) is not str for interest in interests):
        raise BadSnapshot(f"{interests!r} are not interests")
    if State[state] is State.OUTSIDE:
        raise BadSnapshot(f"user {user!r} is listed as present, but OUTSIDE")
    return UserState(user, name, State[state], tuple(dict.fromkeys(interests)))


def _check_times(state: CoreState) -> None:
    # Each condition says what must hold, since nothing that holds of numbers holds of NaN.
    if not 0 <= state.now < END_OF_TIME:
        raise BadSnapshot(f"the time {state.now!r} is out of range")
    if state.deadline is not None and not state.deadline > state.now:
        raise BadSnapshot(f"the deadline {state.deadline!r} has passed")
    for user, since in state.pool:
        if not 0 <= since <= state.now:
            raise BadSnapshot(f"user {user!r} cannot be waiting since {since!r}")


def _check_users(state: CoreState) -> None:
    """Refuses users or names that occur twice, and states that pairs or pool contradict."""
    users, names = [row.user for row in state.users], [row.name for row in state.users]
    paired, searching = [user for pair in state.pairs for user in pair], [user for user, _ in state.pool]
    if any(len(set(each)) != len(each) for each in (users, names, paired, searching)):
        raise BadSnapshot("a user or a name appears twice")
    in_private, in_pool = set(paired), set(searching)
    for user, _, where, _ in state.users:
        if (where is State.PRIVATE) != (user in in_private) or (where is State.SEARCHING) != (user in in_pool):
            raise BadSnapshot(f"user {user!r} is {where.name}, which pairs and pool contradict")


def _check_blocks(state: CoreState) -> None:
    """Refuses blocks that are out of order, occur twice, or keep a pair apart that is in private."""
    order = {row.user: number for number, row in enumerate(state.users)}
    numbers = [(order[first], order[second]) for first, second in state.blocks]
    in_order = numbers == sorted(set(numbers)) and all(first < second for first, second in numbers)
    if not in_order or not {*map(frozenset, state.blocks)}.isdisjoint(map(frozenset, state.pairs)):
        raise BadSnapshot("the blocks are not such as a roulette keeps")
