"""A report as JSON data. Every sample has all its values and their median, low and high."""

from dataclasses import fields, is_dataclass
from typing import Any

from benchmarks.results import Report, Sample

FORMAT = 1


def to_data(report: Report) -> dict[str, Any]:
    """Returns a report as plain JSON data."""
    return {"format": FORMAT, **_plain(report)}


def _plain(value: Any) -> Any:
    if isinstance(value, Sample):
        summary = {"median": value.median, "low": value.low, "high": value.high}
        return {**summary, "values": list(value.values)}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
