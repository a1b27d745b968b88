"""What a figure is: how it is taken from the runs of a policy, and estimated over them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeAlias

from sim.measure import ERROR, Interval, LogHistogram, OverRuns, RunFigures, estimates
from sim.results import PolicyRuns, Setting
from sim.theory import UNKNOWN, Expectation, closed_model

ENOUGH_CHATS: Final = 10
"""Fewer mean chats than a run lasts say nothing of the long run that theory is of."""
SETTLED_CHATS: Final = 5
"""After a warm-up of fewer mean chats, the closed model still remembers that all began by searching."""
BATCH_CHATS: Final = 3
"""A batch of one run must last at least so many mean chats to be nearly independent of the next."""

OfRun: TypeAlias = Callable[[RunFigures], float]


class Sample:
    """The runs of one policy, with what is worked out from them once."""

    def __init__(self, setting: Setting, policy: PolicyRuns) -> None:
        self.setting = setting
        self.policy = policy
        self.figures = policy.figures

    @cached_property
    def expected(self) -> Expectation:
        """What theory says."""
        chat = self.setting.mean_chat_seconds
        return UNKNOWN if chat is None else closed_model(self.policy.policy, self.setting.users, chat)

    @property
    def chats(self) -> float:
        """Length of the shortest run in mean chats of the closed model; NaN for other scenarios."""
        chat = self.setting.mean_chat_seconds
        return math.nan if chat is None else min(run.seconds for run in self.figures) / chat

    @property
    def is_of_the_long_run(self) -> bool:
        """Whether the runs begin late and are long enough to be held against theory."""
        chat = self.setting.mean_chat_seconds
        settled = chat is not None and self.setting.warmup_seconds >= SETTLED_CHATS * chat
        return settled and self.chats >= ENOUGH_CHATS

    @property
    def has_batches(self) -> bool:
        """Whether there is one run alone, of the closed model, long enough for intervals from its batches."""
        if len(self.figures) != 1 or not self.figures[0].batches:
            return False
        return self.chats >= BATCH_CHATS * len(self.figures[0].batches)


class Taken(NamedTuple):
    """A figure of one policy.

    Attributes:
        value: over all runs.
        runs: of each run.
        interval: of the value; None for what is no estimate, as a count.
        over: what differences are made of; None for the same.
        theory: what theory says; None where it says nothing.
        agrees: whether that lies in the interval; None where nothing can be compared.
    """

    value: Any
    runs: tuple[Any, ...] = ()
    interval: Interval | None = None
    over: OverRuns | None = None
    theory: float | None = None
    agrees: bool | None = None


class Taking(NamedTuple):
    """A way to take a figure from a sample, and in words how its interval comes about; empty for no estimate."""

    take: Callable[[Sample], Taken]
    interval: str = ""


MEAN, RATIO, PROPORTION, QUANTILE = "t of means", "t of a ratio", "proportion", "t of sections"
"""The kinds of intervals, which ``docs/metrics.md`` explains."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        key: its name in JSON.
        unit: of the value.
        taking: how to take it from the runs of a policy.
        formula: what it is.
        reading: how to read it, and what it cannot tell.
    """

    key: str
    unit: str
    taking: Taking
    formula: str
    reading: str = ""

    def take(self, sample: Sample) -> Taken:
        """Takes it from the runs of a policy."""
        return self.taking.take(sample)


def _no_theory(sample: Sample) -> float | None:
    return None


def _estimated(
    sample: Sample, over: OverRuns, interval: Interval | None, theory: Callable[[Sample], float | None]
) -> Taken:
    found = over.interval() if interval is None else interval
    expected = theory(sample)
    comparable = expected is not None and math.isfinite(expected) and not math.isnan(found.value + found.low)
    agrees = found.covers(expected) if comparable and expected is not None and sample.is_of_the_long_run else None
    return Taken(found.value, over.runs, found, over, expected, agrees)


def mean_of(of_run: OfRun, least: float = 0.0, most: float = math.inf) -> Taking:
    """Returns what estimates a figure that is one number a run, by the mean of the runs."""

    def take(sample: Sample) -> Taken:
        over = estimates.mean([of_run(run) for run in sample.figures])
        return _estimated(sample, over, over.interval().within(least, most), _no_theory)

    return Taking(take, MEAN)


def time_mean_of(
    of_run: OfRun, area: str | None = None, theory: Callable[[Sample], float | None] = _no_theory
) -> Taking:
    """Returns what estimates an average over time; of one run by its batches, if ``area`` names their integral."""

    def take(sample: Sample) -> Taken:
        over = estimates.mean([of_run(run) for run in sample.figures])
        interval = over.interval().within(0.0, math.inf)
        if area is not None and sample.has_batches:
            interval = _of_batches(sample, area, "seconds")
        return _estimated(sample, over, interval, theory)

    return Taking(take, MEAN)


def ratio_of(
    above: OfRun,
    below: OfRun,
    batches: tuple[str, str] | None = None,
    theory: Callable[[Sample], float | None] = _no_theory,
) -> Taking:
    """Returns what estimates a ratio of two sums; of one run by its batches, if their parts are named."""

    def take(sample: Sample) -> Taken:
        over = estimates.ratio([above(run) for run in sample.figures], [below(run) for run in sample.figures])
        interval = over.interval().within(0.0, math.inf)
        if batches is not None and sample.has_batches:
            interval = _of_batches(sample, *batches)
        return _estimated(sample, over, interval, theory)

    return Taking(take, RATIO)


def share_of(
    count: OfRun,
    trials: OfRun,
    batches: tuple[str, str] | None = None,
    theory: Callable[[Sample], float | None] = _no_theory,
) -> Taking:
    """Returns what estimates a probability; of one run by its batches, if their parts are named."""

    def take(sample: Sample) -> Taken:
        counts, chances = [count(run) for run in sample.figures], [trials(run) for run in sample.figures]
        found = estimates.proportion(counts, chances)
        if math.isnan(found.low) and batches is not None and sample.has_batches:
            found = _of_batches(sample, *batches).within(0.0, 1.0)
        elif len(counts) == 1 and sample.setting.mean_chat_seconds is None:
            found = Interval(found.value)  # it would take the trials of a run for independent
        return _estimated(sample, estimates.ratio(counts, chances), found, theory)

    return Taking(take, PROPORTION)


def quantile_of(histogram: Callable[[RunFigures], LogHistogram], share: float) -> Taking:
    """Returns what estimates a quantile: that of all runs together, with the spread of the runs' own."""

    def take(sample: Sample) -> Taken:
        each = [histogram(run) for run in sample.figures]
        over = estimates.sectioned(together(each).quantile(share), [one.quantile(share) for one in each])
        found = over.interval()
        of_a_bin = (1 + ERROR) ** 2  # what lies in one bin cannot be told apart, even if all runs agree on the bin
        found = Interval(found.value, found.low / of_a_bin, found.high * of_a_bin)
        return _estimated(sample, over, found.within(0.0, math.inf), _no_theory)

    return Taking(take, QUANTILE)


def total_of(of_run: Callable[[RunFigures], int]) -> Taking:
    """Returns what counts something in all runs together."""

    def take(sample: Sample) -> Taken:
        each = tuple(int(of_run(run)) for run in sample.figures)
        return Taken(sum(each), each)

    return Taking(take)


def plain(value: Callable[[Sample], Any]) -> Taking:
    """Returns what takes a figure that is no estimate from all runs."""
    return Taking(lambda sample: Taken(value(sample)))


def together(histograms: Sequence[LogHistogram]) -> LogHistogram:
    """Returns the histogram of all."""
    first, *others = histograms
    for other in others:
        first = first + other
    return first


def _of_batches(sample: Sample, above: str, below: str) -> Interval:
    batches = sample.figures[0].batches
    found = estimates.batch_means(
        [getattr(each, above) for each in batches], [getattr(each, below) for each in batches]
    )
    return found.within(0.0, math.inf)
