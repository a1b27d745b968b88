"""Summaries as plain data for programs, format 1.

Times are in seconds. What is not known, not defined or not finite is null. But for ``speed``, the same command and
seed give the same data.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sim.measure.statistics import Estimate
from sim.measure.summary import Summary

FORMAT = 1


def to_json(summaries: Sequence[Summary]) -> dict[str, Any]:
    """All runs as one object that ``json.dumps`` takes, even with ``allow_nan=False``."""
    return {"format": FORMAT, "runs": [_run(summary) for summary in summaries]}


def _run(run: Summary) -> dict[str, Any]:
    return {
        "policy": run.setting.policy,
        "scenario": run.setting.scenario,
        "world": run.setting.world,
        "faults": run.setting.faults,
        "users": run.setting.users,
        "seed": run.setting.seed,
        "simulated_seconds": _number(run.simulated_seconds),
        "pairings": run.pairings,
        "repair": {
            "count": run.repairs.count,
            "opportunities": run.repairs.opportunities,
            "probability": _number(run.repairs.probability.value),
            "ci95": _interval(run.repairs.probability),
            "theory": _number(run.expected.repair),
        },
        "wait": {
            "mean": _number(run.waits.mean.value),
            "p50": _number(run.waits.p50),
            "p90": _number(run.waits.p90),
            "p99": _number(run.waits.p99),
            "max": _number(run.waits.max),
            "theory": _number(run.expected.wait),
        },
        "searching": {
            "mean": _number(run.searching.value),
            "ci95": _interval(run.searching),
            "theory": _number(run.expected.searching),
        },
        "fairness": _fairness(run),
        "checks": [asdict(check) for check in run.checks],
        "speed": {
            "wall_seconds": _number(run.wall_seconds),
            "pairings_per_second": _number(run.pairings_per_second),
        },
    }


def _fairness(run: Summary) -> dict[str, Any]:
    fairness = run.fairness
    return {
        "jain_chats": _number(fairness.chats.jain),
        "jain_chats_by_chance": _number(fairness.chats.jain_by_chance),
        "jain_wait": _number(fairness.waiting.jain),
        "gini_wait": _number(fairness.waiting.gini),
        "distinct_partners_mean": _number(fairness.distinct_partners),
        "draw_uniformity_p": _number(fairness.draw_uniformity),
    }


def _interval(estimate: Estimate) -> list[float | None]:
    return [_number(estimate.low), _number(estimate.high)]


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
