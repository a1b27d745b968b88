"""Histories that Hypothesis generates and shrinks: few users, many moves, all random choices."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from hypothesis import strategies as st

from roulette_core.events import Block, Event, Join, Leave, Lobby, Next, Say, Start, Tick, User
from roulette_core.machine import Roulette
from roulette_core.states import State
from roulette_core.testing.exploring import TOPICS, CheckedRoulette, Dice, Step, name_of, user_names

WORDS: tuple[User, ...] = user_names(5)
NUMBERS: tuple[User, ...] = (7, 12, 30, 5, 18)


class Move(NamedTuple):
    """A move of a user, whose meaning depends on the state at the time."""

    user: int
    what: int  # the number of an event that makes sense in the user's state; 0 is the most usual one
    when: int  # the number of a time; 0 is a second later
    other: int | None  # the number of another user, whom a user who joins has blocked, if that user is present
    throw: int  # the random choices, as for ``Dice``


class History(NamedTuple):
    """Users and their moves."""

    users: tuple[User, ...]
    moves: tuple[Move, ...]


WHATS, WHENS = 6, 5
"""The number of events for each state, and the number of times."""


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
    state = roulette.state(user) if user in roulette else State.OUTSIDE
    topics = TOPICS[move.throw % 2]
    there = () if move.other is None else (users[move.other],)
    blocked = tuple(other for other in there if other != user and other in roulette)
    match state:
        case State.OUTSIDE:
            return Join(user, name_of(str(user)), blocked)
        case State.LOBBY:
            return (Start(user, topics), Start(user), Start(user), Leave(user), Say(user, "hello"), Next(user))[
                move.what
            ]
        case State.SEARCHING:
            return (Tick(), Lobby(user), Leave(user), Tick(), Say(user, "hello"), Start(user))[move.what]
        case _:
            return (Next(user), Block(user), Lobby(user), Leave(user), Next(user), Say(user, "hello"))[move.what]
