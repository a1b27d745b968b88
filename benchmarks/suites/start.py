"""Measures how long commands take to start, and a first comparison from beginning to end."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.effort import Effort
from benchmarks.harness import Progress, pace_of_machine
from benchmarks.results import Findings, Measurement, Sample, Section
from benchmarks.suites.simulator import without_compiled
from sim.compiled import compiled

_ROULETTE = ["-m", "roulette_cli"]
_NUMPY = {"OPENBLAS_NUM_THREADS": "1"}  # as roulette sets it
_FIRST = [*_ROULETTE, "sim", "--no-progress", "--users", "1000"]
_IMPORTS = "what roulette sim imports"
_COMMANDS: dict[str, tuple[list[str], dict[str, str]]] = {
    "roulette --help": ([*_ROULETTE, "--help"], {}),
    "import roulette_core": (["-c", "import roulette_core"], {}),
    "import numpy": (["-c", "import numpy"], _NUMPY),
    _IMPORTS: (["-c", "import sim.run, sim.report"], _NUMPY),
    "roulette sim --help": ([*_ROULETTE, "sim", "--help"], {}),
    "roulette sim, a run of 1 s": (
        [*_ROULETTE, "sim", "--no-progress", "--runs", "1", "--users", "1000", "--duration", "1s"],
        {},
    ),
}
_FIRST = [*_ROULETTE, "sim", "--no-progress", "--users", "1000"]
_EMPTY = "python -c pass"
_START = "Start-up"
_EXPLANATION = f"Processor time of a process, user and system, beyond that of {_EMPTY}, which is the last line."
_COMPARISON = "A first comparison"
_COMPARED = "roulette sim --users 1000: ten runs of an hour under each of two policies; elapsed time."


def run(effort: Effort, progress: Progress) -> Findings:
    """Starts commands in turn, after a turn in which the system reads their files."""
    names = [*_COMMANDS, _EMPTY]
    taken: dict[str, list[float]] = {name: [] for name in names}
    paces: list[float] = []
    for turn in range(effort.runs + 1):
        progress(f"start-up, {'warm-up' if not turn else f'run {turn} of {effort.runs}'}")
        pace = pace_of_machine()
        found = {name: _processor_ms(*_COMMANDS.get(name, (["-c", "pass"], {}))) for name in names}
        if turn:
            paces.append(pace)
            for name in names:
                taken[name].append(found[name] - (found[_EMPTY] if name != _EMPTY else 0.0))
    pace_beside = Sample(tuple(paces))
    measured = tuple(
        Measurement(name, _START, 0, "ms", Sample(tuple(values)), pace_beside) for name, values in taken.items()
    )
    sections = [Section(_START, _EXPLANATION, measured)]
    if effort.comparisons:
        sections.append(_comparison(effort, progress))
    return Findings(tuple(sections), tuple(without_compiled()))


def _comparison(effort: Effort, progress: Progress) -> Section:
    builds = {**({"compiled": {}} if compiled() else {}), "pure": {"ROULETTE_PURE": "1"}}
    taken: dict[str, list[float]] = {name: [] for name in builds}
    paces: dict[str, list[float]] = {name: [] for name in builds}
    for turn in range(effort.comparisons):
        for name, variables in builds.items():
            progress(f"a first comparison, {name}, run {turn + 1} of {effort.comparisons}")
            paces[name].append(pace_of_machine())
            began = time.perf_counter()
            _processor_ms(_FIRST, variables)
            taken[name].append(time.perf_counter() - began)
    measured = tuple(
        Measurement(name, _COMPARISON, 1_000, "s", Sample(tuple(values)), Sample(tuple(paces[name])))
        for name, values in taken.items()
    )
    return Section(_COMPARISON, _COMPARED, measured)


def _processor_ms(words: Sequence[str], variables: dict[str, str]) -> float:
    """Returns the processor time of a Python process and of those that it waited for, in milliseconds."""
    command, environment = [sys.executable, *words], {**os.environ, **variables}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return 1_000 * (used.ru_utime + used.ru_stime)
