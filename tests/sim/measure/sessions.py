"""Random sessions on the core as rows, for the tally, and a tally that has read them."""

import math
from collections.abc import Callable, Sequence
from random import Random
from types import ModuleType
from typing import Any, NamedTuple

from hypothesis import strategies as st

from roulette_core import Block, Event, Join, Leave, Lobby, Next, Place, Roulette, Start, Tick
from roulette_core.testing import BUILT_IN
from sim.rows import Columns, EffectRows, Kept, Rows

POLICIES = [form for facts in BUILT_IN.values() for form in facts.forms] + ["waves:every=4", "uniform:minimum=7"]
PLACES: tuple[Place, ...] = ("searching", "lobby")
ASKS: tuple[Callable[[int], Event], ...] = (Start, Start, Start, Next, Next, Next, Block, Lobby, Leave)
WAITS = (0.0, 0.0, 0.5, 1.0, 1.0, 0.3, 7.1, 1e-7, 3e-6, 4e3)

Step = tuple[float, int, Callable[[int], Event]]
"""How long nothing happens, in seconds, then who asks what."""


class Session(NamedTuple):
    """A session, and how it is to be measured.

    Attributes:
        columns: its rows.
        kinds: number of kinds of its users.
        users: how many are known from the start.
        start: of the window, in seconds.
        end: of the session.
        known_end: the end as far as it is known from the start.
        block: number of rows in a block.
    """

    columns: Columns
    kinds: int
    users: int
    start: float
    end: float
    known_end: float
    block: int


def many_steps(seed: int, users: int, number: int = 300) -> list[Step]:
    """More than Hypothesis likes to draw one by one: enough for users to have met often."""
    chance = Random(seed)
    waits = chance.sample(WAITS, 3)
    return [(chance.choice(waits), chance.randrange(users), chance.choice(ASKS)) for _ in range(number)]


def played(roulette: Roulette, users: int, steps: Sequence[Step], kind_of: Callable[[int], int], block: int) -> Columns:
    """Returns the rows of a session: users join one after another, then do their steps; some leave, and return."""
    kept = Kept()
    rows = Rows([kept], block)
    writer = EffectRows(rows, kind_of)

    def ask(event: Event) -> None:
        writer.observe(now, event, roulette.handle(event, now))

    now = 0.0
    away = set(range(users))
    for number, (wait, user, request) in enumerate(steps):
        now += wait
        ask(Tick())
        asking = [number] if number < users else []
        if user in away and user not in asking:
            asking.append(user)
        for joining in asking:
            if joining in away:
                away.remove(joining)
                ask(Join(joining, f"user-{joining}"))
        if user not in asking:
            ask(request(user))
            if request is Leave:
                away.add(user)
    rows.flush()
    return kept.columns()


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Sessions of a few users under any policy, with a window that begins somewhere in them."""
    users = draw(st.integers(1, 9))
    step = st.tuples(st.sampled_from(WAITS), st.integers(0, users - 1), st.sampled_from(ASKS))
    several = st.integers(0, 2**32).map(lambda seed: many_steps(seed, users))
    return session(
        draw(st.sampled_from(POLICIES)),
        draw(st.sampled_from(PLACES)),
        users,
        draw(st.lists(step, max_size=40) | several),
        Random(draw(st.integers(0, 99))),
    )


def session(policy: str, left_behind: Place, users: int, steps: Sequence[Step], chance: Random) -> Session:
    """Returns a session whose window, kinds and blocks are chosen at random."""
    roulette = Roulette(policy, seed=chance.randrange(100), left_behind=left_behind)
    kinds, block = chance.randint(1, 3), chance.choice((1, 2, 7, 40, 4096))
    kind_of = [chance.randrange(kinds) for _ in range(users)]
    columns = played(roulette, users, steps, kind_of.__getitem__, block)
    times = columns.times.tolist() or [0.0]
    between = chance.choice(times), chance.choice(times)
    start = chance.choice((0.0, -3.0, between[0], sum(between) / 2, times[-1] + 1))
    end = max(start, times[-1]) + chance.choice((0.0, 2.0))
    if chance.random() < 0.3:
        end = start + math.ceil((end - start) / 10) * 10  # many a move is at the end of a batch
    return Session(
        columns,
        kinds,
        chance.choice((0, 1, users, users + 2)),
        start,
        end,
        chance.choice((end, end, math.inf, end + 1)),
        chance.choice((1, 3, 16, 4096)),
    )


def some_session(seed: int) -> Session:
    """Returns one of many sessions, by its number."""
    chance = Random(seed)
    users = chance.choice((2, 3, 5, 7, 9, 9, 30))
    steps = many_steps(seed, users, chance.choice((20, 100, 300)))
    return session(chance.choice(POLICIES), chance.choice(PLACES), users, steps, chance)


def feed(sink: Any, columns: Columns, block: int) -> None:
    """Lets a sink read rows in blocks."""
    rows = Rows([sink], block)
    for row in zip(*(column.tolist() for column in columns), strict=True):
        rows.add(*row)
    rows.flush()


def figures_of(measure: ModuleType | Any, session: Session) -> Any:
    """Returns the figures of a session, by a package with ``Tally`` and ``close``."""
    tally = measure.Tally(session.users, session.kinds, session.start, session.known_end)
    feed(tally, session.columns, session.block)
    return measure.close(tally, session.end, session.users)
