"""Rows: what a core's effects become, in blocks of any size."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import (
    Block,
    Effect,
    Event,
    Join,
    Leave,
    Lobby,
    Next,
    Paired,
    Parted,
    Roulette,
    Say,
    Start,
    Tick,
    Unblock,
)
from sim.rows import Columns, EffectRows, Kept, Rows, codes

STORY: list[tuple[float, Event]] = [
    (0.0, Join(0, "ada")),
    (0.0, Join(1, "bob")),
    (1.0, Start(0)),
    (1.0, Start(0, ("music",))),
    (2.0, Start(1)),
    (3.0, Say(0, "hello")),
    (4.0, Say(1, "hello", 7)),
    (5.0, Next(0)),
    (6.0, Tick()),
    (7.0, Say(1, "anybody here?")),
    (8.0, Join(2, "cleo")),
    (8.5, Start(2)),
    (9.0, Block(0)),
    (9.5, Unblock(0, 2)),
    (10.0, Lobby(1, left_behind="lobby")),
    (11.0, Leave(0)),
    (12.0, Leave(2)),
]

WRITTEN = """
0 JOINED 0 0 .
0 JOINED 1 1 .
1 SEARCHING 0 - .
1 SEARCHING 0 - .
2 SEARCHING 1 -
2 PAIRED 0 1 .
3 PRIVATE_LINE 0 1 .
4 REFUSED 1 - .
5 PARTED next searching 0 1 .
6 QUIET - - .
7 LOBBY_LINE 1 - .
8 JOINED 2 2 .
8.5 SEARCHING 2 -
8.5 PAIRED 1 2 .
9 REFUSED 0 - .
9.5 REFUSED 0 - .
10 PARTED lobby lobby 1 2 .
11 LEFT 0 - .
12 LEFT 2 - .
"""

SIMPLE = "QUIET REFUSED JOINED RETURNED SEARCHING LEFT LOBBY_LINE PRIVATE_LINE BLOCKED UNBLOCKED PAIRED"
NAMES = {getattr(codes, name): name for name in SIMPLE.split()} | {
    codes.parted(cause, place): f"PARTED {cause} {place}" for cause in codes.CAUSES for place in codes.PLACES
}


def played(story: Sequence[tuple[float, Event]], size: int = 7) -> tuple[Columns, list[Effect]]:
    """Returns the rows of a story on the core, written in blocks of a size, and its effects."""
    kept = Kept()
    rows = Rows([kept], size)
    writer, roulette, effects = EffectRows(rows, kind_of=lambda user: user), Roulette(), list[Effect]()
    for now, event in story:
        told = roulette.handle(event, now)
        writer.observe(now, event, told)
        effects += told
    rows.flush()
    return kept.columns(), effects


def written(columns: Columns) -> str:
    """Returns rows in words."""
    lines = []
    for time, code, first, second in zip(*(column.tolist() for column in columns), strict=True):
        users = " ".join("-" if user == codes.NOBODY else str(user) for user in (first, second))
        lines.append(f"{time:g} {NAMES[code & codes.KIND]} {users}{' .' if code & codes.LAST else ''}")
    return "\n".join(lines)


def test_a_story_in_rows() -> None:
    assert written(played(STORY)[0]) == WRITTEN.strip()


@given(size=st.integers(1, 40))
def test_rows_do_not_depend_on_the_size_of_blocks(size: int) -> None:
    assert played(STORY, size)[0].difference(played(STORY)[0]) is None


def test_every_effect_is_a_row() -> None:
    columns, effects = played(STORY)
    spoken = columns.codes & codes.KIND
    assert np.count_nonzero(spoken != codes.QUIET) == len(effects)
    assert np.count_nonzero(spoken == codes.PAIRED) == sum(type(effect) is Paired for effect in effects)
    assert np.count_nonzero(spoken >= codes.PARTED) == sum(type(effect) is Parted for effect in effects)
    assert np.count_nonzero(columns.codes & codes.LAST) == len(STORY)


@pytest.mark.parametrize("place", codes.PLACES)
@pytest.mark.parametrize("cause", codes.CAUSES)
def test_a_parting_tells_its_cause_and_its_place(cause: str, place: str) -> None:
    code = codes.parted(cause, place)  # type: ignore[arg-type]
    assert codes.PARTED <= code <= codes.KIND
    assert NAMES[code] == f"PARTED {cause} {place}"
    assert (code & codes.TO_LOBBY) == (place == "lobby")


@given(events=st.integers(1, 30))
def test_rows_are_kept_up_to_a_number_of_events(events: int) -> None:
    some, whole = Kept(events), Kept()
    rows = Rows([some, whole], size=5)
    writer, roulette = EffectRows(rows, kind_of=lambda user: user), Roulette()
    for now, event in STORY:
        writer.observe(now, event, roulette.handle(event, now))
    rows.flush()
    kept, all_of_them = some.columns(), whole.columns()
    assert np.count_nonzero(kept.codes & codes.LAST) == min(events, len(STORY))
    assert all_of_them.first(len(kept.times)).difference(kept) is None


@pytest.mark.parametrize("column", range(4))
def test_a_difference_in_any_column_is_found(column: int) -> None:
    columns, _ = played(STORY)
    other = Columns(*(each.copy() for each in columns))
    other[column][5] += 1
    assert columns.difference(other) == 5
    assert columns.difference(columns.first(9)) == 9
    assert columns.difference(columns) is None
