"""Whether each draw took any pair of the pool with the same probability, by order of entry."""

from typing import Final

from sim.measure.columns import LARGE, column
from sim.measure.run_figures import DRAW_BINS

COMPILED: Final = not __file__.endswith(".py")

ALL_AT_FIRST: Final = 4_000
"""Number of first events whose draws are all sampled: enough for the test."""
LATER_EVERY: Final = 16
"""After that, one event in so many is sampled, because ranking a pair takes time by the size of the pool."""
MOST_OF_ONE_EVENT: Final = 8
"""Limit of draws sampled of one event, for the same reason."""

_WORD: Final = 0xFFFFFFFFFFFFFFFF


class DrawTest:
    """Sorts the ranks of sampled draws into bins that are equally likely if all pairs of the pool are.

    Each rank is spread at random over its share of the unit interval (the randomised probability integral transform,
    Brockwell, Statistics & Probability Letters 77, 2007), which makes the numbers exactly uniform if the draws are. The
    random numbers are those of SplitMix64 (Steele 2014), stirred by the draws. Which draws are sampled does not depend
    on their outcomes.

    Attributes:
        counts: number of draws in each bin.
    """

    def __init__(self) -> None:
        self.counts = column(LARGE, DRAW_BINS, 0, COMPILED)
        self.clear()

    def clear(self) -> None:
        """Begins anew."""
        self._event = -1
        self._drawn = 0
        self._chance = 0
        for place in range(DRAW_BINS):
            self.counts[place] = 0

    def note(self, event: int, rank: int, pool: int) -> None:
        """Counts a draw, unless there were many of its event.

        Args:
            event: the number of the event.
            rank: of the pair among all pairs of the pool, from 0.
            pool: the size of the pool, at least 2.
        """
        if event != self._event:
            self._event = event
            self._drawn = 0
        self._drawn += 1
        if self._drawn > MOST_OF_ONE_EVENT:
            return
        self._chance = (self._chance + 0x9E3779B97F4A7C15 + rank) & _WORD
        word = self._chance
        word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & _WORD
        word = (word ^ word >> 27) * 0x94D049BB133111EB & _WORD
        word ^= word >> 31
        spread = (word >> 11) * 2.0**-53
        pairs = pool * (pool - 1) // 2
        place = int((rank + spread) / pairs * DRAW_BINS)
        self.counts[place if place < DRAW_BINS else DRAW_BINS - 1] += 1
