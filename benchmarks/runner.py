"""Runs suites and combines their findings in one report: start reading here."""

import os
import platform
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from benchmarks.advice import advise
from benchmarks.effort import FULL, QUICK, Effort
from benchmarks.harness import Progress
from benchmarks.results import Machine, Report, SuiteResult
from benchmarks.suites import SUITES


def run(
    suites: Sequence[str] = tuple(SUITES), quick: bool = False, runs: int | None = None, progress: Progress = print
) -> Report:
    """Runs suites.

    Args:
        suites: their names, in this order.
        quick: whether to measure only small populations, in a few seconds.
        runs: how often each timing is repeated, at least 1; by default 5, or 3 if quick.
        progress: called with a few words about what is done next.

    Raises:
        KeyError: there is no such suite.
    """
    effort = QUICK if quick else FULL
    if runs is not None:
        effort = replace(effort, runs=runs)
    return Report(_machine(), quick, effort.runs, tuple(_run_suite(name, effort, progress) for name in suites))


def _run_suite(name: str, effort: Effort, progress: Progress) -> SuiteResult:
    start = perf_counter()
    findings = SUITES[name].run(effort, progress)
    return SuiteResult(name, perf_counter() - start, findings, advise(findings))


def _machine() -> Machine:
    return Machine(
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        system=platform.system(),
        architecture=platform.machine(),
        processors=os.cpu_count(),
    )
