"""A histogram of waiting times, in constant memory."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate, pairwise

BOUNDS = (0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Upper bounds of the buckets, in seconds; a last bucket holds what is above."""


class WaitHistogram:
    """A histogram of durations with fixed buckets."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)  # the number of durations in each bucket
        self.total = 0.0  # their sum, in seconds

    def add(self, seconds: float) -> None:
        """Adds a duration."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def __len__(self) -> int:
        """Returns the number of durations."""
        return sum(self.counts)

    def mean(self) -> float | None:
        """Returns the mean in seconds; None without durations."""
        count = len(self)
        return self.total / count if count else None

    def quantile(self, fraction: float) -> float | None:
        """Returns the duration, in seconds, below which this fraction of all lies; None without durations.

        Interpolates linearly within a bucket, as Prometheus' ``histogram_quantile`` does; a duration above the last
        bound counts as that bound.
        """
        rank = fraction * len(self)
        edges = pairwise((0.0, *BOUNDS))
        for (low, high), count, below in zip(edges, self.counts, accumulate(self.counts, initial=0), strict=False):
            if count and below + count >= rank:
                return low + (high - low) * (rank - below) / count
        return BOUNDS[-1] if len(self) else None

    def cumulative(self) -> Iterator[tuple[float, int]]:
        """Yields each bound, in seconds, and the number of durations up to it."""
        return zip(BOUNDS, accumulate(self.counts), strict=False)
