"""Ctrl-C and SIGTERM: a command reports what it has found until then, marked as partial."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import terminal

PATIENCE = 60.0

STOPS = """
import os, sys
from itertools import count
from roulette_core.policies import NoRepeat

calls = count(1)

class Stops(NoRepeat):
    def draw(self, now, choose):
        here, calls_until, number = os.environ["STOPS"].split(":")
        if next(calls) == int(calls_until) and os.path.basename(sys.argv[0]) == here:
            os.kill(os.getpid() if here == "roulette" else os.getppid(), int(number))
        return super().draw(now, choose)
"""
"""A policy that sends its own process a signal at a certain draw, or its parent, where it runs in a child."""

LONG = {
    "sim": ["sim", "--users", "100", "--duration", "1000h", "--jobs", "1"],
    "wire": ["sim", "--world", "wire", "--users", "20", "--duration", "100h", "--warmup", "0s", "--jobs", "1"],
    "tcp": ["sim", "--world", "tcp", "--users", "20", "--speed", "10", "--duration", "10h"],
    "prove": ["prove", "--users", "5", "--depth", "50"],
    "check": ["check", "stops:Stops", "--budget", "1h"],
    "swarm": ["swarm", "--seeds", "100000", "--processes", "1"],
}


def value(data: dict[str, Any], key: str) -> float:
    found: float = data["policies"][0]["figures"][key]["value"]
    return found


DRAWS = {"tcp": 5, "wire": 50, "swarm": 200}
FOUND = {
    "sim": lambda data: value(data, "pairings") > 0 and value(data, "measured_seconds") < 3_600_000,
    "wire": lambda data: value(data, "pairings") > 0 and value(data, "measured_seconds") < 360_000,
    "tcp": lambda data: value(data, "pairings") > 0 and value(data, "measured_seconds") < 36_000,
    "prove": lambda data: data["covered"] == "part" and data["states"] > 10,
    "check": lambda data: data["findings"][0]["verdict"] == "ok" and data["findings"][-1]["verdict"] == "not asked",
    "swarm": lambda data: data["cases"] >= 1,
}
"""What the data must say of what was found."""


@pytest.mark.parametrize(
    ("name", "number", "code"),
    [*((name, signal.SIGINT, 130) for name in LONG), ("sim", signal.SIGTERM, 143), ("swarm", signal.SIGTERM, 143)],
)
def test_what_was_found_is_reported_and_marked_as_partial(tmp_path: Path, name: str, number: int, code: int) -> None:
    (tmp_path / "stops.py").write_text(STOPS)
    command = [terminal.ROULETTE, *LONG[name], "--json", "report.json"]
    if name != "check":
        command += ["--policy", "stops:Stops"]
    stops = f"{'-c' if name == 'tcp' else 'roulette'}:{DRAWS.get(name, 5000)}:{int(number)}"
    environment = {**terminal.environment(), "STOPS": stops}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (code, ""), done.stdout
    assert done.stdout.startswith("PARTIAL: stopped before the end")
    data = json.loads((tmp_path / "report.json").read_text())
    assert data["partial"] is True
    assert FOUND[name](data), data


BENCH = """
import os, signal, sys
from benchmarks import SUITES
from benchmarks.suites import Suite
from benchmarks.results import Findings

def stops(effort, progress):
    os.kill(os.getpid(), signal.SIGINT)

SUITES["core"] = Suite("measures nothing", lambda effort, progress: Findings((), ("it was skipped",)))
SUITES["memory"] = Suite("is stopped", stops)
sys.argv = ["roulette", "bench", "core", "memory", "sim", "--json", "report.json"]
from roulette_cli.__main__ import run
run()
"""


def test_bench_reports_the_suites_that_were_finished(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", BENCH], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (130, "")
    assert done.stdout.startswith("PARTIAL: stopped before the end")
    data = json.loads((tmp_path / "report.json").read_text())
    assert (data["partial"], [suite["suite"] for suite in data["suites"]]) == (True, ["core"])


def test_a_whole_report_is_not_marked() -> None:
    command = [terminal.ROULETTE, "sim", "--users", "10", "--duration", "1m", "--json", "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert json.loads(done.stdout)["partial"] is False


HANGS = """
import os, signal
from roulette_core.policies import NoRepeat
class Hangs(NoRepeat):
    def draw(self, now, choose):
        while True:
            os.kill(os.getpid(), signal.SIGINT)
"""


def test_a_second_ctrl_c_ends_a_simulation_that_hangs(tmp_path: Path) -> None:
    (tmp_path / "hangs.py").write_text(HANGS)
    command = [terminal.ROULETTE, "sim", "--users", "10", "--policy", "hangs:Hangs"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


INTERRUPTED_IMPORT = """
import os, signal, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
sys.argv[1:] = ["sim"]
from roulette_cli.__main__ import run
run()
"""


def test_ctrl_c_while_the_program_is_imported_is_silent() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_IMPORT, "sim"], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_installed_command_starts_where_ctrl_c_is_silent() -> None:
    assert "from roulette_cli.__main__ import run" in Path(terminal.ROULETTE).read_text()
    assert os.access(terminal.ROULETTE, os.X_OK)
