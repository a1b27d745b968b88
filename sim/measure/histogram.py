"""Times in bins of equal ratio: as many as there are, in the memory of a few thousand numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
import numpy.typing as npt

ERROR: Final = 0.005
"""How far a time may be from the number that stands for its bin, relative to the time."""
LEAST: Final = 1e-6
"""Times below it, but above 0, share a bin, in seconds."""
MOST: Final = 1e7
"""Times from it on share a bin, in seconds: four months."""

SCALE: Final = 1 / (2 * math.log1p(ERROR))
"""Bins for each factor of e: two ends of a bin differ by a factor of (1 + ERROR)²."""
SHIFT: Final = 2 - math.log(LEAST) * SCALE
BINS: Final = 1 + int(math.log(MOST) * SCALE + SHIFT) + 1
"""The first is of 0, the second of what lies below ``LEAST``, the last of what lies at ``MOST`` or above."""


def bin_of(seconds: float) -> int:
    """Returns the number of a time's bin. What is no number, or below 0, goes with 0."""
    if seconds >= LEAST:
        return BINS - 1 if seconds >= MOST else int(log(seconds) * SCALE + SHIFT)
    return 1 if seconds > 0.0 else 0


def _middles() -> npt.NDArray[np.float64]:
    """Returns the number that stands for each bin: the geometric mean of its ends; shape (BINS,)."""
    middles: npt.NDArray[np.float64] = np.exp((np.arange(BINS) + 0.5 - SHIFT) / SCALE)
    middles[:2], middles[-1] = (0.0, LEAST), MOST
    return middles


MIDDLES: Final = _middles()


@dataclass(frozen=True, slots=True, eq=False)
class LogHistogram:
    """Counts of times, in seconds, in bins of equal ratio; exact for 0, else within ``ERROR`` of each time.

    Attributes:
        counts: number of times in each bin, shape (``BINS``,).
    """

    counts: npt.NDArray[np.int64]

    @staticmethod
    def of(times: Sequence[float]) -> "LogHistogram":
        """Returns the histogram of some times, in seconds."""
        return LogHistogram(np.bincount([bin_of(time) for time in times], minlength=BINS).astype(np.int64))

    @property
    def total(self) -> int:
        """Number of times."""
        return int(self.counts.sum())

    def __add__(self, other: "LogHistogram") -> "LogHistogram":
        """Returns the histogram of the times of both."""
        return LogHistogram(self.counts + other.counts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LogHistogram) and bool(np.array_equal(self.counts, other.counts))

    def __hash__(self) -> int:
        return hash(self.counts.tobytes())

    def quantile(self, q: float) -> float:
        """Returns a quantile, 0 ≤ q ≤ 1, in seconds, within ``ERROR`` of that of the times; NaN if there are none.

        Between two neighbouring times it is interpolated linearly, as ``numpy.quantile`` does.
        """
        beyond = np.cumsum(self.counts)
        if not beyond[-1]:
            return math.nan
        place = q * (int(beyond[-1]) - 1)
        low, high = MIDDLES[np.searchsorted(beyond, (math.floor(place), math.ceil(place)), side="right")].tolist()
        return float(low + (high - low) * (place - math.floor(place)))

    def counts_up_to(self, bounds: Sequence[float]) -> tuple[int, ...]:
        """Returns how many times lie above the bound before and at or below each bound; bounds are ascending.

        A time within ``ERROR`` of a bound may be counted on its other side.
        """
        bins = np.searchsorted(bounds, MIDDLES, side="left")
        counts = np.bincount(bins, weights=self.counts, minlength=len(bounds) + 1)[: len(bounds)]
        return tuple(int(count) for count in counts)
