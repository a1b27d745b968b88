"""The beginning of a run on the kernel is compared with the core; all of it where it was not plainly sound."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import sim.run
from roulette_core.testing import Result, Verdict
from sim import judgement, kernel
from sim.judgement import judge_again
from sim.measure import SOUND, watcher_of, watcher_results
from sim.population import ClosedModel, Mixed, Scenario, load, parse
from sim.results import Run
from sim.rows import Columns, Kept, Rows, Sink, codes
from sim.run_check import KERNEL_EQUALS_CORE, difference_in_words, events_in, first_events_agree, play_on_core


def seeds(seed: int = 1) -> tuple[np.random.SeedSequence, np.random.SeedSequence]:
    policy, users = np.random.SeedSequence(seed).spawn(2)
    return policy, users


def on_core(policy: str, scenario: Scenario, until: float, events: int | None = None) -> Columns:
    kept = Kept()
    play_on_core(policy, scenario, seeds(), until, [kept], events=events)
    return kept.columns()


@pytest.mark.parametrize("scenario", [ClosedModel(30), load("mixed", 40)], ids=["closed", "mixed"])
@pytest.mark.parametrize("policy", ["no-repeat", "uniform", "interests"])
def test_the_first_events_are_those_of_the_core(policy: str, scenario: Scenario) -> None:
    whole = on_core(policy, scenario, 900.0)
    used = seeds()
    scenario.population(used[1])  # as a run has done by the time that it is checked
    first = Kept(200)
    _hand_on(whole, [first])
    found = first_events_agree(first.columns(), policy, scenario, used, 900.0, events=200)
    pairings = np.count_nonzero(first.columns().codes & codes.KIND == codes.PAIRED)
    assert found == Result(KERNEL_EQUALS_CORE, Verdict.OK, f"the first 200 events, {pairings} pairings")
    assert first_events_agree(whole, policy, scenario, seeds(), 900.0).verdict is Verdict.OK


@pytest.mark.parametrize("scenario", [ClosedModel(20_000), load("mixed", 20_000)], ids=["closed", "mixed"])
def test_of_many_users_fewer_are_compared(scenario: Scenario) -> None:
    found = first_events_agree(Kept().columns(), "uniform", scenario, seeds(), 600.0, events=5000)
    assert found.verdict is Verdict.OK
    events, pairings = re.fullmatch(
        r"the first ([\d,]+) events, ([\d,]+) pairings \(with 1,000 users instead of 20,000\)", found.detail
    ).groups()  # type: ignore[union-attr]
    assert events == "5,000"
    assert int(pairings.replace(",", "")) > 500


@pytest.mark.parametrize("scenario", [ClosedModel(41), load("mixed", 60)], ids=["closed", "mixed"])
@pytest.mark.parametrize("policy", ["no-repeat", "uniform", "fresh", "waves", "interests"])
def test_a_run_on_the_kernel_is_plainly_sound_and_begins_as_on_the_core(policy: str, scenario: Scenario) -> None:
    interests = [persona.interests for persona in scenario.personas] if isinstance(scenario, Mixed) else [()]
    watcher, beginning = watcher_of(policy, scenario.users, interests), Kept(1000)
    rows, (for_policy, for_users) = Rows([watcher, beginning]), seeds()
    kernel.run(scenario, policy, int(for_policy.generate_state(1)[0]), for_users, 1200.0, rows)
    rows.flush()
    assert watcher.unsound == SOUND
    assert watcher.pairings > 200
    assert first_events_agree(beginning.columns(), policy, scenario, seeds(), 1200.0, 1000).verdict is Verdict.OK
    assert all(result.verdict is not Verdict.FAILED for result in watcher_results(watcher, policy))


def test_a_run_without_events_is_not_said_to_agree() -> None:
    text = "users = 0\n[personas.new]\narrivals_per_minute = 1e-9\nlobby_seconds = 1\nchat_seconds = 1"
    scenario = parse(text, "empty")
    assert first_events_agree(Kept().columns(), "v1", scenario, seeds(), 0.0).verdict is Verdict.NOT_ASKED


def test_a_difference_is_told_in_words() -> None:
    columns = on_core("no-repeat", ClosedModel(4), 300.0)
    pairing = int(np.flatnonzero(columns.codes & codes.KIND == codes.PAIRED)[3])
    other = Columns(*(column.copy() for column in columns))
    other.firsts[pairing], other.seconds[pairing] = other.seconds[pairing], other.firsts[pairing]
    event = events_in(columns.first(pairing))
    found = first_events_agree(other, "no-repeat", ClosedModel(4), seeds(), 300.0)
    assert found.verdict is Verdict.FAILED
    assert found.detail.startswith(f"event {event}: on the kernel, users ")
    assert "; on the core, users " in found.detail
    assert found.detail == difference_in_words(other, columns)


def test_what_is_missing_and_what_cannot_be_is_told_in_words() -> None:
    columns = on_core("no-repeat", ClosedModel(4), 300.0)
    missing = difference_in_words(columns.first(3), columns)
    joins = "user 3 of kind 0 joins at 0.0 s and the event ends"
    assert missing == f"event 3: on the kernel, the run is over; on the core, {joins}"
    other = Columns(*(column.copy() for column in columns))
    other.codes[0] = 12
    told = str(difference_in_words(other, columns))
    assert told.startswith("event 0: on the kernel, there is a row of code 12 at 0.0 s;")
    other.codes[0] = codes.PARTED_LEAVE + codes.TO_LOBBY
    told = str(difference_in_words(other, columns))
    assert told.startswith("event 0: on the kernel, user 0 parts from user 0 by leave, who is left lobby")


def _hand_on(columns: Columns, sinks: Sequence[Sink], block: int = 4096) -> None:
    """Hands rows to sinks, as a kernel does."""
    rows = Rows(sinks, block)
    for row in zip(*(column.tolist() for column in columns), strict=True):
        rows.add(*row)
    rows.flush()


@pytest.fixture
def judged_by_the_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgement, "STRETCH", 100)


def again(columns: Columns, block: int = 4096) -> list[Result]:
    return judge_again("uniform", ClosedModel(20), seeds(), 600.0, lambda sinks: _hand_on(columns, sinks, block))


@pytest.mark.usefixtures("judged_by_the_hundred")
def test_a_run_that_is_the_cores_is_sound_if_the_checker_says_so() -> None:
    columns = on_core("uniform", ClosedModel(20), 600.0)
    for block in (7, 100, 4096):
        agreed, *invariants = again(columns, block)
        assert agreed == Result(KERNEL_EQUALS_CORE, Verdict.OK, f"all {events_in(columns):,} events")
        assert len(invariants) == 20
        assert all(result.verdict is not Verdict.FAILED for result in invariants)


@pytest.mark.usefixtures("judged_by_the_hundred")
@pytest.mark.parametrize("at", [0, 99, 100, 217, -1])
def test_a_run_that_is_not_the_cores_fails_though_the_checker_finds_nothing_in_the_cores(at: int) -> None:
    columns = on_core("uniform", ClosedModel(20), 600.0)
    other = Columns(*(column.copy() for column in columns))
    other.firsts[at] += 1
    agreed, *invariants = again(other)
    assert agreed == Result(KERNEL_EQUALS_CORE, Verdict.FAILED, str(difference_in_words(other, columns)))
    assert all(result.verdict is not Verdict.FAILED for result in invariants)


@pytest.mark.usefixtures("judged_by_the_hundred")
@pytest.mark.parametrize("rows", [-1, -150, 100])
def test_a_run_that_ends_too_soon_or_too_late_fails(rows: int) -> None:
    columns = on_core("uniform", ClosedModel(20), 600.0)
    short = columns.first(rows)
    assert again(short)[0].detail == difference_in_words(short, columns)
    longer = Columns(*(np.append(column, column[-1:]) for column in columns))
    assert again(longer)[0].detail == difference_in_words(longer, columns)


def test_a_kernel_that_never_does_the_same_twice_is_told_of() -> None:
    columns = on_core("uniform", ClosedModel(20), 600.0)
    plays: list[Any] = []

    def moody(sinks: Sequence[Sink]) -> None:
        _hand_on(columns if plays else columns.first(50), sinks)
        plays.append(None)

    agreed, *_ = judge_again("uniform", ClosedModel(20), seeds(), 600.0, moody)
    assert agreed.detail == "the kernel's rows differ from one run to the next"


def failed(made: Run) -> dict[str, str]:
    return {check.name: check.detail for check in made.checks if check.verdict is Verdict.FAILED}


def test_a_kernel_that_goes_wrong_late_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Goes wrong after the events that are always compared: the watcher sees it, and the core tells what was right."""
    play = kernel.run

    def spoilt(*given: Any) -> float:
        *others, rows, progress = given
        kept = Kept()
        own = Rows([kept])
        end = play(*others, own, progress)
        own.flush()
        columns = kept.columns()
        late = np.flatnonzero(columns.codes & codes.KIND == codes.PAIRED)[-5]
        columns.seconds[late] = columns.firsts[late]
        for row in zip(*(column.tolist() for column in columns), strict=True):
            rows.add(*row)
        return end

    monkeypatch.setattr(kernel, "run", spoilt)
    monkeypatch.setattr(sim.run, "FIRST_EVENTS", 100)
    told = failed(sim.run.simulate("uniform", ClosedModel(20), 1, 0, 600.0))
    words = r"event \d+: on the kernel, users (\d+) and \1 are paired at .*; on the core, users"
    assert re.match(words, told[KERNEL_EQUALS_CORE])


def test_a_watcher_that_suspects_what_is_sound_costs_time_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def suspicious(*given: Any) -> Any:
        watcher = watcher_of(*given)
        watcher.unsound = 7
        return watcher

    monkeypatch.setattr(sim.run, "watcher_of", suspicious)
    made = sim.run.simulate("uniform", ClosedModel(20), 1, 0, 600.0)
    assert failed(made) == {}
    details = {check.name: check.detail for check in made.checks}
    assert details[KERNEL_EQUALS_CORE] == f"all {details['work_conserving']}"
