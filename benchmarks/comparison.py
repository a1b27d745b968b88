"""Compares a report with an earlier one, and says which differences are beyond noise.

A figure of one report differs from that of another because something was changed, because the machine was faster, or by
chance. So each timing is divided by the pace of the machine beside it (``harness.pace_of_machine``), and the logarithms
of these are compared by Welch's test (Biometrika 34, 1947), which asks how far two means are apart beside the spread
within each report. Of many figures some would differ by chance: their p-values are corrected by Holm's method
(Scandinavian Journal of Statistics 6, 1979), so that a report in which nothing was changed is called different, in
anything at all, with a probability of at most 5 %. A difference below 5 % is never called one: as much can come of
where in memory things happen to lie (Mytkowicz et al., *Producing Wrong Data Without Doing Anything Obviously Wrong!*,
2009), which stays the same within a report.
"""

import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from benchmarks.results import Measurement, Report
from sim.theory import student_quantile, student_tail

LEVEL = 0.05
SMALLEST = 0.05
"""No difference below this share is called one."""
FEWEST = 3
"""Timings with fewer runs, in either report, are not judged."""
EXACT = ("bytes/user", "instructions", "MiB")
"""Units of figures that are the same, to a percent, at each measurement."""
_EQUAL = 1e-12


class Place(NamedTuple):
    """Where a measurement stands in a report."""

    suite: str
    section: str
    subject: str
    users: int
    unit: str


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure differs from the earlier one.

    Attributes:
        place: where it stands.
        before: the earlier median, as measured.
        after: the median now, as measured.
        ratio: now by before, on a machine of the same pace.
        low: lower end of the 95 % interval of the ratio; the ratio itself if it is exact.
        high: upper end.
        p: the p-value, corrected for the number of figures; None if the figure was not judged.
        beyond_noise: whether there is a difference.
    """

    place: Place
    before: float
    after: float
    ratio: float
    low: float
    high: float
    p: float | None
    beyond_noise: bool

    @property
    def is_better(self) -> bool:
        """Whether the difference is for the better: more a second, or less of anything else."""
        return (self.ratio > 1) == self.place.unit.endswith("/s")


@dataclass(frozen=True, slots=True)
class Comparison:
    """All figures that two reports have in common, and how many of each the other lacks."""

    changes: tuple[Change, ...]
    only_before: int
    only_after: int

    @property
    def beyond_noise(self) -> tuple[Change, ...]:
        """Returns the changes that noise does not explain."""
        return tuple(change for change in self.changes if change.beyond_noise)

    @property
    def unjudged(self) -> int:
        """Returns how many timings had too few runs."""
        return sum(change.p is None and change.place.unit not in EXACT for change in self.changes)


def compare(before: Report, after: Report) -> Comparison:
    """Compares two reports, figure by figure."""
    earlier, later = dict(_measurements(before)), dict(_measurements(after))
    common = [place for place in later if place in earlier]
    changes = [_change(place, earlier[place], later[place]) for place in common]
    return Comparison(tuple(_corrected(changes)), len(earlier) - len(common), len(later) - len(common))


def _measurements(report: Report) -> Iterator[tuple[Place, Measurement]]:
    for suite in report.suites:
        for section in suite.findings.sections:
            for found in section.measurements:
                yield Place(suite.suite, section.title, found.subject, found.users, found.unit), found


def _change(place: Place, before: Measurement, after: Measurement) -> Change:
    medians = before.sample.median, after.sample.median
    old, new = _logarithms(before), _logarithms(after)
    if place.unit in EXACT or not old or not new:
        ratio = medians[1] / medians[0] if medians[0] else math.nan
        is_judged = place.unit in EXACT
        return Change(place, *medians, ratio, ratio, ratio, None, is_judged and abs(ratio - 1) > SMALLEST)
    ratio = math.exp(statistics.fmean(new) - statistics.fmean(old))
    if min(len(old), len(new)) < FEWEST:
        return Change(place, *medians, ratio, math.nan, math.nan, None, False)
    margin, p = _welch(old, new)
    return Change(place, *medians, ratio, ratio * math.exp(-margin), ratio * math.exp(margin), p, False)


def _logarithms(found: Measurement) -> list[float]:
    """Returns the logarithms of the values on a machine of pace 1; none if a value is not positive."""
    if found.sample.low <= 0:
        return []
    values = [math.log(value) for value in found.sample.values]
    if found.pace is None:
        return values
    sign = -1 if found.unit.endswith("/s") else 1  # a slow machine does less a second, and takes more time
    paces = map(math.log, found.pace.values)
    return [value + sign * pace for value, pace in zip(values, paces, strict=True)]


def _welch(old: list[float], new: list[float]) -> tuple[float, float]:
    """Returns half the 95 % interval of the difference of two means, and its p-value."""
    parts = [statistics.variance(sample) / len(sample) + _EQUAL**2 for sample in (old, new)]
    error = math.sqrt(sum(parts))
    df = sum(parts) ** 2 / sum(part**2 / (len(sample) - 1) for part, sample in zip(parts, (old, new), strict=True))
    difference = statistics.fmean(new) - statistics.fmean(old)
    return student_quantile(1 - LEVEL / 2, df) * error, student_tail(difference / error, df)


def _corrected(changes: list[Change]) -> Iterator[Change]:
    """Corrects p-values by Holm's method, and says which differences are beyond noise."""
    judged = sorted((change for change in changes if change.p is not None), key=lambda change: change.p or 0.0)
    raised = ((len(judged) - rank) * (change.p or 0.0) for rank, change in enumerate(judged))
    corrected = {id(change): min(1.0, p) for change, p in zip(judged, accumulate(raised, max), strict=True)}
    for change in changes:
        if change.p is None:
            yield change
            continue
        p = corrected[id(change)]
        beyond = p < LEVEL and abs(math.log(change.ratio)) > math.log(1 + SMALLEST)
        yield replace(change, p=p, beyond_noise=beyond)
