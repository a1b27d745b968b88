"""Which pair of the pool each of a sample of draws took, to tell later whether all were equally likely."""

from array import array
from collections.abc import Mapping
from typing import Any

from roulette_core import Effect, Paired
from roulette_core.testing import Ledger

ALL_AT_FIRST = 4_000
"""The draws of so many events are all looked at, which is plenty to tell whether they are even …"""
LATER_EVERY = 16
"""… and after that those of every so manieth, because numbering pairs costs more than all other recording."""
MOST_OF_ONE_EVENT = 8
"""Of the draws that one event leads to so many are looked at, because each takes time by the size of the pool."""


class Draws:
    """Observes draws, each as the number of the pair that was taken among all pairs of the pool.

    The number, or rank, comes from the order in which users entered the pool: where the i-th and the j-th, i < j,
    are drawn, it is j(j−1)/2 + i, one of 0 … C(pool, 2) − 1. Draws from a pool of two, where there is no choice,
    are passed over. Which draws are looked at does not depend on how they came out.

    Args:
        pool: those searching, in the order in which they began, before the event whose effects are observed.

    Attributes:
        next: the number of the next event to be observed, from 0.
        found: four numbers for each draw, for others to take out: the event's, the draw's among those of that event,
            the pool's size, and the rank.
    """

    def __init__(self, pool: Mapping[Any, float]) -> None:
        self.next = 0
        self.found = array("q")
        self._pool = pool

    def observe(self, effects: tuple[Effect, ...]) -> None:
        """Looks at what came of the event that is next."""
        if Paired in map(type, effects):
            self._walk(effects)
        self.next += 1 if self.next < ALL_AT_FIRST else LATER_EVERY

    def _walk(self, effects: tuple[Effect, ...]) -> None:
        """Follows the pool from effect to effect, on a copy."""
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
        # A draw of somebody who is not there has no rank: the invariants tell of it.
        if len(order) > 2 and first in order and second in order:
            i, j = sorted((order.index(first), order.index(second)))
            self.found.extend((self.next, drawn, len(order), j * (j - 1) // 2 + i))
