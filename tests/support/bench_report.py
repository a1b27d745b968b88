"""Reads the JSON of ``roulette bench`` back into a report."""

from typing import Any

from benchmarks.results import Findings, Machine, Measurement, Ratio, Report, Sample, Section, SuiteResult


def from_data(data: dict[str, Any]) -> Report:
    """Reads what ``benchmarks.to_data`` wrote."""
    assert data["format"] == 1
    return Report(Machine(**data["machine"]), data["quick"], data["runs"], tuple(map(_suite, data["suites"])))


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
