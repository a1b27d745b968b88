"""Rows that are kept: for comparing two sources, and for tests."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.rows.block import Rows
from sim.rows.codes import LAST


class Columns(NamedTuple):
    """Rows as columns; see ``codes.py``."""

    times: npt.NDArray[np.float64]
    codes: npt.NDArray[np.int8]
    firsts: npt.NDArray[np.int32]
    seconds: npt.NDArray[np.int32]

    def first(self, rows: int) -> "Columns":
        """Returns the first so many rows."""
        return Columns(self.times[:rows], self.codes[:rows], self.firsts[:rows], self.seconds[:rows])

    def difference(self, other: "Columns") -> int | None:
        """Returns the number of the first row that is not the same, to the last bit; None if there is none."""
        length = min(len(self.times), len(other.times))
        differs = (
            (self.times[:length] != other.times[:length])
            | (self.codes[:length] != other.codes[:length])
            | (self.firsts[:length] != other.firsts[:length])
            | (self.seconds[:length] != other.seconds[:length])
        )
        differing = np.flatnonzero(differs)
        if len(differing):
            return int(differing[0])
        return None if len(self.times) == len(other.times) else length


class Kept:
    """A sink that keeps the rows, up to a number of events.

    Args:
        events: rows of later events are dropped; by default none are.
    """

    def __init__(self, events: int | None = None) -> None:
        self._events = events
        self._blocks: list[Columns] = []
        self._ended = 0

    def take(self, rows: Rows) -> None:
        """Copies the rows of a block."""
        if self._events is not None and self._ended >= self._events:
            return
        columns = (rows.times, rows.codes, rows.firsts, rows.seconds)
        block = Columns(*(np.array(column)[: rows.count] for column in columns))
        self._blocks.append(block)
        self._ended += int(np.count_nonzero(block.codes & LAST))

    def columns(self) -> Columns:
        """Returns what was kept."""
        if not self._blocks:
            return Columns(np.empty(0), np.empty(0, np.int8), np.empty(0, np.int32), np.empty(0, np.int32))
        columns = Columns(*(np.concatenate(column) for column in zip(*self._blocks, strict=True)))
        if self._events is None or self._ended < self._events:
            return columns
        end = 1 + int(np.flatnonzero(columns.codes & LAST)[self._events - 1])
        return columns.first(end)
