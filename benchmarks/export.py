"""A report as JSON data, and back. Every sample has all its values and their median, low and high."""

import math
from dataclasses import fields, is_dataclass
from typing import Any

from benchmarks.comparison import Comparison, Place
from benchmarks.results import Findings, Machine, Measurement, Ratio, Report, Sample, Section, SuiteResult

FORMAT = 2


class NotAReport(ValueError):
    """JSON data is not a report in this format."""


def to_data(report: Report, comparison: Comparison | None = None) -> dict[str, Any]:
    """Returns a report as plain JSON data; with its comparison with an earlier one, if there is one."""
    data = {"format": FORMAT, **_plain(report)}
    return data if comparison is None else {**data, "comparison": _plain(comparison)}


def _plain(value: Any) -> Any:
    if isinstance(value, Sample):
        summary = {"median": value.median, "low": value.low, "high": value.high}
        return {**summary, "values": list(value.values)}
    if isinstance(value, Place):
        return value._asdict()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def from_data(data: Any) -> Report:
    """Reads what ``to_data`` returned.

    Raises:
        NotAReport: it is something else.
    """
    try:
        if data["format"] != FORMAT:
            raise NotAReport(f"it has format {data['format']}, not {FORMAT}")
        return Report(Machine(**data["machine"]), data["quick"], data["runs"], tuple(map(_suite, data["suites"])))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotAReport(str(error) if isinstance(error, NotAReport) else "it is not a benchmark report") from error


def _suite(data: dict[str, Any]) -> SuiteResult:
    found = data["findings"]
    findings = Findings(tuple(map(_section, found["sections"])), tuple(found["skipped"]))
    return SuiteResult(data["suite"], data["wall_seconds"], findings, tuple(data["warnings"]))


def _section(data: dict[str, Any]) -> Section:
    measurements = tuple(Measurement(**_with_samples(found)) for found in data["measurements"])
    ratios = tuple(Ratio(**_with_samples(found)) for found in data["ratios"])
    return Section(data["title"], data["explanation"], measurements, ratios)


def _with_samples(data: dict[str, Any]) -> dict[str, Any]:
    samples = {name: Sample(tuple(data[name]["values"])) for name in ("sample", "pace") if data.get(name) is not None}
    return {**data, **samples}
