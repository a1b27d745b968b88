"""Replications: the same whatever the number of processes, stopped where they are, and failures come home."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roulette_core import BadPolicy, BrokenPolicy
from roulette_core.testing.processes import ChildFailed
from sim.population import ClosedModel
from sim.replications import Experiment, FromWorker, replicate
from sim.report import results_to_json
from sim.results import Results, Run, Setting
from tests.support.made_runs import made_run

POLICIES = ("no-repeat", "uniform:minimum=3", "waves:every=5")


def experiment(simulate: Any = made_run, policies: tuple[str, ...] = POLICIES, runs: int = 5) -> Experiment:
    setting = Setting("closed", 12, runs, 7, 600.0, 100.0, mean_chat_seconds=60.0, slowest_seconds=60.0)
    return Experiment(simulate, policies, ClosedModel(12), setting)


@pytest.mark.parametrize("jobs", [2, 3])
def test_results_do_not_depend_on_the_number_of_processes(jobs: int) -> None:
    one, several = replicate(experiment(), 1), replicate(experiment(), jobs)
    assert results_to_json(several) == results_to_json(one)
    assert [each.policy for each in one.policies] == list(POLICIES)
    assert all(len(each.runs) == 5 for each in one.policies)


def test_progress_is_of_all_runs_together_and_ends_at_their_sum() -> None:
    seen: list[float] = []
    chosen = experiment()
    replicate(chosen, 2, lambda done: bool(seen.append(done)))
    assert seen[-1] == chosen.total_seconds == 5 * 3 * 700.0
    assert seen == sorted(seen)


def numbers(results: Results) -> list[int]:
    return [len(each.runs) for each in results.policies]


def stopped_after(runs: float, simulate: Any = made_run) -> Results:
    return replicate(experiment(simulate), 1, lambda done: done >= 700.0 * runs)


def test_what_is_finished_under_all_policies_is_kept_when_it_is_stopped() -> None:
    assert numbers(stopped_after(5)) == [1, 1, 1]
    assert numbers(stopped_after(6)) == [2, 2, 2]


def slow_run(*arguments: Any, progress: Any) -> Run:
    """A run that is asked every time how far it is."""
    from sim import replications

    replications.TURN = 0.0  # type: ignore[misc]
    return made_run(*arguments, progress=progress)


@pytest.fixture
def _restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from sim import replications

    monkeypatch.setattr(replications, "TURN", replications.TURN)
    yield


@pytest.mark.usefixtures("_restored")
def test_if_nothing_is_finished_what_was_under_way_is_returned() -> None:
    found = stopped_after(0.5, slow_run)
    assert numbers(found) == [1]
    (run,) = found.policies[0].runs
    assert 100.0 < run.figures.end < 700.0


@pytest.mark.usefixtures("_restored")
def test_of_a_run_that_was_stopped_while_it_warmed_up_nothing_is_kept() -> None:
    assert stopped_after(0.05, slow_run).policies == ()


def broken(policy: str, *rest: Any, progress: Any) -> Run:
    if policy == POLICIES[2]:
        raise BrokenPolicy("it drew the same user twice")
    return made_run(policy, *rest, progress=progress)


def dies(policy: str, *rest: Any, progress: Any) -> Run:
    if os.environ.get("PARENT") != str(os.getpid()):
        os._exit(9)
    while not progress(0.0):
        pass
    return made_run(policy, *rest)


class Unpicklable(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def odd(policy: str, scenario: Any, seed: int, run: int, *rest: Any, progress: Any) -> Run:
    if os.environ.get("PARENT") != str(os.getpid()):
        raise Unpicklable(1, 2)
    while True:
        progress(0.0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failure_is_the_same_in_whichever_process_it_happens(jobs: int) -> None:
    with pytest.raises(BrokenPolicy, match="the same user twice"):
        replicate(experiment(broken), jobs)
    with pytest.raises(BadPolicy):
        replicate(experiment(policies=("no-repeat", "v9")), jobs)


def test_an_error_that_cannot_be_sent_is_told_by_its_words_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARENT", str(os.getpid()))
    with pytest.raises(RuntimeError, match="Unpicklable: 1 and 2") as caught:
        replicate(experiment(odd), 2)
    assert isinstance(caught.value.__cause__, FromWorker)
    assert Path(__file__).name in caught.value.__cause__.place


def test_a_process_that_is_killed_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARENT", str(os.getpid()))
    with pytest.raises(ChildFailed, match="killed"):
        replicate(experiment(dies), 2)
