"""What a report tells of a run: labels, and how to put each figure into a few words."""

import math
from collections.abc import Callable
from typing import TypeAlias

from roulette_core import State
from sim.measure.fairness import Spread
from sim.measure.pairings import RECENT
from sim.measure.statistics import Estimate
from sim.measure.summary import Summary
from sim.report.formats import UNKNOWN, duration, percent, probability, significant

Row: TypeAlias = tuple[str, Callable[[Summary], str]]
"""A label, and how to tell it of one run: a cell, or nothing."""

SIGNIFICANCE = 0.001
"""Below this p-value draws are called uneven. It is strict, because every run makes the test."""


def _users(run: Summary) -> str:
    at_first = run.setting.users
    return f"{at_first:,}" if at_first == run.users else f"{at_first:,} ({run.users:,} in all)"


def _world(run: Summary) -> str:
    """Nothing of the core's: it is what one thinks of."""
    setting = run.setting
    if setting.world == "core":
        return ""
    speed = "" if setting.speed == 1 else f", {significant(setting.speed)} times as fast"
    return f"{setting.world}, faults: {setting.faults}" if setting.faults else f"{setting.world}{speed}"


def _estimate(estimate: Estimate, tell: Callable[[float], str]) -> str:
    return "" if math.isnan(estimate.low) else f"{tell(estimate.low)} to {tell(estimate.high)}"


def _theory(expected: float | None, estimate: Estimate, tell: Callable[[float], str]) -> str:
    if expected is None:
        return ""
    if math.isnan(estimate.value) or math.isnan(estimate.low) or math.isinf(expected):
        return tell(expected)  # there is nothing to compare it with
    return f"{tell(expected)} ({'agrees' if estimate.covers(expected) else 'DIFFERS'})"


def _four(value: float) -> str:
    return significant(value, 4)


def _by_chance(value: float, chance: float | None) -> str:
    if chance is None or math.isnan(value):
        return significant(value)
    return f"{significant(value)} (chance {significant(chance)})"


def _jain(spread: Spread) -> str:
    return _by_chance(spread.jain, spread.jain_by_chance)


def _gini(spread: Spread) -> str:
    return _by_chance(spread.gini, spread.gini_by_chance)


def _lately(run: Summary) -> str:
    opportunities = run.repairs.opportunities
    return f"{run.repairs.lately:,} ({percent(run.repairs.lately / opportunities)})" if opportunities else UNKNOWN


def _draws(run: Summary) -> str:
    if run.setting.world == "tcp":
        return "not seen from outside"
    p = run.fairness.draw_uniformity
    return "" if p is None else f"{'no' if p < SIGNIFICANCE else 'yes'} (p {probability(p)})"


def _never(run: Summary) -> str:
    fairness = run.fairness
    if not fairness.never:
        return "0"
    named = ", ".join(map(str, fairness.never_users))
    more = ", ..." if fairness.never > len(fairness.never_users) else ""
    return f"{fairness.never:,} (user{'s' if fairness.never > 1 else ''} {named}{more})"


def _longest(run: Summary, place: int) -> str:
    if place >= len(run.waits.longest):
        return ""
    wait = run.waits.longest[place]
    return f"{duration(wait.seconds)}, user {wait.user}, {wait.end}"


RUN: tuple[Row, ...] = (
    ("scenario", lambda run: run.setting.scenario),
    ("world", _world),
    ("users", _users),
    ("seed", lambda run: str(run.setting.seed)),
    ("simulated time", lambda run: duration(run.simulated_seconds)),
    ("pairings", lambda run: f"{run.pairings:,}"),
)

REPAIRS: tuple[Row, ...] = (
    ("count", lambda run: f"{run.repairs.count:,} of {run.repairs.opportunities:,}"),
    ("probability", lambda run: _four(run.repairs.probability.value)),
    ("  95 % interval", lambda run: _estimate(run.repairs.probability, _four)),
    ("  theory", lambda run: _theory(run.expected.repair, run.repairs.probability, _four)),
    (f"among last {RECENT} partners", _lately),
)

WAITING: tuple[Row, ...] = (
    ("mean", lambda run: duration(run.waits.mean.value)),
    ("  95 % interval", lambda run: _estimate(run.waits.mean, duration)),
    ("  theory", lambda run: _theory(run.expected.wait, run.waits.mean, duration)),
    ("p50 / p90", lambda run: f"{duration(run.waits.p50)} / {duration(run.waits.p90)}"),
    ("p99 / max", lambda run: f"{duration(run.waits.p99)} / {duration(run.waits.max)}"),
    ("longest wait", lambda run: _longest(run, 0)),
    ("  second", lambda run: _longest(run, 1)),
    ("  third", lambda run: _longest(run, 2)),
    ("never got a chat", _never),
    ("users searching, mean", lambda run: _four(run.searching.value)),
    ("  95 % interval", lambda run: _estimate(run.searching, _four)),
    ("  theory", lambda run: _theory(run.expected.searching, run.searching, _four)),
    ("time in lobby", lambda run: percent(run.shares[State.LOBBY])),
    ("time searching", lambda run: percent(run.shares[State.SEARCHING])),
    ("time in private", lambda run: percent(run.shares[State.PRIVATE])),
)

FAIRNESS: tuple[Row, ...] = (
    ("chats each, mean", lambda run: significant(run.fairness.chats_mean)),
    ("chats, Jain's index", lambda run: _jain(run.fairness.chats)),
    ("chats, Gini", lambda run: _gini(run.fairness.chats)),
    ("waiting, Jain's index", lambda run: _jain(run.fairness.waiting)),
    ("waiting, Gini", lambda run: _gini(run.fairness.waiting)),
    (
        "distinct partners, mean",
        lambda run: _by_chance(run.fairness.distinct_partners, run.fairness.distinct_partners_by_chance),
    ),
    ("any pair equally likely", _draws),
)

SPEED: tuple[Row, ...] = (
    ("wall time", lambda run: duration(run.wall_seconds)),
    ("pairings per second", lambda run: significant(run.pairings_per_second)),
    ("events", lambda run: f"{run.events:,}"),
)
