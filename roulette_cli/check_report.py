"""What ``roulette check`` has found: in words, and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from roulette_core import make_policy

if TYPE_CHECKING:
    from roulette_core.testing.conformance import Finding
    from sim.report.comparison import Comparison

FORMAT = 1
WIDTH = 80
_DETAILS_AT = 31


def to_data(policy: str, findings: Sequence[Finding], compared: Sequence[Comparison]) -> dict[str, Any]:
    """All of it as one object for programs, format 1. The runs are those of ``roulette sim --json``."""
    from sim.report.export import to_json

    return {
        "format": FORMAT,
        "policy": make_policy(policy).specification,
        "findings": [asdict(finding) for finding in findings],
        "exact": {each.runs[0].setting.policy: each.exact or None for each in compared},
        "simulated": to_json([run for each in compared for run in each.runs]) if compared else None,
    }


def to_text(policy: str, findings: Sequence[Finding]) -> Iterator[str]:
    """All of it in lines for people: a line for each check, then the stories."""
    yield make_policy(policy).specification
    yield ""
    for finding in findings:
        yield from _row(f"  {finding.name:<19}  {finding.verdict}", finding.detail)
    for finding in findings:
        if finding.story:
            yield from _story(finding)


def _row(label: str, detail: str) -> list[str]:
    lines = textwrap.wrap(detail, WIDTH - _DETAILS_AT) or [""]
    return [f"{label:<{_DETAILS_AT}}{lines[0]}", *(" " * _DETAILS_AT + line for line in lines[1:])]


def _story(finding: Finding) -> Iterator[str]:
    yield ""
    yield from textwrap.wrap(f"{finding.name}: {finding.detail}", WIDTH)
    yield ""
    for line in finding.story:
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=" " * 12) or [""]
    if finding.test:
        yield ""
        yield "As a test:"
        yield ""
        yield finding.test.rstrip()
