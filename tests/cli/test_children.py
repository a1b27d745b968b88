"""The processes that commands start: they import what the command does, and end with it, however it ends."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import terminal

PATIENCE = 120.0

CHECK = ["check", "--alone", "--budget", "2s", "--no-progress"]
SWARM = ["swarm", "--processes", "2", "--no-progress"]
TCP = ["sim", "--world", "tcp", "--users", "4", "--no-progress"]

MINE = """
from roulette_core.policies import NoRepeat
class Mine(NoRepeat):
    pass
"""

SHADOWED = ("json", "socket", "pickle", "subprocess", "asyncio", "selectors", "struct", "random", "threading", "typing")


@pytest.mark.parametrize(
    "command",
    [
        [*CHECK, "mine:Mine"],
        [*SWARM, "--seeds", "2", "--policy", "mine:Mine"],
        [*TCP, "--duration", "1s", "--policy", "mine:Mine"],
    ],
    ids=["check", "swarm", "tcp"],
)
def test_they_import_a_policy_from_the_working_directory_but_no_module_of_python(
    tmp_path: Path, command: list[str]
) -> None:
    for name in SHADOWED:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported from the working directory')")
    (tmp_path / "mine.py").write_text(MINE)
    done = subprocess.run([terminal.ROULETTE, *command], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "FAILED" not in done.stdout


FAILS_ELSEWHERE = """
import os
from roulette_core.policies import NoRepeat
if os.environ.get("PYTHONHASHSEED") == "1":
    raise RuntimeError("no such lamp")
class Mine(NoRepeat):
    pass
"""


def test_what_a_process_said_before_it_failed_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(FAILS_ELSEWHERE)
    environment = {**terminal.environment(), "PYTHONHASHSEED": "random"}
    command = [terminal.ROULETTE, *CHECK, "mine:Mine"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, env=environment)
    assert done.returncode == 1
    assert "in a process of its own, the policy failed" in " ".join(done.stdout.split())
    assert "no such lamp" in " ".join(done.stdout.split())


def descendants(process: int) -> set[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    living = {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}
    found, new = set[int](), {process}
    while new:
        found |= new
        new = {pid for pid, parent in living.items() if parent in new} - found
    return found - {process}


def alive(processes: set[int]) -> set[int]:
    """Those of some processes that run; a zombie whose new parent does not collect it has ended."""
    shown = subprocess.run(
        ["ps", "-o", "pid=,stat=", "-p", ",".join(map(str, processes))], capture_output=True, text=True, check=False
    )
    rows = [line.split() for line in shown.stdout.splitlines()]
    return {int(pid) for pid, state in rows if not state.startswith("Z")}


@contextmanager
def running(command: list[str], children: int) -> Iterator[tuple[subprocess.Popen[str], set[int]]]:
    """A command that has started so many processes."""
    with subprocess.Popen(
        [terminal.ROULETTE, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as it:
        try:
            end = time.monotonic() + PATIENCE
            while len(started := descendants(it.pid)) < children and time.monotonic() < end:
                time.sleep(0.1)
            assert len(started) >= children
            time.sleep(1.0)
            yield it, descendants(it.pid)
        finally:
            it.kill()


def await_end(processes: set[int]) -> set[int]:
    end = time.monotonic() + PATIENCE
    while (left := alive(processes)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


LONG = {
    "swarm": ([*SWARM, "--seeds", "100000"], 3),  # two workers, and the resource tracker of multiprocessing
    "tcp": ([*TCP, "--duration", "1h", "--policy", "v1"], 1),
    "bench": (["bench", "server", "--no-progress"], 1),
}


@pytest.mark.parametrize(
    ("name", "number", "code"),
    [*((name, signal.SIGKILL, -9) for name in LONG), ("swarm", signal.SIGTERM, 143), ("bench", signal.SIGTERM, 143)],
)
def test_they_end_when_the_command_is_killed(name: str, number: int, code: int) -> None:
    with running(*LONG[name]) as (process, started):
        process.send_signal(number)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == code
        assert "Traceback" not in err and "error:" not in err, err  # multiprocessing may warn of what was left behind
        assert await_end(started) == set()
