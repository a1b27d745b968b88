"""``roulette bench``: tables, JSON, errors, and runs without SimPy."""

import contextlib
import io
import json
import sys
from dataclasses import replace

import pytest

from benchmarks import effort
from benchmarks.effort import QUICK
from benchmarks.export import from_data, to_data
from benchmarks.results import Findings, Machine, Measurement, Report, Sample, Section, SuiteResult
from benchmarks.suites import SUITES
from roulette_cli.main import status
from roulette_core.policies import POLICIES
from tests.support import terminal

TINY = replace(
    QUICK,
    runs=3,
    events=50,
    populations=(20, 40),
    memory_populations=(20,),
    closed=((20, 60.0, 120.0),),
    mixed=(10, 60.0, 60.0),
    stretch=60.0,
    clients=300,
    load_seconds=0.02,
)


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(effort, "QUICK", TINY)


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
    assert data["format"] == 2
    assert from_data(data).suites[0].suite == "sim"


def test_json_in_a_file_comes_with_the_tables(tiny, tmp_path):
    file = tmp_path / "figures.json"
    code, out, _ = said("sim", "--quick", "--json", str(file))
    assert code == 0
    assert out.startswith("Benchmarks")
    assert "times what SimPy does" in out
    [suite] = from_data(json.loads(file.read_text(encoding="utf-8"))).suites
    assert suite.suite == "sim"
    version_1, version_2, mixed = suite.findings.sections
    for section in (version_1, version_2):
        assert {("roulette sim, pure", "SimPy"), ("roulette sim, core", "SimPy")} <= compared(section)
    assert {("no-repeat, pure", "no-repeat, core"), ("uniform, pure", "uniform, core")} <= compared(mixed)
    ratios = [ratio for section in suite.findings.sections for ratio in section.ratios]
    assert all(ratio.sample.low > 0 and len(ratio.sample.values) == 3 for ratio in ratios)


def compared(section):
    return {(ratio.subject, ratio.baseline) for ratio in section.ratios}


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
    line = "skipped: SimPy is not installed; to compare: pip install simpy"
    assert line in out.splitlines()
    assert "roulette sim, pure" in out
    assert "times what SimPy" not in out


@pytest.mark.parametrize("name", ["nonsense", "", "CORE", "\x1b[31m"])
def test_an_unknown_suite_is_bad_usage_and_the_hint_lists_the_suites(name):
    code, out, err = said(name)
    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith("error: unknown suite")
    assert second == "hint: choose from core, memory, saving, sim, start, server; without a name, all are run"


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
    ended = terminal.run("bench", "memory", "saving", "--quick", "--runs", "2")
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


def figures(median):
    values = tuple(median * (1 + n / 100) for n in range(4))
    found = Measurement("A", "task", 7, "events/s", Sample(values), Sample((1e6,) * 4))
    return Report(
        Machine("", "", "", "", 1), True, 4, (SuiteResult("core", 1.0, Findings((Section("S", "", (found,)),))),)
    )


@pytest.fixture
def half_as_fast(tmp_path, monkeypatch):
    """An earlier report, and a suite that is now half as fast."""
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps(to_data(figures(2e5))), encoding="utf-8")
    now = figures(1e5).suites[0].findings
    monkeypatch.setitem(SUITES, "core", SUITES["core"]._replace(run=lambda effort, progress: now))
    return str(path)


def test_what_differs_from_an_earlier_report_beyond_noise_is_told(half_as_fast, tmp_path):
    file, page = tmp_path / "now.json", tmp_path / "now.html"
    code, out, err = said("core", "--quick", "--compare", half_as_fast, "--json", str(file), "--html", str(page))
    assert (code, err) == (0, "")
    assert "1 of 1 figures differ beyond noise" in out
    assert any(line.startswith("core, S: A") and line.rstrip().endswith("worse") for line in out.splitlines())
    (change,) = json.loads(file.read_text())["comparison"]["changes"]
    assert change["beyond_noise"] is True and change["ratio"] == pytest.approx(0.5)
    assert "1 of 1 figures differ" in page.read_text() and "worse" in page.read_text()


def test_a_report_compared_with_itself_has_no_difference(half_as_fast, tmp_path):
    file = tmp_path / "now.json"
    said("core", "--quick", "--json", str(file))
    _, out, _ = said("core", "--quick", "--compare", str(file))
    assert "0 of 1 figures differ beyond noise" in out


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', '{"format": 2}', '{"format": 2, "machine": 3}'])
def test_what_is_no_report_cannot_be_compared_with(text, tmp_path):
    path = tmp_path / "odd.json"
    path.write_text(text, encoding="utf-8")
    code, out, err = said("--compare", str(path))
    assert (code, out) == (2, "")
    assert err.startswith("error: cannot compare with ") and "\nhint: name a file that --json has written\n" in err


def test_a_missing_earlier_report_or_two_efforts_are_bad_usage(tmp_path):
    assert said("--compare", str(tmp_path / "none.json"))[0] == 2
    assert said("--quick", "--thorough")[0] == 2
    assert said("--html", str(tmp_path / "nowhere" / "page.html"))[0] == 2
