"""Traces made the slow and plain way, and the same measures read off them one change at a time."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

import numpy as np
from hypothesis import strategies as st

from roulette_core import (
    Block,
    Event,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    Next,
    Paired,
    Parted,
    Place,
    Returned,
    Roulette,
    Searching,
    Start,
    State,
    Tick,
)
from roulette_core.testing import BUILT_IN
from sim.trace import Trace


@dataclass
class Life:
    """What became of one user: each change with its time, and each partner."""

    changes: list[tuple[float, State]] = field(default_factory=list)
    partners: list[int] = field(default_factory=list)


@dataclass
class Story:
    """One run, told twice: as a trace, and as the lives of its users with a list of its pairings."""

    trace: Trace
    lives: dict[int, Life]
    pairings: list[tuple[int, int]]


def tell(roulette: Roulette, script: Iterable[tuple[float, Event]], end: float) -> Story:
    """Plays a script, in which users are numbered in the order in which they join, and notes all that happens."""
    lives: dict[int, Life] = {}
    changes: list[tuple[float, int, State]] = []
    pairs: list[tuple[float, int, int, int, int]] = []
    pool: list[int] = []
    events = 0

    def move(now: float, user: int, state: State) -> None:
        if user in pool:
            pool.remove(user)
        if state is State.SEARCHING:
            pool.append(user)
        changes.append((now, user, state))
        lives.setdefault(user, Life()).changes.append((now, state))

    for now, event in script:
        events += 1
        for effect in roulette.handle(event, now):
            match effect:
                case Joined(user=user) | Returned(user=user):
                    move(now, user, State.LOBBY)
                case Searching(user=user) if user not in pool:  # else with other interests: the search goes on
                    move(now, user, State.SEARCHING)
                case Left(user=user):
                    move(now, user, State.OUTSIDE)
                case Parted(user=user, partner=partner, cause=cause, left_behind=left_behind):
                    move(now, partner, State.LOBBY if left_behind == "lobby" else State.SEARCHING)
                    if cause != "leave":
                        move(now, user, State.LOBBY if cause == "lobby" else State.SEARCHING)
                case Paired(first=first, second=second):
                    couples = [set(couple) for couple in combinations(pool, 2)]
                    pairs.append((now, first, second, len(pool), couples.index({first, second})))
                    for user, partner in ((first, second), (second, first)):
                        move(now, user, State.PRIVATE)
                        lives[user].partners.append(partner)
    return Story(_trace(len(lives), end, events, changes, pairs), lives, [pair[1:3] for pair in pairs])


def _trace(
    users: int,
    end: float,
    events: int,
    changes: list[tuple[float, int, State]],
    pairs: list[tuple[float, int, int, int, int]],
) -> Trace:
    def column(rows: list[tuple[float, ...]], number: int, kind: type = np.int64) -> np.ndarray:
        return np.array([row[number] for row in rows], dtype=kind)

    draws = [pair for pair in pairs if pair[3] > 2]
    return Trace(
        users=users,
        start=0.0,
        end=end,
        events=events,
        change_time=column(changes, 0, np.float64),
        change_user=column(changes, 1),
        change_state=column(changes, 2),
        pair_time=column(pairs, 0, np.float64),
        pair_first=column(pairs, 1),
        pair_second=column(pairs, 2),
        draw_pairing=np.flatnonzero(column(pairs, 3) > 2),
        draw_pool=column(draws, 3),
        draw_rank=column(draws, 4),
    )


POLICIES = [form for facts in BUILT_IN.values() for form in facts.forms]


Step: TypeAlias = tuple[float, int, Callable[[int], Event]]
"""How long nothing happens, then who asks what."""

PLACES: tuple[Place, ...] = ("searching", "lobby")
WAITS = (0.0, 0.5, 1.0)
ASKS = (Start, Start, Start, Next, Next, Next, Block, Lobby, Leave)


def many_steps(seed: int, users: int) -> list[Step]:
    """More than Hypothesis likes to draw one by one: enough for users to have met often."""
    chance = random.Random(seed)
    return [(chance.choice(WAITS), chance.randrange(users), chance.choice(ASKS)) for _ in range(300)]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Lives of a few users, who come, search, leave each other, give up, go, and may return."""
    left_behind = draw(st.sampled_from(PLACES))
    roulette = Roulette(draw(st.sampled_from(POLICIES)), seed=draw(st.integers(0, 99)), left_behind=left_behind)
    number = draw(st.integers(1, 7))
    step = st.tuples(st.sampled_from(WAITS), st.integers(0, number - 1), st.sampled_from(ASKS))
    steps = draw(st.lists(step, max_size=40) | st.integers(0, 2**32).map(lambda seed: many_steps(seed, number)))
    script: list[tuple[float, Event]] = [(0.0, Join(user, f"user-{user}")) for user in range(number)]
    away: set[int] = set()
    now = 0.0
    for wait, user, ask in steps:
        now += wait
        script.append((now, Tick()))
        if user in away:
            away.remove(user)
            script.append((now, Join(user, f"user-{user}")))
        elif ask is Leave:
            away.add(user)
            script.append((now, Leave(user)))
        else:
            script.append((now, ask(user)))
    return tell(roulette, script, now + draw(st.sampled_from((0.0, 2.0))))


def nothing(users: int = 0, duration: float = 0.0) -> Trace:
    """A run in which nothing happened."""
    return _trace(users, duration, 0, [], [])
