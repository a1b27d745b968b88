"""``roulette bench``: tables, JSON, errors, and runs without SimPy."""

import contextlib
import io
import json
import sys
from dataclasses import replace

import pytest

from benchmarks import runner
from benchmarks.effort import QUICK
from benchmarks.results import Findings
from benchmarks.suites import SUITES
from roulette_cli.main import status
from roulette_core.policies import POLICIES
from tests.support import terminal
from tests.support.bench_report import from_data

TINY = replace(
    QUICK,
    runs=3,
    events=50,
    populations=(20, 40),
    memory_populations=(20,),
    closed=((20, 60.0), (41, 60.0)),
    clients=300,
    load_seconds=0.02,
)


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(runner, "QUICK", TINY)


def said(*arguments):
    """Runs ``roulette bench`` in this process. Returns its exit status, its stdout and its stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = status(["bench", *arguments])
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def empty(tiny, monkeypatch):
    """Suites that measure nothing."""
    for name, suite in SUITES.items():
        monkeypatch.setitem(SUITES, name, suite._replace(run=lambda effort, progress: Findings(())))


def test_all_suites_are_measured_by_default(empty, tmp_path):
    file = tmp_path / "figures.json"
    code, out, err = said("--quick", "--json", str(file))
    assert (code, err) == (0, "")
    for name in SUITES:
        assert f"\n{name}: " in out
    report = from_data(json.loads(file.read_text(encoding="utf-8")))
    assert (report.quick, report.runs) == (True, 3)
    assert [suite.suite for suite in report.suites] == list(SUITES)


@pytest.mark.nightly  # tests/benchmarks measures each suite by itself
def test_the_tables_of_all_suites_fit_80_columns(tiny):
    code, out, err = said("--quick")
    assert (code, err) == (0, "")
    for policy in POLICIES:
        assert f"\n{policy}" in out
    assert "times what SimPy does" in out
    assert max(map(len, out.splitlines())) <= 80


def test_json_on_stdout_is_all_there_is_on_stdout(tiny):
    code, out, err = said("sim", "--quick", "--json", "-")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["format"] == 1
    assert from_data(data).suites[0].suite == "sim"


def test_json_in_a_file_comes_with_the_tables(tiny, tmp_path):
    file = tmp_path / "figures.json"
    code, out, _ = said("sim", "--quick", "--json", str(file))
    assert code == 0
    assert out.startswith("Benchmarks")
    assert "times what SimPy does" in out
    [suite] = from_data(json.loads(file.read_text(encoding="utf-8"))).suites
    assert suite.suite == "sim"
    [section] = suite.findings.sections
    assert [ratio.baseline for ratio in section.ratios] == ["SimPy", "SimPy, tuned"] * 2
    assert all(ratio.sample.low > 0 and len(ratio.sample.values) == 3 for ratio in section.ratios)


def test_suites_run_once_in_the_order_asked_for(empty):
    _, out, _ = said("sim", "memory", "sim", "--quick", "--json", "-")
    assert [suite["suite"] for suite in json.loads(out)["suites"]] == ["sim", "memory"]


def test_runs_sets_the_number_of_repetitions(tiny):
    _, out, _ = said("sim", "--quick", "--runs", "1", "--json", "-")
    [suite] = from_data(json.loads(out)).suites
    assert {len(found.sample.values) for found in suite.findings.sections[0].measurements} == {1}
    assert any("--runs 5" in warning for warning in suite.warnings)


def test_without_simpy_the_rest_runs_and_one_line_says_how_to_install_it(tiny, monkeypatch):
    monkeypatch.setitem(sys.modules, "simpy", None)
    monkeypatch.delitem(sys.modules, "benchmarks.suites.simpy_closed", raising=False)
    code, out, _ = said("sim", "--quick")
    assert code == 0
    [line] = [line for line in out.splitlines() if "skipped" in line]
    assert line == "skipped: SimPy is not installed; to compare: pip install simpy"
    assert "roulette sim" in out
    assert "SimPy" not in out.replace(line, "")


@pytest.mark.parametrize("name", ["nonsense", "", "CORE", "\x1b[31m"])
def test_an_unknown_suite_is_bad_usage_and_the_hint_lists_the_suites(name):
    code, out, err = said(name)
    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith("error: unknown suite")
    assert second == "hint: choose from core, memory, saving, sim, server; without a name, all are run"


@pytest.mark.parametrize("runs", ["0", "-1", "many", "1e9"])
def test_an_invalid_number_of_runs_is_bad_usage(runs):
    code, out, err = said("--runs", runs)
    assert (code, out) == (2, "")
    assert "--runs" in err


def test_a_file_that_cannot_be_written_is_reported_before_measuring(tmp_path):
    code, out, err = said("--json", str(tmp_path / "nowhere" / "figures.json"))
    assert (code, out) == (2, "")
    assert err.startswith("error: cannot write to ")


def test_a_real_quick_run_in_a_terminal_of_80_columns():
    ended = terminal.run("bench", "memory", "sim", "--quick", "--runs", "2")
    assert ended.status == 0
    lines = ended.screen.splitlines()
    assert lines[0].startswith("Benchmarks")
    assert any(line.startswith("fresh") for line in lines)
    assert not any("run 1 of 2" in line for line in lines), "the line that tells what is being measured is gone"
    assert "run 1 of 2" in ended.raw


def test_no_progress_shows_none_and_no_color_none():
    ended = terminal.finish(terminal.start("bench", "memory", "--quick", "--runs", "1", "--no-progress", NO_COLOR="1"))
    assert ended.status == 0
    assert "users arrive" not in ended.raw
    assert "memory of" not in ended.raw
    assert "\x1b[3" not in ended.raw
