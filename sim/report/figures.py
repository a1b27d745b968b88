"""The one table of figures: their keys and units, and the rows in which the report shows them.

The report, the JSON and the comparison of policies are made from it, so that none knows a figure that the others do
not. ``docs/theory.md`` lists the keys.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from roulette_core import State
from sim.measure import BOUNDS, RECENT, Estimate, Summary
from sim.report import cells
from sim.report.formats import duration, percent, significant


class Figure(NamedTuple):
    """One figure of a run: its place in JSON, where a dot leads into an object, its unit, and how to take it."""

    key: str
    unit: str
    value: Callable[[Summary], Any]


def _compared(
    group: str, unit: str, estimate: Callable[[Summary], Estimate], theory: Callable[[Summary], float | None]
) -> Iterator[Figure]:
    """Yields the interval of an estimate, what theory says, and whether they agree."""

    def agrees(run: Summary) -> bool | None:
        expected, found = theory(run), estimate(run)
        if expected is None or not math.isfinite(expected) or math.isnan(found.value) or math.isnan(found.low):
            return None  # there is nothing to compare
        return found.covers(expected)

    yield Figure(f"{group}.ci95", unit, lambda run: [estimate(run).low, estimate(run).high])
    yield Figure(f"{group}.theory", unit, theory)
    yield Figure(f"{group}.agrees", "true or false", agrees)


def _histogram(run: Summary) -> list[dict[str, float]]:
    bins = zip(BOUNDS, run.waits.histogram, strict=True)
    return [{"up_to_seconds": bound, "searches": count} for bound, count in bins]


_INDEX, _SHARE = "index from 0 to 1", "share from 0 to 1"
_PARTNERS = ("fairness.distinct_partners_mean", "fairness.distinct_partners_by_chance")

_TABLE = (
    Figure("policy", "text", lambda run: run.setting.policy),
    Figure("scenario", "text", lambda run: run.setting.scenario),
    Figure("world", "text", lambda run: run.setting.world),
    Figure("faults", "text", lambda run: run.setting.faults),
    Figure("speedup", "users' seconds per second", lambda run: run.setting.speed),
    Figure("users", "users", lambda run: run.setting.users),
    Figure("users_ever", "users", lambda run: run.users),
    Figure("seed", "number", lambda run: run.setting.seed),
    Figure("simulated_seconds", "s", lambda run: run.simulated_seconds),
    Figure("pairings", "pairings", lambda run: run.pairings),
    Figure("events", "events", lambda run: run.events),
    Figure("repair.count", "pairings", lambda run: run.repairs.count),
    Figure("repair.opportunities", "pairings", lambda run: run.repairs.opportunities),
    Figure("repair.probability", "probability", lambda run: run.repairs.probability.value),
    *_compared("repair", "probability", lambda run: run.repairs.probability, lambda run: run.expected.repair),
    Figure("repair.recent", "pairings", lambda run: run.repairs.recent),
    Figure("wait.mean", "s", lambda run: run.waits.mean.value),
    *_compared("wait", "s", lambda run: run.waits.mean, lambda run: run.expected.wait),
    Figure("wait.p50", "s", lambda run: run.waits.p50),
    Figure("wait.p90", "s", lambda run: run.waits.p90),
    Figure("wait.p99", "s", lambda run: run.waits.p99),
    Figure("wait.max", "s", lambda run: run.waits.max),
    Figure("wait.histogram", "searches", _histogram),
    Figure("wait.longest", "s", lambda run: run.waits.longest),
    Figure("wait.users_without_chat", "users", lambda run: run.fairness.never),
    Figure("wait.first_without_chat", "numbers of users", lambda run: run.fairness.never_users),
    Figure("searching.mean", "users", lambda run: run.searching.value),
    *_compared("searching", "users", lambda run: run.searching, lambda run: run.expected.searching),
    Figure("time.lobby", _SHARE, lambda run: run.shares[State.LOBBY]),
    Figure("time.searching", _SHARE, lambda run: run.shares[State.SEARCHING]),
    Figure("time.private", _SHARE, lambda run: run.shares[State.PRIVATE]),
    Figure("fairness.chats_mean", "chats", lambda run: run.fairness.chats_mean),
    Figure("fairness.jain_chats", _INDEX, lambda run: run.fairness.chats.jain),
    Figure("fairness.jain_chats_by_chance", _INDEX, lambda run: run.fairness.chats.jain_by_chance),
    Figure("fairness.gini_chats", _INDEX, lambda run: run.fairness.chats.gini),
    Figure("fairness.gini_chats_by_chance", _INDEX, lambda run: run.fairness.chats.gini_by_chance),
    Figure("fairness.jain_wait", _INDEX, lambda run: run.fairness.waiting.jain),
    Figure("fairness.jain_wait_by_chance", _INDEX, lambda run: run.fairness.waiting.jain_by_chance),
    Figure("fairness.gini_wait", _INDEX, lambda run: run.fairness.waiting.gini),
    Figure("fairness.gini_wait_by_chance", _INDEX, lambda run: run.fairness.waiting.gini_by_chance),
    Figure(_PARTNERS[0], "users", lambda run: run.fairness.distinct_partners),
    Figure(_PARTNERS[1], "users", lambda run: run.fairness.distinct_partners_by_chance),
    Figure("fairness.draw_uniformity_p", "probability", lambda run: run.fairness.draw_uniformity),
    Figure("checks", "verdicts", lambda run: run.checks),
    Figure("speed.wall_seconds", "s", lambda run: run.wall_seconds),
    Figure("speed.pairings_per_second", "pairings per second", lambda run: run.pairings_per_second),
)

FIGURES = {figure.key: figure for figure in _TABLE}
"""Key → figure, in the order of the JSON."""


class Row:
    """One row of the report: its name, what makes a cell of values, and the keys of the figures that it shows."""

    def __init__(self, label: str, write: Callable[..., str], *keys: str) -> None:
        self.label = label
        self.figures = [FIGURES[key] for key in keys]
        self._write = write

    def cell(self, run: Summary) -> str:
        """Returns the cell of a run."""
        return self._write(*(figure.value(run) for figure in self.figures))


def _estimated(label: str, key: str, write: Callable[[float], str]) -> tuple[Row, ...]:
    """Returns the rows of an estimate: the value, its interval, and what theory says."""
    group = key.partition(".")[0]
    return (
        Row(label, write, key),
        Row("  95 % interval", cells.interval(write), f"{group}.ci95"),
        Row("  theory", cells.theory(write), f"{group}.theory", f"{group}.agrees"),
    )


def _index(label: str, key: str) -> Row:
    return Row(label, cells.beside_chance, key, f"{key}_by_chance")


HISTOGRAM, CHECKS = "Distribution of waits", "Self-checks"
"""Titles of the sections that are drawn as bars, and with one row for each check."""

SECTIONS: dict[str, tuple[Row, ...]] = {
    "": (
        Row("scenario", str, "scenario"),
        Row("world", cells.world, "world", "faults", "speedup"),
        Row("users", cells.users, "users", "users_ever"),
        Row("seed", str, "seed"),
        Row("simulated time", duration, "simulated_seconds"),
        Row("pairings", cells.count, "pairings"),
    ),
    "Re-pairs": (
        Row("count", "{:,} of {:,}".format, "repair.count", "repair.opportunities"),
        *_estimated("probability", "repair.probability", cells.four_digits),
        Row(f"among last {RECENT} partners", cells.recent, "repair.recent", "repair.opportunities"),
    ),
    "Waiting for a chat": (
        *_estimated("mean", "wait.mean", duration),
        Row("p50 / p90", cells.two_durations, "wait.p50", "wait.p90"),
        Row("p99 / max", cells.two_durations, "wait.p99", "wait.max"),
        Row("longest wait", partial(cells.longest, 0), "wait.longest"),
        Row("  second", partial(cells.longest, 1), "wait.longest"),
        Row("  third", partial(cells.longest, 2), "wait.longest"),
        Row("users without a chat", cells.without_chat, "wait.users_without_chat", "wait.first_without_chat"),
        *_estimated("users searching, mean", "searching.mean", cells.four_digits),
        Row("time in lobby", percent, "time.lobby"),
        Row("time searching", percent, "time.searching"),
        Row("time in private", percent, "time.private"),
    ),
    HISTOGRAM: (),
    "Fairness between users": (
        Row("chats each, mean", significant, "fairness.chats_mean"),
        _index("chats, Jain's index", "fairness.jain_chats"),
        _index("chats, Gini", "fairness.gini_chats"),
        _index("waiting, Jain's index", "fairness.jain_wait"),
        _index("waiting, Gini", "fairness.gini_wait"),
        Row("distinct partners, mean", cells.beside_chance, *_PARTNERS),
        Row("uniform draws (p-value)", cells.uniform, "fairness.draw_uniformity_p", "world"),
    ),
    CHECKS: (),
    "Speed": (
        Row("wall time", duration, "speed.wall_seconds"),
        Row("pairings per second", significant, "speed.pairings_per_second"),
        Row("events", cells.count, "events"),
    ),
}
"""Title → rows, in the order of the report."""
