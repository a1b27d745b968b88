"""Histories that Hypothesis generates and shrinks: few users, many moves, all random choices."""

from collections.abc import Iterator
from itertools import chain, combinations, product
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from roulette_core.events import Block, BulkLeave, Event, Join, Leave, Lobby, Next, Say, Start, Tick, Unblock, User
from roulette_core.machine import Roulette
from roulette_core.policies import Policy
from roulette_core.states import State
from roulette_core.testing.exploring import CheckedRoulette, Dice, Step, name_of, roles_of, user_names

WORDS: tuple[User, ...] = user_names(5)
NUMBERS: tuple[User, ...] = (7, 12, 30, 5, 18)


class Move(NamedTuple):
    """A move of a user, whose meaning depends on the state at the time."""

    user: int
    what: int  # the number of an event that makes sense in the user's state; 0 is the most usual one
    when: int  # the number of a time; 0 is a second later
    other: int | None  # the number of another user, for what needs one; who joins has blocked them
    throw: int  # the random choices, as for ``Dice``


class History(NamedTuple):
    """Users and their moves."""

    users: tuple[User, ...]
    moves: tuple[Move, ...]


WHATS, WHENS = 9, 5
"""The number of events for each state, and the number of times."""


EVENINGS = 60
"""The number of random histories that are the same every time."""


def _move(user: int, doing: int, chance: int) -> Move:
    """Returns a move from three numbers: few enough for Hypothesis to delete a whole move at once."""
    other, what = chance % (len(WORDS) + 1), doing % WHATS
    return Move(user, what, doing // WHATS, other - 1 if other else None, chance // (len(WORDS) + 1))


_MOVES = st.builds(
    _move,
    user=st.integers(0, len(WORDS) - 1),
    doing=st.integers(0, WHATS * WHENS - 1),
    chance=st.integers(0, 30_000),
)
_A_FEW = st.lists(_MOVES, max_size=10)


def _gathering(users: int, start: int) -> list[Move]:
    """Returns moves by which so many users join and start: among random moves a full pool is rare."""
    return [Move(user, what, 0, None, user) for user in range(users) for what in (0, start)]


_GATHERINGS = st.builds(_gathering, st.integers(0, len(WORDS)), st.sampled_from((1, 0)))

moves: st.SearchStrategy[tuple[Move, ...]] = st.tuples(_GATHERINGS, _A_FEW, _A_FEW, _A_FEW).map(
    lambda parts: (*chain(*parts),)
)
"""Moves. Four parts, because one list alone would hardly ever be long enough."""


def histories(*users: tuple[User, ...]) -> st.SearchStrategy[History]:
    """Returns a strategy for histories of one of the groups of users."""
    return st.builds(History, st.sampled_from(users), moves)


def blocks_taken_back(policy: Policy) -> Iterator[list[Step]]:
    """Yields histories of users who have all blocked each other, search, and take back one block after the other.

    Random histories hardly ever hold a block that is taken back while both are searching.
    """
    roles = roles_of(policy)
    for count, first in product((2, 3, 4), range(len(roles))):
        users = WORDS[:count]
        events: list[Event] = [Join(user, name_of(str(user))) for user in users]
        events += [Block(*pair) for pair in combinations(users, 2)]
        events += [Start(user, *roles[(first + number) % len(roles)]) for number, user in enumerate(users)]
        events += [Unblock(*pair) for pair in combinations(users, 2)]
        yield [Step(float(number), event) for number, event in enumerate(events, start=1)]


def play(trial: CheckedRoulette, history: History) -> Iterator[Step]:
    """Plays a history up to the first flaw, and yields its steps."""
    for move in history.moves:
        now, event = when(trial.roulette, move), event_of(trial.roulette, history.users, move)
        dice = Dice(move.throw)
        trial.take(event, now, dice)
        yield Step(now, event, tuple(dice.chosen))
        if trial.flaw:
            return


def when(roulette: Roulette, move: Move) -> float:
    """Returns the time of a move: a second later, at once, at the deadline or halfway there, or a minute later."""
    now, deadline = roulette.now, roulette.next_deadline()
    ahead = now + 1.0 if deadline is None else deadline
    return (now + 1.0, now, ahead, now + (ahead - now) / 2, now + 60.0)[move.when]


def event_of(roulette: Roulette, users: tuple[User, ...], move: Move) -> Event:
    """Returns the event of a move."""
    user = users[move.user]
    there = None if move.other is None or move.other == move.user else users[move.other]
    match roulette.state(user) if user in roulette else State.OUTSIDE:
        case State.OUTSIDE:
            return Join(user, name_of(str(user)), () if there is None or there not in roulette else (there,))
        case State.LOBBY:
            return _in_lobby(roulette, user, there, move)
        case State.SEARCHING:
            return _searching(roulette, user, there, move)
        case _:
            return _in_private(roulette, user, there, move)


def _in_lobby(roulette: Roulette, user: User, there: User | None, move: Move) -> Event:
    roles = roles_of(roulette.policy)
    usual = Start(user, *roles[move.throw % len(roles)])
    return (
        usual,
        Start(user, *roles[0]),
        Start(user, *roles[-1]),
        Leave(user),
        Say(user, "hello"),
        Next(user),
        _apart(roulette, user, there, move) or usual,
        _both(roulette, user, there) or usual,
        Say(user, "hello", 1),
    )[move.what]


def _searching(roulette: Roulette, user: User, there: User | None, move: Move) -> Event:
    roles = roles_of(roulette.policy)
    return (
        Tick(),
        Lobby(user),
        Leave(user),
        Tick(),
        Say(user, "hello", 0),
        Start(user, *roles[move.throw % len(roles)]),
        _apart(roulette, user, there, move) or Tick(),
        _both(roulette, user, there) or Tick(),
        Say(user, "hello", 1),
    )[move.what]


def _in_private(roulette: Roulette, user: User, there: User | None, move: Move) -> Event:
    chat = roulette.chat(user)
    return (
        Next(user),
        Block(user),
        Lobby(user),
        Leave(user),
        Next(user, chat, "lobby"),
        Say(user, "hello", chat),
        _apart(roulette, user, there, move) or Next(user),
        _both(roulette, user, there) or Next(user),
        Say(user, "hello", chat + 1),
    )[move.what]


def _apart(roulette: Roulette, user: User, there: User | None, move: Move) -> Event | None:
    """Returns the end of a block that the user has made, or else a block of the other; None if there is neither."""
    made = [other for other, own in roulette.policy.blocks.apart.get(user, {}).items() if own]
    if made and move.throw % 3:
        return Unblock(user, made[0])
    return None if there is None or there not in roulette else Block(user, there)


def _both(roulette: Roulette, user: User, there: User | None) -> Event | None:
    """Returns that two leave at once; None if the other is not present."""
    return BulkLeave((user, there)) if there is not None and there in roulette else None


def evenings() -> Iterator[History]:
    """Yields random histories, shortest first, the same ones in every process."""
    for seed in range(EVENINGS):
        chance = Random(seed)
        moves = tuple(
            Move(
                chance.randrange(len(WORDS)),
                chance.randrange(WHATS),
                chance.randrange(WHENS),
                chance.randrange(len(WORDS)),
                chance.getrandbits(12),
            )
            for _ in range(6 + seed // 2)
        )
        yield History(WORDS, moves)
