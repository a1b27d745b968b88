"""Runs mutmut within a budget of time, and reads the fate of each mutant."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.support.fences import ROOT

MUTMUT = Path(sys.executable).with_name("mutmut")
FOLDER = ROOT / "mutants"
"""Where mutmut keeps the spoilt copies, and what it has found so far."""

PATIENCE = 30.0
"""Seconds that mutmut has to stop when asked to."""


class Mutant(NamedTuple):
    """One place spoilt in one way.

    Attributes:
        name: mutmut's, by which ``mutmut show`` shows it.
        fate: "killed" or "timeout", both of which are dead; "survived"; "not checked"; seldom something worse.
    """

    name: str
    fate: str

    @property
    def module(self) -> str:
        """Where it was planted, within the library: ``policies.waves``."""
        return self.name.rpartition(".")[0].removeprefix("roulette_core.")


def run(budget_seconds: float, workers: int, resume: bool) -> None:
    """Spoils the core in one place after another and runs its tests, until all is tried or the time is over.

    Args:
        budget_seconds: the time there is. What was not tried by then is left for a run that resumes.
        workers: how many mutants to try at once.
        resume: go on from what an earlier run found, instead of beginning anew.
    """
    if not resume:
        shutil.rmtree(FOLDER, ignore_errors=True)
    command = [str(MUTMUT), "run", f"--max-children={workers}"]
    environment = os.environ | {"HYPOTHESIS_PROFILE": "mutation"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sys.stderr, start_new_session=True)
    try:
        process.wait(budget_seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its child processes, too
        process.wait()


def mutants() -> list[Mutant]:
    """All there are, as mutmut has left them; none if it has not come as far as to spoil anything."""
    return list(read(_mutmut("results", "--all", "true"))) if FOLDER.exists() else []


def read(results: str) -> Iterator[Mutant]:
    """Reads lines such as ``    roulette_core._pool.x_untried__mutmut_1: killed``."""
    for line in results.splitlines():
        name, _, fate = line.strip().rpartition(": ")
        if name:
            yield Mutant(name, fate)


def difference(mutant: Mutant) -> str:
    """What was spoilt, as a unified difference."""
    return _mutmut("show", mutant.name)


def _mutmut(*words: str) -> str:
    return subprocess.run([MUTMUT, *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout
