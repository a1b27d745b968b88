"""A report as plain JSON data, and back, so that a later run can be compared with it.

Every sample is written with all its values and, for readers, their median, low and high, which are not read back.
"""

from dataclasses import fields, is_dataclass
from typing import Any

from benchmarks.results import Findings, Machine, Measurement, Ratio, Report, Sample, Section, SuiteResult

FORMAT = 1


class BadReport(ValueError):
    """The data is not a report that this version understands."""


def to_data(report: Report) -> dict[str, Any]:
    """A report as plain JSON data."""
    return {"format": FORMAT, **_plain(report)}


def from_data(data: dict[str, Any]) -> Report:
    """Reads what ``to_data`` wrote.

    Raises:
        BadReport: the data is not a report of this format.
    """
    try:
        if data["format"] != FORMAT:
            raise BadReport(f"the report has format {data['format']!r}; this version reads {FORMAT}")
        suites = tuple(_suite(suite) for suite in data["suites"])
        return Report(Machine(**data["machine"]), data["quick"], data["runs"], suites)
    except (KeyError, TypeError) as error:
        raise BadReport(f"this is not a benchmark report: {error!r}") from error


def _plain(value: Any) -> Any:
    if isinstance(value, Sample):
        summary = {"median": value.median, "low": value.low, "high": value.high}
        return {**summary, "values": list(value.values)}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _suite(data: dict[str, Any]) -> SuiteResult:
    found = data["findings"]
    findings = Findings(tuple(_section(section) for section in found["sections"]), tuple(found["skipped"]))
    return SuiteResult(data["suite"], data["wall_seconds"], findings, tuple(data["warnings"]))


def _section(data: dict[str, Any]) -> Section:
    return Section(
        data["title"],
        data["explanation"],
        tuple(Measurement(**_with_sample(found)) for found in data["measurements"]),
        tuple(Ratio(**_with_sample(found)) for found in data["ratios"]),
    )


def _with_sample(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "sample": Sample(tuple(data["sample"]["values"]))}
