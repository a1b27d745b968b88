"""Rows read the slow and plain way: where each user went, and with whom."""

from collections.abc import Iterator
from typing import NamedTuple

from roulette_core import State
from sim.rows import Columns, codes


class Row(NamedTuple):
    """One row, ``last`` of its event or not."""

    time: float
    code: int
    first: int
    second: int
    last: bool


def rows_of(columns: Columns) -> Iterator[Row]:
    """Yields rows one by one."""
    for time, code, first, second in zip(*(column.tolist() for column in columns), strict=True):
        yield Row(time, code & codes.KIND, first, second, bool(code & codes.LAST))


def moves_of(row: Row) -> list[tuple[int, State]]:
    """Returns which users a row moves, and where to, in their order."""
    match row.code:
        case codes.JOINED | codes.RETURNED:
            return [(row.first, State.LOBBY)]
        case codes.SEARCHING:
            return [(row.first, State.SEARCHING)]
        case codes.LEFT:
            return [(row.first, State.OUTSIDE)]
        case codes.PAIRED:
            return [(row.first, State.PRIVATE), (row.second, State.PRIVATE)]
        case code if code >= codes.PARTED:
            left_behind = State.LOBBY if code & codes.TO_LOBBY else State.SEARCHING
            cause = codes.CAUSES[(code - codes.PARTED) // 2]
            asked = {"next": State.SEARCHING, "block": State.SEARCHING, "lobby": State.LOBBY}.get(cause)
            return [(row.second, left_behind), *([] if asked is None else [(row.first, asked)])]
    return []
