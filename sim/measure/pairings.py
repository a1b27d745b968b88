"""Pairings and re-pairs."""

from dataclasses import dataclass

import numpy as np

from sim.measure.order import Positions, previous_of_same
from sim.measure.statistics import Estimate, proportion, rank_uniformity
from sim.trace import Integers, Trace

RECENT = 5
"""Number of latest partners that count as recent."""


@dataclass(frozen=True, slots=True)
class Repairs:
    """How often users met again.

    Attributes:
        count: re-pairs: pairings of two users each of whom had the other as latest partner.
        opportunities: pairings of two users who both had a partner before.
        probability: ``count`` divided by ``opportunities``.
        recent: pairings of two users each of whom had the other among the last ``RECENT`` partners.
    """

    count: int
    opportunities: int
    probability: Estimate
    recent: int


def repairs(trace: Trace) -> Repairs:
    """Measures re-pairs. A user who comes back under the same number still has the latest partner of before."""
    appearances = np.empty(2 * trace.pairings, dtype=np.int64)
    appearances[0::2], appearances[1::2] = trace.pair_first, trace.pair_second
    previous = previous_of_same(appearances)
    before_first, before_second = previous[0::2], previous[1::2]
    both = (before_first >= 0) & (before_second >= 0)
    # Each had the other as latest partner exactly if both took part in the same latest pairing.
    again = ((before_first >> 1) == (before_second >> 1))[both]
    return Repairs(
        count=int(np.count_nonzero(again)),
        opportunities=len(again),
        probability=proportion(again),
        recent=_recent(appearances, previous, np.flatnonzero(both)),
    )


def _recent(appearances: Integers, previous: Positions, pairings: Integers) -> int:
    """Returns how many of some pairings joined two users who both had the other among their recent partners.

    Both users of each pairing must have had a partner before.
    """
    for side in (0, 1):
        appearance = 2 * pairings + side
        partner = appearances[appearance ^ 1]
        met = np.zeros(len(pairings), dtype=bool)
        for _ in range(RECENT):
            earlier = previous[appearance]
            # A user without an earlier pairing stays at the first.
            appearance = np.where(earlier < 0, appearance, earlier)
            met |= appearances[appearance ^ 1] == partner
        pairings = pairings[met]
    return len(pairings)


def chats_by_user(trace: Trace) -> Integers:
    """Returns the number of chats of each user, shape (users,)."""
    first = np.bincount(trace.pair_first, minlength=trace.users)
    return first + np.bincount(trace.pair_second, minlength=trace.users)


def distinct_partners(trace: Trace) -> float:
    """Returns the mean number of distinct partners per user; NaN if there are no users."""
    if not trace.users:
        return float("nan")
    couple = np.minimum(trace.pair_first, trace.pair_second)
    couple *= trace.users
    couple += np.maximum(trace.pair_first, trace.pair_second)
    couple.sort()
    couples = np.count_nonzero(np.diff(couple)) + (len(couple) > 0)
    return 2 * int(couples) / trace.users


def draw_uniformity(trace: Trace) -> float | None:
    """Returns the p-value of a test that each draw took any pair of the pool with the same probability.

    Draws from a pool of two, where there is no choice, are not recorded.
    """
    return rank_uniformity(trace.draw_rank, trace.draw_pool * (trace.draw_pool - 1) // 2)
