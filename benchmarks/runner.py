"""Runs suites and combines their findings in one report: start reading here."""

import os
import platform
from collections.abc import Iterator, Sequence
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
    """Runs suites, and reports on all of them; the arguments are those of ``run_suites``."""
    return report(tuple(run_suites(suites, quick, runs, progress)), quick, runs)


def report(results: Sequence[SuiteResult], quick: bool, runs: int | None) -> Report:
    """Returns the report on suites that were run."""
    return Report(_machine(), quick, _effort(quick, runs).runs, tuple(results))


def run_suites(suites: Sequence[str], quick: bool, runs: int | None, progress: Progress) -> Iterator[SuiteResult]:
    """Runs suites, and yields the result of each as soon as it is there.

    Args:
        suites: their names, in this order.
        quick: whether to measure only small populations, in a few seconds.
        runs: how often each timing is repeated, at least 1; by default 5, or 3 if quick.
        progress: called with a few words about what is done next.

    Raises:
        KeyError: there is no such suite.
    """
    for name in suites:
        yield _run_suite(name, _effort(quick, runs), progress)


def _effort(quick: bool, runs: int | None) -> Effort:
    effort = QUICK if quick else FULL
    return effort if runs is None else replace(effort, runs=runs)


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
