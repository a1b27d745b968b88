"""Measures the simulator beside SimPy, on one side, and the same model in C, which measures nothing, on the other.

What is timed is what a run of one's own takes: making the users, the simulation up to the horizon and, for ours,
everything that ``roulette sim`` measures and checks. Everything runs in processes of its own, in turn, and processor
time counts. What is fast simulates for longer, or there would be nothing to time: rates are compared.
"""

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import NamedTuple, TypeAlias

from benchmarks.effort import Effort
from benchmarks.harness import Contender, Progress, Timed, measure
from benchmarks.results import Findings, Measurement, Ratio, Section, ratio
from benchmarks.suites.c_closed import CModel, compiled_model
from benchmarks.suites.child import Child, child
from sim.compiled import compiled, why_pure

OURS = "roulette sim"
PURE = "roulette sim, pure"
CORE = "roulette sim, core"
ALONE = "kernel alone"
SIMPY = "SimPy"
TUNED = "SimPy, tuned"
LIMIT = "C, the limit"

MIXED = "Scenario mixed"

_POLICIES = {1: "no-repeat", 2: "uniform"}
_EXPLANATION = (
    f"{OURS} runs on its kernel, and checks and measures everything that it reports; pure is without a C compiler. "
    "The kernel alone, SimPy and C, an event loop with a heap, only count pairings. "
    "Processor time from making the users to the end, start-up included."
)
_MIXED = (
    "People of several kinds, who come and go; everything that the report shows, by the event. "
    "The core is the reference for the kernel, whose builds are called compiled and pure."
)
_NO_SIMPY = "SimPy is not installed; to compare: pip install simpy"
_NO_C = "no C compiler works, so that there is no limit to compare with; to compare: install one, or name it in CC"

Pairings: TypeAlias = Callable[[int, float], Timed]
"""Runs a closed model with so many users for so many seconds; pairings, and the time that they took."""


class Builds(NamedTuple):
    """Processes with the builds of the simulator."""

    compiled: Child | None
    pure: Child

    @property
    def best(self) -> Child:
        """Returns the compiled one, if there is one."""
        return self.compiled or self.pure


class _Subject(NamedTuple):
    name: str
    run: Pairings
    is_fast: bool = False


def run(effort: Effort, progress: Progress) -> Findings:
    """Times everything that there is; says what there is not."""
    has_simpy = importlib.util.find_spec("simpy") is not None
    with builds() as processes, compiled_model() as in_c:
        sections = []
        for version in _POLICIES:
            subjects = list(_subjects(version, processes, in_c, has_simpy))
            sections.append(_closed(version, subjects, effort, progress))
        sections.append(_mixed(processes, effort, progress))
    skipped = [] if has_simpy else [_NO_SIMPY]
    skipped += [] if in_c else [_NO_C]
    return Findings(tuple(sections), (*skipped, *without_compiled()))


@contextmanager
def builds() -> Iterator[Builds]:
    """Starts a process for each build."""
    with ExitStack() as stack:
        yield Builds(
            stack.enter_context(child(pure=False)) if compiled() else None, stack.enter_context(child(pure=True))
        )


def without_compiled() -> list[str]:
    """Returns why the compiled build was not measured, if it was not."""
    return [] if compiled() else [f"the compiled build: {why_pure()}; CONTRIBUTING.md says how to make it"]


def _subjects(version: int, processes: Builds, in_c: CModel | None, has_simpy: bool) -> Iterator[_Subject]:
    policy, best = _POLICIES[version], processes.best
    closed = {"policy": policy, "scenario": "closed"}
    on_kernel = {**closed, "engine": "kernel", "count": "pairings"}
    if has_simpy:
        yield _Subject(SIMPY, _job(best, "simpy_plain", version=version))
        if version == 1:
            yield _Subject(TUNED, _job(best, "simpy_tuned"))
    yield _Subject(CORE, _job(best, "whole", **{**on_kernel, "engine": "core"}))
    yield _Subject(PURE, _job(processes.pure, "whole", **on_kernel))
    if processes.compiled:
        yield _Subject(OURS, _job(best, "whole", **on_kernel), is_fast=True)
        yield _Subject(ALONE, _job(best, "kernel_alone", **closed), is_fast=True)
    if in_c:
        yield _Subject(LIMIT, partial(in_c.run, version), is_fast=True)


def _job(process: Child, job: str, **settings: object) -> Pairings:
    def do(users: int, seconds: float) -> Timed:
        return process.timed(job, users=users, seconds=seconds, **settings)

    return do


def _closed(version: int, subjects: Sequence[_Subject], effort: Effort, progress: Progress) -> Section:
    task = f"Closed model, version {version}"
    measurements: list[Measurement] = []
    ratios: list[Ratio] = []
    for users, seconds, longer in effort.closed:
        contenders = [
            _contender(each.name, task, users, "pairings/s", each.run, longer if each.is_fast else seconds)
            for each in subjects
        ]
        found = {each.subject: each for each in measure(contenders, effort.runs, progress)}
        measurements += found.values()
        ratios += [ratio(found[name], found[SIMPY]) for name in (OURS, PURE, CORE) if {name, SIMPY} <= found.keys()]
        ratios += [ratio(found[LIMIT], found[name]) for name in (OURS, ALONE) if {name, LIMIT} <= found.keys()]
    return Section(task, _EXPLANATION, tuple(measurements), tuple(ratios))


def _mixed(processes: Builds, effort: Effort, progress: Progress) -> Section:
    users, seconds, longer = effort.mixed
    measurements: list[Measurement] = []
    ratios: list[Ratio] = []
    for policy in _POLICIES.values():
        on_kernel = {"policy": policy, "scenario": "mixed", "count": "events", "engine": "kernel"}
        subjects = [
            _Subject(f"{policy}, core", _job(processes.best, "whole", **{**on_kernel, "engine": "core"})),
            _Subject(f"{policy}, pure", _job(processes.pure, "whole", **on_kernel)),
        ]
        if processes.compiled:
            subjects.append(_Subject(f"{policy}, compiled", _job(processes.best, "whole", **on_kernel), is_fast=True))
        contenders = [
            _contender(each.name, MIXED, users, "events/s", each.run, longer if each.is_fast else seconds)
            for each in subjects
        ]
        on_core, *others = measure(contenders, effort.runs, progress)
        measurements += [on_core, *others]
        ratios += [ratio(each, on_core) for each in others]
    return Section(MIXED, _MIXED, tuple(measurements), tuple(ratios))


def _contender(name: str, task: str, users: int, unit: str, run: Pairings, seconds: float) -> Contender:
    return Contender(name, task, users, unit, lambda: partial(run, users, seconds))
