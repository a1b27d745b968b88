"""How evenly pairings and waiting are spread over the users, and how evenly chance alone would spread them."""

from dataclasses import dataclass

import numpy as np

from roulette_core import State
from sim.measure.pairings import chats_by_user, distinct_partners, draw_uniformity
from sim.measure.statistics import gini, jain
from sim.measure.stays import Stays
from sim.measure.waits import search_seconds, waiting_by_user
from sim.theory import expected_partners, gini_of_poisson, jain_of_poisson
from sim.trace import Floats, Trace

NAMED = 3
"""Number of users without a chat who are named."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly a quantity is spread over the users, by Jain's index and the Gini coefficient; NaN if its total is 0.

    Beside them stands what chance alone would give.
    """

    jain: float
    gini: float
    jain_by_chance: float
    gini_by_chance: float


@dataclass(frozen=True, slots=True)
class Fairness:
    """Fairness of a run.

    Attributes:
        chats: of the number of chats; chance gives Poisson counts.
        waiting: of the total time searched; chance deals the run's own searches to users at random.
        chats_mean: chats per user.
        distinct_partners: different partners per user.
        distinct_partners_by_chance: the same if every partner were drawn anew from all other users; None where users
            come and go.
        draw_uniformity: p-value of a test that all pairs of the pool are equally likely; None with few draws.
        never: number of users who searched but never got a chat.
        never_users: the first few of them.
    """

    chats: Spread
    waiting: Spread
    chats_mean: float
    distinct_partners: float
    distinct_partners_by_chance: float | None
    draw_uniformity: float | None
    never: int
    never_users: tuple[int, ...]


def fairness(trace: Trace, found: Stays, closed: bool) -> Fairness:
    """Measures fairness in a run; ``closed`` says whether the same users were present from start to end."""
    chats = chats_by_user(trace)
    mean = float(chats.mean()) if trace.users else float("nan")
    searched = np.zeros(trace.users, dtype=bool)
    searched[trace.change_user[found.entered == State.SEARCHING]] = True
    never = np.flatnonzero(searched & (chats == 0))
    return Fairness(
        chats=Spread(jain(chats), gini(chats), jain_of_poisson(mean), gini_of_poisson(mean)),
        waiting=_waiting(waiting_by_user(trace, found), search_seconds(found)),
        chats_mean=mean,
        distinct_partners=distinct_partners(trace),
        distinct_partners_by_chance=expected_partners(trace.users, chats) if closed else None,
        draw_uniformity=draw_uniformity(trace),
        never=len(never),
        never_users=tuple(never[:NAMED].tolist()),
    )


def _waiting(waited: Floats, searches: Floats) -> Spread:
    """Compares with searches dealt to users at random, often enough for steady averages in small runs."""
    deals = min(50, 1 + 100_000 // (1 + len(searches)))
    generator = np.random.default_rng(20_08)
    dealt = [
        np.bincount(generator.integers(len(waited), size=len(searches)), weights=searches, minlength=len(waited))
        for _ in range(deals if len(waited) else 0)
    ]
    return Spread(
        jain=jain(waited),
        gini=gini(waited),
        jain_by_chance=float(np.mean([jain(deal) for deal in dealt])) if dealt else float("nan"),
        gini_by_chance=float(np.mean([gini(deal) for deal in dealt])) if dealt else float("nan"),
    )
