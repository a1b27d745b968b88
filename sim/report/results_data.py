"""Results as plain data for programs, format 2: every figure under its key, with its runs, interval and theory.

What is not known, not defined or not finite is null. But for ``speed``, the same command and seed give the same data.
"""

import math
from dataclasses import asdict, is_dataclass
from typing import Any, Final

from sim.measure import Difference
from sim.report.figure import Sample, Taken
from sim.report.metrics import FIGURES
from sim.report.notes import notes
from sim.report.rows import Columns
from sim.results import PolicyRuns, Results

FORMAT: Final = 2


def results_to_json(results: Results) -> dict[str, Any]:
    """Returns all as one object that ``json.dumps`` takes, even with ``allow_nan=False``."""
    columns = Columns([Sample(results.setting, policy) for policy in results.policies])
    setting = asdict(results.setting)
    return {
        "format": FORMAT,
        "setting": _plain({**setting, "kinds": list(results.setting.kinds)}),
        "policies": [_policy(policy, taken) for policy, taken in zip(results.policies, columns.figures, strict=True)],
        "differences": [_differences(results, columns, number) for number in range(1, len(results.policies))],
        "notes": list(notes(results, columns)),
    }


def _policy(policy: PolicyRuns, figures: dict[str, Taken]) -> dict[str, Any]:
    return {
        "policy": policy.policy,
        "engine": policy.engine,
        "figures": {key: _figure(key, taken) for key, taken in figures.items()},
        "checks": [[_plain(check) for check in run.checks] for run in policy.runs],
    }


def _figure(key: str, taken: Taken) -> dict[str, Any]:
    data: dict[str, Any] = {"value": taken.value, "unit": FIGURES[key].unit}
    if taken.runs:
        data["runs"] = taken.runs
    if taken.interval is not None:
        data["ci95"] = [taken.interval.low, taken.interval.high]
        data |= {"theory": taken.theory, "agrees": taken.agrees}
    found: dict[str, Any] = _plain(data)
    return found


def _differences(results: Results, columns: Columns, number: int) -> dict[str, Any]:
    found = {key: columns.difference(key, number) for key in FIGURES}
    return {
        "policy": results.policies[number].policy,
        "minus": results.policies[0].policy,
        "figures": {key: _difference(each) for key, each in found.items() if each is not None},
    }


def _difference(found: Difference) -> dict[str, Any]:
    interval = found.interval
    data: dict[str, Any] = _plain(
        {"value": interval.value, "ci95": [interval.low, interval.high], "p": found.p, "verdict": found.verdict}
    )
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, dict) else value
