"""Shrinking: the result fails in the same way, is smaller, and is printed as a command that reproduces it."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sim.swarm import Outcome, draw_case, run_case, shrink
from tests.planted.bugs import BUGS
from tests.planted.hunt import plant
from transports.dialects.text import TextDialect

SECONDS = 60.0


@pytest.fixture
def garbled(monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """A large case in which the server sends invalid output to text clients, sooner or later."""
    monkeypatch.setattr(TextDialect, "language", lambda self: b"?\r\n")
    cases = map(draw_case, range(100))
    large = (case for case in cases if case.users > 4 and len(case.dialects) > 1 and len(case.faults) > 3)
    return next(outcome for case in large if (outcome := run_case(case)).failure is not None)


def test_the_shrunk_case_is_minimal(garbled: Outcome) -> None:
    tried: list[int] = []
    small = shrink(garbled, SECONDS, tried.append)
    assert small.failure is not None
    assert small.failure.kind == "output_is_understood"
    case = small.case
    assert (case.users, case.seconds, case.policy) == (1, 1, "no-repeat")
    assert (case.faults, case.rude_clients, case.limits) == ((), (), ())
    assert len(case.personas) == len(case.dialects) == 1
    assert run_case(case) == small
    assert tried == list(range(1, len(tried) + 1))


def test_a_fixed_policy_is_kept(garbled: Outcome) -> None:
    assert shrink(garbled, SECONDS, fixed_policy=True).case.policy == garbled.case.policy


def test_without_time_to_shrink_the_case_is_unchanged(garbled: Outcome) -> None:
    assert shrink(garbled, 0.0) is garbled


def test_ctrl_c_ends_shrinking_with_the_best_case_so_far(garbled: Outcome) -> None:
    def interrupt(tried: int) -> None:
        raise KeyboardInterrupt

    assert shrink(garbled, SECONDS, interrupt) is garbled


def test_the_printed_command_shows_the_planted_bug_again(tmp_path: Path) -> None:
    """In a copy of the sources, with nothing but the command."""
    (bug,) = (bug for bug in BUGS if bug.name == "the first piece of a line in two pieces is lost")
    plant(bug, tmp_path)
    outcome = (
        "from sim.swarm import command_of, draw_case, run_case, shrink\n"
        "outcome = next(outcome for outcome in map(run_case, map(draw_case, range(20))) if outcome.failure)\n"
        "small = shrink(outcome, 5.0)\n"
        "print(small.failure.kind); print(command_of(small.case))\n"
    )
    kind, typed = _python(tmp_path, "-c", outcome).stdout.splitlines()
    words = shlex.split(typed)[1:]
    again = _python(tmp_path, "-c", "from roulette_cli.main import run; run()", *words)
    assert again.returncode == 1
    assert kind.replace("_", " ") in again.stdout
    assert typed in again.stdout


def _python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
