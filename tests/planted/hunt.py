"""Plants a bug in a copy of the sources, and lets the tools that anybody has loose on it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.planted.bugs import Bug

ROOT = Path(__file__).parents[2]
PACKAGES = ("roulette_core", "transports", "sim", "benchmarks", "roulette_cli")

TOOLS = {
    "check": ["check", "{policy}", "--budget", "30s"],
    "prove": ["prove", "--policy", "{policy}", "--users", "3", "--depth", "8"],
    "swarm": ["swarm", "--seeds", "1000", "--budget", "60s", "--policy", "{policy}"],
}
"""What is run on every bug, as it is typed behind ``roulette``."""

LONGEST = 300.0
"""After how many seconds a tool is stopped: it has its own budget, and shrinks what it has found."""


class Outcome(NamedTuple):
    """What a tool made of a bug.

    Attributes:
        caught: whether it said that something is wrong.
        seconds: how long it took.
        output: what it printed, both streams.
    """

    caught: bool
    seconds: float
    output: str


def plant(bug: Bug | None, folder: Path) -> None:
    """Copies all packages into a folder, and spoils one place.

    Raises:
        AssertionError: the place is not there, or not there once: the bug must follow the source.
    """
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    if bug is not None:
        path = folder / bug.file
        source = path.read_text()
        assert source.count(bug.before) == 1, f"{bug.before!r} is not there once in {bug.file}"
        path.write_text(source.replace(bug.before, bug.after))


def hunt(folder: Path, command: list[str], policy: str) -> Outcome:
    """Runs a tool on the sources of a folder, as a user would.

    Args:
        folder: where ``plant`` has copied them.
        command: what is typed behind ``roulette``, with ``{policy}`` for the policy.
        policy: its specification.

    Raises:
        AssertionError: the tool could not do its work.
    """
    typed = [sys.executable, "-c", "from roulette_cli.main import run; run()"]
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
