"""A process in which simulations are timed: with the compiled build of the simulator or the pure one.

It reads a job a line from stdin and answers with a line: the amount done, the processor time in seconds, and the most
memory that the process has had so far, in bytes.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from benchmarks.harness import Timed
from roulette_core.testing.processes import ChildFailed, python_process

_PROGRAM = "from benchmarks.suites.child import answer; answer()"


class Answer(NamedTuple):
    """What a child says about a job."""

    amount: float
    seconds: float
    peak_bytes: float


class Child:
    """Does jobs, one after the other."""

    def __init__(self, stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> None:
        self._stdin, self._stdout, self._stderr = stdin, stdout, stderr

    def do(self, job: str, **settings: Any) -> Answer:
        """Does a job of ``simulations.JOBS``. Raises ``ChildFailed`` if that fails."""
        self._stdin.write(json.dumps([job, settings]) + "\n")
        self._stdin.flush()
        line = self._stdout.readline()
        if not line:
            raise ChildFailed(self._stderr.read().strip().rpartition("\n")[2] or "it ended without a word")
        return Answer(*json.loads(line))

    def timed(self, job: str, **settings: Any) -> Timed:
        """Does a job. Returns how much was done, in how much processor time."""
        answer = self.do(job, **settings)
        return Timed(answer.amount, answer.seconds)


@contextmanager
def child(pure: bool) -> Iterator[Child]:
    """Starts a process with the pure build, or with the build that this process has."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **({"ROULETTE_PURE": "1"} if pure else {})}
    with python_process(_PROGRAM, environment=environment) as process:
        assert process.stdin and process.stdout and process.stderr
        yield Child(process.stdin, process.stdout, process.stderr)


def answer() -> None:
    """Does what stdin asks for until it ends: the child's side."""
    from benchmarks.suites.simulations import JOBS

    for line in sys.stdin:
        job, settings = json.loads(line)
        gc.collect()
        began = time.process_time()
        amount = JOBS[job](**settings)
        print(json.dumps([amount, time.process_time() - began, peak_bytes()]), flush=True)


def peak_bytes() -> int:
    """Returns the most memory that this process has had, in bytes; where only its parent's could be told, that."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
