"""Plants a bug in a copy of the sources, and runs the tools on the copy."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.planted.bug import Bug
from tests.planted.bugs import BUGS
from tests.planted.driver_bugs import DRIVER_BUGS

ROOT = Path(__file__).parents[2]
ALL_BUGS = (*BUGS, *DRIVER_BUGS)
PACKAGES = ("roulette_core", "transports", "sim", "benchmarks", "roulette_cli")

TOOLS = {
    "check": ["check", "{policy}", "--budget", "30s"],
    "prove": ["prove", "--policy", "{policy}", "--users", "3", "--depth", "8"],
    "swarm": ["swarm", "--seeds", "1000", "--budget", "60s", "--policy", "{policy}"],
}
"""The commands that are run on every bug, without the word ``roulette``."""

LONGEST = 300.0
"""Timeout of a tool in seconds. Each has its own budget, and then shrinks what it has found."""


class Outcome(NamedTuple):
    """The result of a tool on a bug.

    Attributes:
        caught: whether the tool reported a failure.
        seconds: its duration.
        output: what it wrote to both streams.
    """

    caught: bool
    seconds: float
    output: str


def plant(bug: Bug | None, folder: Path) -> None:
    """Copies all packages into a folder, and plants a bug in the copy.

    Raises:
        AssertionError: the text to be replaced is not there exactly once: the bug must follow the source.
    """
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    if bug is not None:
        path = folder / bug.file
        source = path.read_text()
        assert source.count(bug.before) == 1, f"{bug.before!r} is not there exactly once in {bug.file}"
        path.write_text(source.replace(bug.before, bug.after))


def hunt(folder: Path, command: list[str], policy: str, shrinking: bool = True) -> Outcome:
    """Runs a tool on the sources of a folder, as a user would.

    Args:
        folder: the folder of ``plant``.
        command: the command without the word ``roulette``, and with ``{policy}`` for the policy.
        policy: its specification.
        shrinking: whether the swarm shrinks what it finds, which takes longer than finding it.

    Raises:
        AssertionError: the tool ended with an error of its own.
    """
    program = "from roulette_cli.main import run; run()"
    if not shrinking:
        program = f"import roulette_cli.swarm; roulette_cli.swarm.SHRINKING_SECONDS = 0.0; {program}"
    typed = [sys.executable, "-c", program]
    typed += [word.format(policy=policy) for word in command] + ["--no-progress"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "100"}
    began = time.perf_counter()
    done = subprocess.run(
        typed, cwd=folder, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    seconds = time.perf_counter() - began
    output = done.stdout + done.stderr
    assert done.returncode in (0, 1), output
    return Outcome(done.returncode == 1, seconds, output)
