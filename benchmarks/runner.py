"""Runs suites and combines their findings in one report: start reading here."""

import os
import platform
from collections.abc import Iterator, Sequence
from time import perf_counter

from benchmarks.advice import advise
from benchmarks.effort import Effort
from benchmarks.harness import Progress
from benchmarks.results import Machine, Report, SuiteResult
from benchmarks.suites import SUITES


def report(results: Sequence[SuiteResult], effort: Effort) -> Report:
    """Returns the report on suites that were run with some effort."""
    return Report(_machine(), effort.is_quick, effort.runs, tuple(results))


def run_suites(suites: Sequence[str], effort: Effort, progress: Progress) -> Iterator[SuiteResult]:
    """Runs suites, and yields the result of each as soon as it is there.

    Args:
        suites: their names, in this order.
        effort: how much to measure.
        progress: called with a few words about what is done next.

    Raises:
        KeyError: there is no such suite.
    """
    for name in suites:
        yield _run_suite(name, effort, progress)


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
