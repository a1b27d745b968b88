"""Runs as plain data for programs, format 1: every figure of the table under its key.

What is not known, not defined or not finite is null. But for ``speed``, the same command and seed give the same data.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from sim.measure import Summary
from sim.report.figures import FIGURES

FORMAT = 1


def to_json(summaries: Sequence[Summary]) -> dict[str, Any]:
    """Returns all runs as one object that ``json.dumps`` takes, even with ``allow_nan=False``."""
    return {"format": FORMAT, "runs": [_run(summary) for summary in summaries]}


def _run(run: Summary) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, figure in FIGURES.items():
        *groups, name = key.split(".")
        place = data
        for group in groups:
            place = place.setdefault(group, {})
        place[name] = _plain(figure.value(run))
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, dict) else value
