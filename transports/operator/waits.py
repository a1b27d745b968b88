"""How long people waited, in so many numbers however many they are."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate, pairwise

BOUNDS = (0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Upper ends of the buckets, in seconds; one more bucket takes what is above."""


class WaitHistogram:
    """A histogram of durations with fixed buckets.

    Attributes:
        counts: how many durations each bucket holds.
        total: their sum, in seconds.
    """

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Counts one more."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def __len__(self) -> int:
        """How many there were."""
        return sum(self.counts)

    def mean(self) -> float | None:
        """The mean in seconds; None if there was none."""
        count = len(self)
        return self.total / count if count else None

    def quantile(self, fraction: float) -> float | None:
        """The duration, in seconds, below which this fraction of all was; None if there was none.

        Within a bucket they are taken to lie evenly, as by Prometheus' ``histogram_quantile``; what is above the
        last bound counts as that bound.
        """
        rank = fraction * len(self)
        edges = pairwise((0.0, *BOUNDS))
        for (low, high), count, below in zip(edges, self.counts, accumulate(self.counts, initial=0), strict=False):
            if count and below + count >= rank:
                return low + (high - low) * (rank - below) / count
        return BOUNDS[-1] if len(self) else None

    def cumulative(self) -> Iterator[tuple[float, int]]:
        """Each bound in seconds, and how many were at most that long."""
        return zip(BOUNDS, accumulate(self.counts), strict=False)
