"""What the suites measure: a workload in a steady state, instructions without a clock, bytes that are really held."""

import gc
import importlib.util
import shutil
import sys
from dataclasses import replace

import pytest

from benchmarks.effort import QUICK
from benchmarks.instructions import count_instructions
from benchmarks.suites import SUITES, core, memory, saving, server, simulator, start
from benchmarks.suites.c_closed import compiled_model
from benchmarks.suites.child import child
from benchmarks.suites.workload import Workload, lobby_lines, nexts, returns
from roulette_core import Refused, Roulette, State
from roulette_core.policies import POLICIES
from roulette_core.testing.processes import ChildFailed

TINY = replace(
    QUICK,
    runs=1,
    events=50,
    populations=(20, 40),
    memory_populations=(20,),
    closed=((20, 60.0, 120.0),),
    mixed=(10, 60.0, 60.0),
    stretch=60.0,
    clients=400,
    load_seconds=0.1,
)


def silent(what):
    pass


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("task", [nexts, returns, lobby_lines])
def test_a_workload_stays_in_its_steady_state(policy, task):
    workload = Workload(policy, 1_000)
    for _ in range(4):
        assert workload.work(task, 500)() == 500
        counts = workload.roulette.counts()
        assert counts[State.LOBBY] == 100
        assert counts[State.PRIVATE] >= 700
    assert len(workload.roulette) == 1_000


@pytest.mark.parametrize("policy", POLICIES)
def test_hardly_any_event_of_a_workload_is_refused(policy):
    workload = Workload(policy, 1_000)
    refused = []
    handle = workload.roulette.handle
    workload.roulette.handle = lambda event, now: refused.extend(e for e in handle(event, now) if type(e) is Refused)
    workload.work(nexts, 1_000)()
    assert len(refused) < 150
    refused.clear()
    workload.work(returns, 1_000)()
    workload.work(lobby_lines, 100)()
    assert refused == []


def test_a_workload_leaves_the_collector_on():
    Workload("no-repeat", 20)
    assert gc.isenabled()


def test_instructions_are_counted_exactly_and_alike_every_time():
    def loop(rounds):
        for _ in range(rounds):
            pass

    counts = [count_instructions(lambda rounds=rounds: loop(rounds)) for rounds in (10, 20, 30, 10)]
    assert counts[0] == counts[3] > 0
    assert counts[2] - counts[1] == counts[1] - counts[0] > 0


def test_counting_instructions_gives_the_tracer_back():
    before = sys.gettrace()
    with pytest.raises(ZeroDivisionError):
        count_instructions(lambda: 1 / 0)
    assert sys.gettrace() is before


@pytest.mark.parametrize("policy", POLICIES)
def test_the_instructions_of_an_event_do_not_grow_with_the_users(policy):
    small, large = (core.instructions(Workload(policy, users)) for users in (200, 20_000))
    assert large < 1.25 * small


def test_a_policy_whose_cost_grows_with_the_users_is_found_out(monkeypatch):
    """The planted bug: a handler that looks at all users."""
    handle = Roulette.handle

    def slow(self, event, now):
        sum(1 for _ in self._members)
        return handle(self, event, now)

    monkeypatch.setattr(Roulette, "handle", slow)
    small, large = (core.instructions(Workload("no-repeat", users)) for users in (100, 1_000))
    assert large > 2 * small


def test_memory_per_user_is_what_a_workload_holds():
    section, _ = memory.run(replace(TINY, memory_populations=(1_000,)), silent).sections
    assert {found.subject for found in section.measurements} == set(POLICIES)
    assert all(100 < found.sample.median < 3_000 for found in section.measurements)
    heaviest = max(section.measurements, key=lambda found: found.sample.median)
    assert heaviest.subject in ("fresh", "waves"), "those who remember more than one partner"


def test_the_core_is_measured_by_policy_and_population():
    sections = {section.title: section for section in core.run(TINY, silent).sections}
    assert list(sections) == ["Next", "Lobby and Start", "Say in the lobby", "Next: instructions"]
    cells = [(found.subject, found.users) for found in sections["Next"].measurements]
    assert cells == [(policy, users) for policy in POLICIES for users in TINY.populations]
    assert [(found.subject_users, found.baseline_users) for found in sections["Next"].ratios] == [(40, 20)] * 5
    assert [found.subject for found in sections["Say in the lobby"].measurements] == ["no-repeat"] * 2


def test_the_server_is_measured_on_every_loop_and_with_bad_neighbours():
    sections = {section.title: section for section in server.run(TINY, silent).sections}
    assert list(sections) == [
        "Private lines",
        "Private lines: processor",
        "Pairings",
        "Pairings: processor",
        "Memory per connection",
        "Delay of a private line",
    ]
    assert [found.subject for found in sections["Pairings"].measurements] == ["asyncio", "uvloop"]
    assert all(found.sample.low > 0 for section in sections.values() for found in section.measurements)
    [ratio] = sections["Delay of a private line"].ratios
    assert (ratio.subject, ratio.baseline) == (server.DISTURBED, server.CALM)


def test_without_uvloop_the_server_is_measured_on_asyncio_alone(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    findings = server.run(TINY, silent)
    assert {found.subject for found in findings.sections[0].measurements} == {"asyncio"}
    assert findings.sections[0].ratios == ()
    assert findings.skipped == ("uvloop is not installed; to compare: pip install uvloop",)


def test_saving_is_measured_in_every_way_beside_events_that_are_not_saved():
    effort = replace(QUICK, saved_populations=(100,), runs=1, events=200)
    (section,) = saving.run(effort, lambda message: None).sections
    assert [found.subject for found in section.measurements] == ["not saved", "journal", "journal, fsync", "snapshot"]
    assert all(found.sample.median > 0 for found in section.measurements)
    assert [found.subject for found in section.ratios] == ["journal", "journal, fsync", "snapshot"]
    assert all(found.sample.median < 1 for found in section.ratios), "saving costs something"


def test_without_a_c_compiler_there_is_no_limit_and_a_line_says_so(monkeypatch):
    monkeypatch.setenv("CC", "/nonexistent")
    findings = simulator.run(TINY, silent)
    assert any("no C compiler works" in line for line in findings.skipped)
    subjects = {found.subject for section in findings.sections for found in section.measurements}
    assert simulator.LIMIT not in subjects and {simulator.SIMPY, simulator.CORE, simulator.PURE} < subjects


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
@pytest.mark.parametrize(
    ("version", "users", "pairings"),
    [(1, 3, 1 / 60), (1, 101, 50 / 60), (2, 3, 1 / 60), (2, 101, 50 / 60), (2, 100, 49 / 60)],
)
def test_the_limit_makes_as_many_pairings_as_theory_says(version, users, pairings):
    seconds = 600_000 * 60 / users
    with compiled_model() as model:
        done = model.run(version, users, seconds)
    assert done.amount == pytest.approx(pairings * seconds, rel=0.02)
    assert done.seconds >= 0


def test_a_version_for_simpy_makes_as_many_pairings_as_theory_says():
    with child(pure=False) as process:
        answer = process.do("simpy_plain", version=2, users=11, seconds=120_000)
    assert answer.amount == pytest.approx(5 / 60 * 120_000, rel=0.05)
    assert answer.seconds > 0 and answer.peak_bytes > 2**20


def test_all_engines_and_builds_make_the_same_pairings():
    settings = {"policy": "uniform", "scenario": "closed", "users": 20, "seconds": 600.0, "count": "pairings"}
    with child(pure=False) as best, child(pure=True) as pure:
        amounts = [
            best.do("whole", engine="kernel", **settings).amount,
            best.do("whole", engine="core", **settings).amount,
            pure.do("whole", engine="kernel", **settings).amount,
        ]
    assert amounts[0] > 0 and len(set(amounts)) == 1


def test_a_job_that_fails_says_why():
    with child(pure=True) as process, pytest.raises(ChildFailed, match="KeyError: 'nonsense'"):
        process.do("nonsense")


def test_start_up_is_measured_beyond_that_of_python(monkeypatch):
    monkeypatch.setattr(start, "_COMMANDS", {"roulette --help": (["-m", "roulette_cli", "--help"], {})})
    (section,) = start.run(TINY, silent).sections
    assert [(found.subject, found.unit) for found in section.measurements] == [
        ("roulette --help", "ms"),
        ("python -c pass", "ms"),
    ]


def test_every_suite_says_what_it_is():
    assert all(suite.summary for suite in SUITES.values())
