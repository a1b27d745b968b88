"""Estimates with their intervals, and indices of fairness.

Successive pairings and waits are correlated, so intervals come from batch means: the run is cut into a few long
batches, whose averages are as good as independent (Law and Kelton, *Simulation Modeling and Analysis*, 9.5.3).
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.theory import beta_quantile, chi2_tail, student_quantile
from sim.trace import Floats, Integers

BATCHES = 20
"""Between 10 and 30 loses little precision and keeps batches long (Schmeiser 1982)."""
SMALLEST_BATCH = 10
CONFIDENCE = 0.95
FEW = 20
"""Below this number of occurrences, a proportion is too skewed for a normal approximation."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval; NaN where there are too few data."""

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan

    def covers(self, theory: float) -> bool:
        """Returns whether a theoretical value lies in the interval, up to rounding.

        One sound run in twenty says no: that is what 95 % means.
        """
        rounding = 1e-9 * max(abs(theory), abs(self.value))
        return self.low - rounding <= theory <= self.high + rounding


def ratio(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> Estimate:
    """Estimates a ratio of two sums from the parts of each batch (Cochran, *Sampling Techniques*, 6.3).

    Args:
        numerators: one sum for each batch, 0 or more, shape (batches,).
        denominators: the same, shape (batches,).

    Returns:
        The ratio of the totals, its interval by Student's t with one degree of freedom less than batches, cut off
        at 0.
    """
    above, below = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    batches, total = len(above), float(below.sum())
    if not total > 0:
        return Estimate()
    value = float(above.sum()) / total
    if batches < 2:
        return Estimate(value)
    residuals = above - value * below
    error = math.sqrt(batches / (batches - 1) * float(np.sum(residuals**2))) / total
    margin = student_quantile((1 + CONFIDENCE) / 2, batches - 1) * error
    return Estimate(value, max(0.0, value - margin), value + margin)


def mean(values: npt.NDArray[np.float64] | npt.NDArray[np.bool_]) -> Estimate:
    """Estimates the mean of correlated values.

    Args:
        values: in chronological order, shape (any,).

    Returns:
        Their mean, with an interval from up to ``BATCHES`` batches of at least ``SMALLEST_BATCH`` values.
    """
    batches = min(BATCHES, max(1, len(values) // SMALLEST_BATCH))
    edges = np.linspace(0, len(values), batches + 1).astype(np.int64)
    sums = [float(values[low:high].sum()) for low, high in pairwise(edges.tolist())]
    return ratio(sums, np.diff(edges))


def proportion(outcomes: npt.NDArray[np.bool_]) -> Estimate:
    """Estimates a probability from the outcomes of correlated trials, in chronological order, shape (trials,)."""
    trials, count = len(outcomes), int(np.count_nonzero(outcomes))
    if not trials:
        return Estimate(math.nan, 0.0, 1.0)
    # The rule of three (Hanley and Lippman-Hand, JAMA 249, 1983): batches without any variance have no interval.
    if count == 0:
        return Estimate(0.0, 0.0, min(1.0, 3 / trials))
    if count == trials:
        return Estimate(1.0, max(0.0, 1 - 3 / trials), 1.0)
    if trials < BATCHES * SMALLEST_BATCH or min(count, trials - count) < FEW:
        # The exact binomial interval (Clopper and Pearson, Biometrika 26, 1934): wide enough for weak correlation.
        tail = (1 - CONFIDENCE) / 2
        low = beta_quantile(tail, count, trials - count + 1)
        return Estimate(count / trials, low, beta_quantile(1 - tail, count + 1, trials - count))
    estimate = mean(outcomes)
    return Estimate(estimate.value, estimate.low, min(1.0, estimate.high))


def rank_uniformity(ranks: Integers, sizes: Integers) -> float | None:
    """Tests by χ² whether each rank was drawn uniformly from 0 … size − 1, where the size varies from draw to draw.

    Args:
        ranks: what was drawn, shape (draws,).
        sizes: from how many, shape (draws,).

    Returns:
        The p-value; None with fewer than ``5 * BATCHES`` draws, too few for five in a bin.
    """
    if len(ranks) < 5 * BATCHES:
        return None
    # The randomised probability integral transform (Brockwell, Statistics & Probability Letters 77, 2007): each rank
    # is spread over its share of the unit interval, which makes the numbers exactly uniform if the draws are. Seeded by
    # the draws, the same draws give the same p-value, and no unlucky spreading comes back run after run.
    spread = np.random.default_rng((len(ranks), int(ranks.sum()))).random(len(ranks))
    spread += ranks
    spread /= sizes
    spread *= BATCHES
    counts = np.bincount(np.minimum(spread.astype(np.int64), BATCHES - 1), minlength=BATCHES)
    expected = len(ranks) / BATCHES
    return chi2_tail(float(np.sum((counts - expected) ** 2)) / expected, BATCHES - 1)


def jain(shares: Floats | Integers) -> float:
    """Returns Jain's index (Σx)²/(n·Σx²): 1 if all have the same, 1/n if one has all (Jain, Chiu, Hawe 1984)."""
    values = shares.astype(float)
    squares = float(np.sum(values**2))
    return min(1.0, float(values.sum()) ** 2 / (len(values) * squares)) if squares else math.nan


def gini(shares: Floats | Integers) -> float:
    """Returns the Gini coefficient of shares ≥ 0: 0 if all have the same, towards 1 if one has all.

    The weights are symmetric around 0, so that equal shares cancel each other; rounding alone could go below 0.
    """
    values = np.sort(shares.astype(float))
    total, number = float(values.sum()), len(values)
    if not total:
        return math.nan
    return max(0.0, float(np.sum(np.arange(1 - number, number, 2) * values)) / (number * total))
