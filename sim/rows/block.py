"""A block of rows: columns of numbers, filled one row at a time and handed on when full."""

from array import array
from collections.abc import Sequence
from typing import Final, Protocol

from sim.rows.codes import LAST, NOBODY, QUIET

BLOCK: Final = 4096
"""Rows of a block: 17 bytes each, so that a block stays in a core's cache from source to sink."""


class Sink(Protocol):
    """Reads rows, a block at a time."""

    def take(self, rows: "Rows") -> None:
        """Reads the first ``rows.count`` rows, which change afterwards. An event may straddle two blocks."""


class Rows:
    """One block of rows, and who reads it.

    Args:
        sinks: each takes every block, in this order.
        size: rows of a block, at least 1.

    Attributes:
        count: how many rows there are.
        times: in seconds, never decreasing.
        codes: of ``codes.py``; the last row of each event has ``LAST``.
        firsts: numbers of users.
        seconds: the same, or ``NOBODY``; of a user who has joined, their kind.
    """

    def __init__(self, sinks: Sequence[Sink] = (), size: int = BLOCK) -> None:
        self.sinks = sinks
        self.size = size
        self.count = 0
        self.times = array("d", bytes(8 * size))
        self.codes = array("b", bytes(size))
        self.firsts = array("i", bytes(4 * size))
        self.seconds = array("i", bytes(4 * size))
        self._open = False

    def add(self, time: float, code: int, first: int, second: int) -> None:
        """Writes one row."""
        if self.count == self.size:
            self.flush()  # now, not when it became full: ``end`` has yet to mark the last row
        row = self.count
        self.times[row] = time
        self.codes[row] = code
        self.firsts[row] = first
        self.seconds[row] = second
        self.count = row + 1
        self._open = True

    def end(self, time: float) -> None:
        """Ends an event, at ``time`` if it has had no effects."""
        if not self._open:
            self.add(time, QUIET, NOBODY, NOBODY)
        row = self.count - 1
        self.codes[row] = self.codes[row] + LAST
        self._open = False

    def flush(self) -> None:
        """Hands on what there is; to be called once more at the end of a run."""
        for sink in self.sinks:
            sink.take(self)
        self.count = 0
