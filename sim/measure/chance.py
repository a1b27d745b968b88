"""What fair chance would have given the same users: the outcomes of their searches, dealt anew.

Each user keeps the number of searches that they made. How long the searches of users of one kind took, and whether they
ended in a chat, is dealt to these users at random. Lengths are those of the histogram, scaled so that their sum is the
measured one.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.measure.evenness import gini, jain
from sim.measure.histogram import MIDDLES
from sim.measure.run_figures import Floats, Integers, Spread
from sim.theory import student_quantile, student_tail

DEALS: Final = 50
"""Most deals of a run: the runs of an experiment have some hundreds together."""
BUDGET: Final = 400_000
"""About so many numbers are dealt in all: some hundredths of a second."""
LEAST_DEALS: Final = 10
"""If there are too many searches for so many deals, some users only are dealt to, and measured."""
_SEED: Final = 20_08

NOTHING: Final = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """What users did, and what came of it.

    Attributes:
        kinds: of each user, shape (users,).
        searches: number of searches of each, shape (users,).
        chats: number of those that ended in a chat, shape (users,).
        seconds: total length of their searches, shape (users,).
        lengths: number of searches in each bin of the histogram, shape (K, bins).
    """

    kinds: Integers
    searches: Integers
    chats: Integers
    seconds: Floats
    lengths: Integers

    def some(self, chosen: npt.NDArray[np.bool_]) -> "Searches":
        """Returns the same for some of the users."""
        return Searches(
            self.kinds[chosen], self.searches[chosen], self.chats[chosen], self.seconds[chosen], self.lengths
        )


def spreads(found: Searches) -> tuple[Spread, Spread]:
    """Returns how evenly chats and lengths are spread over the users, beside what chance would give.

    The same users and searches give the same deals.
    """
    generator = np.random.default_rng(_SEED)
    dealt_to = _within_budget(found, generator)
    deals = max(LEAST_DEALS, min(DEALS, BUDGET // max(1, int(dealt_to.searches.sum()))))
    chats = [_deal_chats(dealt_to, generator) for _ in range(deals)]
    seconds = [_deal_seconds(dealt_to, generator) for _ in range(deals)]
    return _spread(found.chats, dealt_to.chats, chats), _spread(found.seconds, dealt_to.seconds, seconds)


def _within_budget(found: Searches, generator: np.random.Generator) -> Searches:
    """Returns all users, or as many drawn at random as can be dealt to often enough."""
    share = BUDGET / LEAST_DEALS / max(1, int(found.searches.sum()))
    return found if share >= 1 else found.some(generator.random(len(found.kinds)) < share)


def _deal_chats(found: Searches, generator: np.random.Generator) -> Integers:
    """Returns a number of chats for each user, shape (users,)."""
    dealt = np.zeros(len(found.kinds), dtype=np.int64)
    for users in _by_kind(found):
        searches = found.searches[users]
        successes = int(found.chats[users].sum())
        dealt[users] = generator.multivariate_hypergeometric(searches, successes, method="marginals")
    return dealt


def _deal_seconds(found: Searches, generator: np.random.Generator) -> Floats:
    """Returns a total length of searches for each user, shape (users,)."""
    dealt = np.zeros(len(found.kinds))
    for users in _by_kind(found):
        searches = found.searches[users]
        lengths = _lengths(found, users, generator)
        cuts = np.concatenate(([0], np.cumsum(searches)[:-1]))
        sums = np.add.reduceat(np.append(lengths, 0.0), cuts)
        total = float(sums.sum())
        dealt[users] = sums * (float(found.seconds[users].sum()) / total) if total else 0.0
    return dealt


def _lengths(found: Searches, users: Integers, generator: np.random.Generator) -> Floats:
    """Returns as many lengths, in random order, as some users of one kind made searches."""
    number = int(found.searches[users].sum())
    counts = found.lengths[found.kinds[users[0]]]
    if number < counts.sum():  # some of the users only: of the lengths, too, as many are dealt
        counts = generator.multivariate_hypergeometric(counts, number, method="marginals")
    lengths = np.repeat(MIDDLES, counts)
    generator.shuffle(lengths)
    return np.resize(lengths, number)  # the same, unless in damaged rows a user comes back as one of another kind


def _by_kind(found: Searches) -> Iterator[Integers]:
    """Yields the numbers of the users of each kind who made searches."""
    for kind in range(len(found.lengths)):
        users = np.flatnonzero((found.kinds == kind) & (found.searches > 0))
        if len(users):
            yield users


def _spread(measured: Integers | Floats, among: Integers | Floats, deals: list[Integers] | list[Floats]) -> Spread:
    """Returns a spread with its place among the deals, which are brought to the evenness of all users.

    Args:
        measured: of all users.
        among: of the users who were dealt to.
        deals: what these were dealt.
    """
    like = _ratio(jain(measured), jain(among)), _ratio(gini(measured), gini(among))
    jains = np.array([jain(deal) for deal in deals]) * like[0]
    ginis = np.array([gini(deal) for deal in deals]) * like[1]
    low, high = _middle(jains)
    gini_low, gini_high = _middle(ginis)
    return Spread(
        jain=jain(measured),
        gini=gini(measured),
        jain_chance=float(jains.mean()),
        jain_chance_sd=float(jains.std(ddof=1)),
        jain_low=low,
        jain_high=high,
        jain_p=_p(jain(measured), jains),
        gini_chance=float(ginis.mean()),
        gini_low=gini_low,
        gini_high=gini_high,
        gini_p=_p(gini(measured), ginis),
        deals=len(deals),
    )


def _ratio(whole: float, part: float) -> float:
    """Returns how much more even all users are than those who were dealt to: 1 if these are all."""
    return whole / part if part > 0.0 else 1.0


def _middle(deals: Floats) -> tuple[float, float]:
    """Returns where 95 % of the deals lie; of few, where one more of them would, by Student's t."""
    number = len(deals)
    if number < DEALS:
        margin = student_quantile(0.975, number - 1) * float(deals.std(ddof=1)) * math.sqrt(1 + 1 / number)
        return float(deals.mean()) - margin, min(1.0, float(deals.mean()) + margin)
    # As ``np.quantile`` does, for which numpy imports 150 ms of other things.
    low, high = np.interp((0.025, 0.975), np.linspace(0.0, 1.0, len(deals)), np.sort(deals)).tolist()
    return low, high


def _p(value: float, deals: Floats) -> float:
    """Returns a two-sided p-value by Monte Carlo (Davison and Hinkley, *Bootstrap Methods*, 4.2): never 0.

    Deals that differ from the value by rounding alone are equal to it. In large runs deals are few, but close to
    normally distributed: then the value is compared with them by Student's t, as one more of them.
    """
    if np.isnan(value) or np.isnan(deals).any():
        return NOTHING
    rounding, number = 1e-9, len(deals)
    spread = float(deals.std(ddof=1)) * math.sqrt(1 + 1 / number)
    if number < DEALS and spread > rounding:
        return student_tail((value - float(deals.mean())) / spread, number - 1)
    below = 1 + int(np.count_nonzero(deals <= value + rounding))
    above = 1 + int(np.count_nonzero(deals >= value - rounding))
    return min(1.0, 2 * min(below, above) / (number + 1))
