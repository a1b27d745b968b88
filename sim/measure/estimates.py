"""Estimates over independent runs, their intervals, and the paired differences of policies.

Runs with seeds of their own are independent, whatever happens inside each of them; so their spread says how far a
figure may be off, and Student's t with one degree of freedom less than runs gives its 95 % interval (Law and Kelton,
*Simulation Modeling and Analysis*, 9.4.1). Every estimate here is brought to one form: a value, and for each run how
far that run alone pulls it away. The errors of means, ratios, quantiles and differences then have one formula.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.theory import beta_quantile, student_quantile, student_tail

CONFIDENCE: Final = 0.95
DOUBT: Final = 1 - CONFIDENCE

FEW: Final = 20
"""Below this number of occurrences, a proportion is too skewed for Student's t alone."""

VerdictInWords: TypeAlias = Literal["beyond chance", "no difference shown", "the same"]
BEYOND: Final = "beyond chance"
NOT_SHOWN: Final = "no difference shown"
SAME: Final = "the same"

_ROUNDING = 1e-9
"""How far two figures may differ that only rounding tells apart, relative to the larger."""

_SAME_ROUNDING = 1e-12
"""The same for two sums of the same numbers."""

Values: TypeAlias = Sequence[float] | npt.NDArray[np.float64] | npt.NDArray[np.int64]
"""One number for each run."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval; NaN where it is not defined, or where there are too few runs for one."""

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan

    def covers(self, theory: float) -> bool:
        """Returns whether a theoretical value lies in the interval, up to rounding.

        One sound figure in twenty says no: that is what 95 % means.
        """
        rounding = _ROUNDING * max(abs(theory), abs(self.value))
        return self.low - rounding <= theory <= self.high + rounding

    def within(self, least: float, most: float) -> "Interval":
        """Returns the interval without what the figure cannot be; NaN stays."""
        return Interval(self.value, max(self.low, least), min(self.high, most)) if self.low <= self.high else self


@dataclass(frozen=True, slots=True)
class OverRuns:
    """A figure over several independent runs.

    Attributes:
        value: the estimate from all runs together.
        runs: the figure of each run; NaN where a run has none, as of waits without a chat.
        pulls: how far each run pulls the value away, so that the mean of its squares is the variance of one run; NaN
            where a run has no part in it.
    """

    value: float
    runs: tuple[float, ...]
    pulls: tuple[float, ...]

    @property
    def error(self) -> float:
        """The standard error; NaN with fewer than two runs."""
        return _error(self.pulls)

    def interval(self, confidence: float = CONFIDENCE) -> Interval:
        """Returns the interval by Student's t."""
        taking_part = _count(self.pulls)
        if taking_part < 2:
            return Interval(self.value)
        margin = student_quantile((1 + confidence) / 2, taking_part - 1) * self.error
        return Interval(self.value, self.value - margin, self.value + margin)


@dataclass(frozen=True, slots=True)
class Difference:
    """One policy's figure minus another's, with the same users and the same chance run by run.

    Attributes:
        interval: of the difference.
        p: the probability of a difference as large as this, if there is none; NaN with fewer than two runs.
        verdict: in words; None where there is nothing to compare.
    """

    interval: Interval
    p: float
    verdict: VerdictInWords | None


def mean(runs: Values) -> OverRuns:
    """Estimates the mean of a figure; runs that do not have it, NaN, are left out."""
    values = np.asarray(runs, dtype=float)
    known = values[~np.isnan(values)]
    value = float(known.sum()) / len(known) if len(known) else math.nan
    return OverRuns(value, _plain(values), _plain(values - value))


def ratio(numerators: Values, denominators: Values) -> OverRuns:
    """Estimates a ratio of two sums over all runs (Cochran, *Sampling Techniques*, 6.3).

    It is no mean of ratios, which would weigh a run with three searches like one with a thousand. It is off by an order
    of 1/runs of its standard error.
    """
    above, below = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    total = float(below.sum())
    each = np.divide(above, below, out=np.full(len(above), math.nan), where=below > 0)
    if not total > 0:
        return OverRuns(math.nan, _plain(each), (math.nan,) * len(above))
    value = float(above.sum()) / total
    return OverRuns(value, _plain(each), _plain((above - value * below) * (len(below) / total)))


def sectioned(value: float, runs: Values) -> OverRuns:
    """Estimates a figure that is no mean, such as a quantile: ``value`` is that of all runs put together.

    The spread of the runs' own figures is taken around it (*sectioning*: Asmussen and Glynn, *Stochastic Simulation*,
    III.5a), which also pays for the bias of a quantile of few values.
    """
    values = np.asarray(runs, dtype=float)
    return OverRuns(value, _plain(values), _plain(values - value))


def proportion(counts: Values, trials: Values) -> Interval:
    """Estimates a probability from the occurrences and the opportunities of each run.

    Where there are few occurrences, or few opportunities without one, Student's t alone is too narrow: then the
    interval is the wider of it and the exact binomial one (Clopper and Pearson, Biometrika 26, 1934) of the totals.
    An event that never happened has the rule of three (Hanley and Lippman-Hand, JAMA 249, 1983).
    """
    count, total = round(float(np.sum(counts))), round(float(np.sum(trials)))
    found = ratio(counts, trials).interval().within(0.0, 1.0)
    if not total:
        return Interval(math.nan, 0.0, 1.0)
    if min(count, total - count) >= FEW:
        return found
    exact = exact_proportion(count, total)
    if math.isnan(found.low):
        return exact
    return Interval(found.value, min(found.low, exact.low), max(found.high, exact.high))


def exact_proportion(count: int, trials: int) -> Interval:
    """Estimates a probability from independent trials, at least one."""
    if count == 0:
        return Interval(0.0, 0.0, min(1.0, 3 / trials))
    if count == trials:
        return Interval(1.0, max(0.0, 1 - 3 / trials), 1.0)
    low = beta_quantile(DOUBT / 2, count, trials - count + 1)
    return Interval(count / trials, low, beta_quantile(1 - DOUBT / 2, count + 1, trials - count))


def batch_means(numerators: Values, denominators: Values) -> Interval:
    """Estimates a ratio of two sums from consecutive batches of one run.

    Batches take the place of runs. That holds in one long run of the closed model, which is at rest and forgets
    quickly; where people differ, come and go, such intervals are far too narrow (``docs/theory.md``).
    """
    return ratio(numerators, denominators).interval()


def difference(one: OverRuns, other: OverRuns, comparisons: int = 1) -> Difference:
    """Returns ``one`` minus ``other``, paired run by run.

    The verdict divides the doubt of 5 % by the number of ``comparisons`` made of this figure (Bonferroni); the interval
    stays one of 95 %.
    """
    if len(one.runs) != len(other.runs):
        raise ValueError("runs can only be paired if there are as many of one as of the other")
    pulls = tuple(a - b for a, b in zip(one.pulls, other.pulls, strict=True))
    runs = tuple(a - b for a, b in zip(one.runs, other.runs, strict=True))
    found = OverRuns(one.value - other.value, runs, pulls)
    if _the_same(one, other):
        return Difference(Interval(0.0, 0.0, 0.0), 1.0, SAME)
    taking_part = _count(pulls)
    if math.isnan(found.value) or taking_part < 2:
        return Difference(Interval(found.value), math.nan, None)
    p = student_tail(found.value / found.error, taking_part - 1) if found.error else 0.0
    return Difference(found.interval(), p, BEYOND if p < DOUBT / comparisons else NOT_SHOWN)


def p_of_mean(runs: Values, expected: float = 0.0) -> float:
    """Returns the probability that the mean over runs is as far from ``expected`` as it is by chance (t); or NaN."""
    found = mean(runs)
    taking_part, away = _count(found.pulls), found.value - expected
    if taking_part < 2 or math.isnan(away):
        return math.nan
    if not found.error > _ROUNDING * max(abs(found.value), abs(expected)):
        return 1.0 if abs(away) <= _ROUNDING * max(abs(found.value), abs(expected)) else 0.0
    return student_tail(away / found.error, taking_part - 1)


def _the_same(one: OverRuns, other: OverRuns) -> bool:
    """Whether both figures are identical in every run: two names of one policy, or a rule that made no difference."""
    if math.isnan(one.value) or math.isnan(other.value):
        return False
    return all(_equal(a, b) for a, b in zip(one.runs, other.runs, strict=True))


def _equal(one: float, other: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return abs(one - other) <= _SAME_ROUNDING * max(abs(one), abs(other))


def _error(pulls: Values) -> float:
    squares = [pull * pull for pull in pulls if not math.isnan(pull)]
    return math.sqrt(math.fsum(squares) / (len(squares) * (len(squares) - 1))) if len(squares) > 1 else math.nan


def _count(pulls: Values) -> int:
    return sum(not math.isnan(pull) for pull in pulls)


def _plain(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(values.tolist())
