"""Samples draws: which pair of the pool was taken, for a test of whether all pairs are equally likely."""

from array import array
from collections.abc import Mapping
from typing import Any

from roulette_core import Effect, Paired
from roulette_core.testing import Ledger

ALL_AT_FIRST = 4_000
"""Number of first events whose draws are all sampled: enough for the test."""
LATER_EVERY = 16
"""After that, one event in so many is sampled, because ranking a pair costs more than all other recording."""
MOST_OF_ONE_EVENT = 8
"""Limit of draws sampled of one event, because each takes time proportional to the pool."""


class Draws:
    """Observes draws, each as the rank of the drawn pair among all pairs of the pool.

    Ranks follow the order in which users entered the pool: where the i-th and the j-th, i < j, are drawn, the rank is
    j(j−1)/2 + i, one of 0 … C(pool, 2) − 1. Draws from a pool of two, where there is no choice, are left out. Which
    draws are sampled does not depend on their outcomes.

    Args:
        pool: the users searching, in the order in which they began, before the event whose effects are observed.

    Attributes:
        next: the number of the next event to observe, from 0.
        found: four numbers for each draw: the event, the place of the draw among those of the event, the size of the
            pool, and the rank. The recorder takes them out.
    """

    def __init__(self, pool: Mapping[Any, float]) -> None:
        self.next = 0
        self.found = array("q")
        self._pool = pool

    def observe(self, effects: tuple[Effect, ...]) -> None:
        """Samples the draws of event ``next``."""
        if Paired in map(type, effects):
            self._walk(effects)
        self.next += 1 if self.next < ALL_AT_FIRST else LATER_EVERY

    def _walk(self, effects: tuple[Effect, ...]) -> None:
        """Follows the pool from effect to effect, in a copy."""
        ledger = Ledger()
        ledger.pool.update(self._pool)
        drawn = 0
        for effect in effects:
            if type(effect) is Paired:
                if drawn == MOST_OF_ONE_EVENT:
                    return
                self._rank(drawn, list(ledger.pool), effect.first, effect.second)
                drawn += 1
            ledger.enter(effect)

    def _rank(self, drawn: int, order: list[Any], first: Any, second: Any) -> None:
        # A draw of a user who is not in the pool has no rank; the invariants report it.
        if len(order) > 2 and first in order and second in order:
            i, j = sorted((order.index(first), order.index(second)))
            self.found.extend((self.next, drawn, len(order), j * (j - 1) // 2 + i))
