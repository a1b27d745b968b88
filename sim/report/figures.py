"""The one table of figures: their names on the screen and in JSON, their units, and how they are written.

The report, the JSON and the comparison of policies are made from it, so that none knows a figure that the others do
not. ``docs/theory.md`` lists the keys.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from roulette_core import State
from sim.measure import BOUNDS, RECENT, Estimate, Spread, Summary
from sim.report import cells
from sim.report.formats import duration, percent, significant


class Figure(NamedTuple):
    """One figure of a run.

    Attributes:
        key: its place in JSON; a dot leads into an object.
        unit: of the number, or what else it is.
        value: takes it from a run.
    """

    key: str
    unit: str
    value: Callable[[Summary], Any]


class Row:
    """One row of the report.

    Args:
        label: its name.
        write: makes a cell of the figures' values.
        figures: what it shows.
    """

    def __init__(self, label: str, write: Callable[..., str], *figures: Figure) -> None:
        self.label = label
        self.figures = figures
        self._write = write

    def cell(self, run: Summary) -> str:
        """Returns the cell of a run."""
        return self._write(*(figure.value(run) for figure in self.figures))


def _agrees(expected: float | None, estimate: Estimate) -> bool | None:
    """Returns whether a theoretical value lies in an interval; None if there is nothing to compare."""
    if expected is None or not math.isfinite(expected) or math.isnan(estimate.value) or math.isnan(estimate.low):
        return None
    return estimate.covers(expected)


def _estimated(
    label: str,
    value: Figure,
    estimate: Callable[[Summary], Estimate],
    theory: Callable[[Summary], float | None],
    write: Callable[[float], str],
) -> tuple[Row, ...]:
    """Returns the rows of an estimate: the value, its interval, and what theory says."""
    group, unit = value.key.partition(".")[0], value.unit
    ends = Figure(f"{group}.ci95", unit, lambda run: [estimate(run).low, estimate(run).high])
    expected = Figure(f"{group}.theory", unit, theory)
    agrees = Figure(f"{group}.agrees", "true or false", lambda run: _agrees(theory(run), estimate(run)))
    return (
        Row(label, write, value),
        Row("  95 % interval", cells.interval(write), ends),
        Row("  theory", cells.theory(write), expected, agrees),
    )


def _spread(label: str, index: str, of: str, spread: Callable[[Summary], Spread]) -> Row:
    """Returns the row of an index of fairness, beside the value that chance gives."""
    key, unit = f"fairness.{index}_{of}", "index from 0 to 1"
    return Row(
        label,
        cells.beside_chance,
        Figure(key, unit, lambda run: getattr(spread(run), index)),
        Figure(f"{key}_by_chance", unit, lambda run: getattr(spread(run), f"{index}_by_chance")),
    )


def _share(label: str, state: State) -> Row:
    return Row(label, percent, Figure(f"time.{state.name.lower()}", "share from 0 to 1", lambda run: run.shares[state]))


def _histogram(run: Summary) -> list[dict[str, float]]:
    bins = zip(BOUNDS, run.waits.histogram, strict=True)
    return [{"up_to_seconds": bound, "searches": count} for bound, count in bins]


POLICY = Figure("policy", "text", lambda run: run.setting.policy)
"""The heading of a run's column."""

HISTOGRAM = Figure("wait.histogram", "searches", _histogram)
"""Drawn as bars."""

CHECKS = Figure("checks", "verdicts", lambda run: run.checks)
"""Shown in a row each."""

_WORLD = Figure("world", "text", lambda run: run.setting.world)
_FAULTS = Figure("faults", "text", lambda run: run.setting.faults)
_SPEEDUP = Figure("speedup", "users' seconds per second", lambda run: run.setting.speed)
_USERS = Figure("users", "users", lambda run: run.setting.users)
_USERS_EVER = Figure("users_ever", "users", lambda run: run.users)
_REPAIRS = Figure("repair.count", "pairings", lambda run: run.repairs.count)
_OPPORTUNITIES = Figure("repair.opportunities", "pairings", lambda run: run.repairs.opportunities)
_LONGEST = Figure("wait.longest", "s", lambda run: run.waits.longest)
_PARTNERS = Figure("fairness.distinct_partners_mean", "users", lambda run: run.fairness.distinct_partners)
_PARTNERS_BY_CHANCE = Figure(
    "fairness.distinct_partners_by_chance", "users", lambda run: run.fairness.distinct_partners_by_chance
)

RUN = (
    Row("scenario", str, Figure("scenario", "text", lambda run: run.setting.scenario)),
    Row("world", cells.world, _WORLD, _FAULTS, _SPEEDUP),
    Row("users", cells.users, _USERS, _USERS_EVER),
    Row("seed", str, Figure("seed", "number", lambda run: run.setting.seed)),
    Row("simulated time", duration, Figure("simulated_seconds", "s", lambda run: run.simulated_seconds)),
    Row("pairings", cells.count, Figure("pairings", "pairings", lambda run: run.pairings)),
)

REPAIRS = (
    Row("count", "{:,} of {:,}".format, _REPAIRS, _OPPORTUNITIES),
    *_estimated(
        "probability",
        Figure("repair.probability", "probability", lambda run: run.repairs.probability.value),
        lambda run: run.repairs.probability,
        lambda run: run.expected.repair,
        cells.four_digits,
    ),
    Row(
        f"among last {RECENT} partners",
        cells.recent,
        Figure("repair.recent", "pairings", lambda run: run.repairs.recent),
        _OPPORTUNITIES,
    ),
)

WAITING = (
    *_estimated(
        "mean",
        Figure("wait.mean", "s", lambda run: run.waits.mean.value),
        lambda run: run.waits.mean,
        lambda run: run.expected.wait,
        duration,
    ),
    Row(
        "p50 / p90",
        cells.two_durations,
        Figure("wait.p50", "s", lambda run: run.waits.p50),
        Figure("wait.p90", "s", lambda run: run.waits.p90),
    ),
    Row(
        "p99 / max",
        cells.two_durations,
        Figure("wait.p99", "s", lambda run: run.waits.p99),
        Figure("wait.max", "s", lambda run: run.waits.max),
    ),
    Row("longest wait", partial(cells.longest, 0), _LONGEST),
    Row("  second", partial(cells.longest, 1), _LONGEST),
    Row("  third", partial(cells.longest, 2), _LONGEST),
    Row(
        "users without a chat",
        cells.without_chat,
        Figure("wait.users_without_chat", "users", lambda run: run.fairness.never),
        Figure("wait.first_without_chat", "numbers of users", lambda run: run.fairness.never_users),
    ),
    *_estimated(
        "users searching, mean",
        Figure("searching.mean", "users", lambda run: run.searching.value),
        lambda run: run.searching,
        lambda run: run.expected.searching,
        cells.four_digits,
    ),
    _share("time in lobby", State.LOBBY),
    _share("time searching", State.SEARCHING),
    _share("time in private", State.PRIVATE),
)

FAIRNESS = (
    Row("chats each, mean", significant, Figure("fairness.chats_mean", "chats", lambda run: run.fairness.chats_mean)),
    _spread("chats, Jain's index", "jain", "chats", lambda run: run.fairness.chats),
    _spread("chats, Gini", "gini", "chats", lambda run: run.fairness.chats),
    _spread("waiting, Jain's index", "jain", "wait", lambda run: run.fairness.waiting),
    _spread("waiting, Gini", "gini", "wait", lambda run: run.fairness.waiting),
    Row("distinct partners, mean", cells.beside_chance, _PARTNERS, _PARTNERS_BY_CHANCE),
    Row(
        "uniform draws (p-value)",
        cells.uniform,
        Figure("fairness.draw_uniformity_p", "probability", lambda run: run.fairness.draw_uniformity),
        _WORLD,
    ),
)

SPEED = (
    Row("wall time", duration, Figure("speed.wall_seconds", "s", lambda run: run.wall_seconds)),
    Row(
        "pairings per second",
        significant,
        Figure("speed.pairings_per_second", "pairings per second", lambda run: run.pairings_per_second),
    ),
    Row("events", cells.count, Figure("events", "events", lambda run: run.events)),
)

ROWS: tuple[Row, ...] = (*RUN, *REPAIRS, *WAITING, *FAIRNESS, *SPEED)

FIGURES: dict[str, Figure] = {
    figure.key: figure for figure in (POLICY, *(each for row in ROWS for each in row.figures), HISTOGRAM, CHECKS)
}
"""Key → figure, in the order of the report."""
