"""Campaigns: the same for any number of processes, and ended by a failure, a budget or Ctrl-C."""

import time
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from sim.swarm import ENOUGH, GROUPS, Fixed, SwarmCampaign, run_cases
from transports.gateway.admission import Admission

FOREVER = float("inf")
QUICK = Fixed(users=3, seconds=10)


def run(fixed: Fixed, *arguments: Any, **more: Any) -> SwarmCampaign:
    campaign = SwarmCampaign(fixed)
    run_cases(campaign, *arguments, **more)
    return campaign


def everything() -> SwarmCampaign:
    happened = Counter({(group, name): 1 for group, names in GROUPS.items() for name in names})
    return SwarmCampaign(Fixed(), cases=ENOUGH, counts=happened)


def test_two_processes_find_what_one_finds() -> None:
    broken = replace(QUICK, policy="tests.sim.swarm.sleepy:Sleepy", personas=("hopper",), faults=())
    alone, together = (run(broken, range(20), processes, FOREVER) for processes in (1, 2))
    assert alone.cases == together.cases < 20
    assert (alone.counts, alone.simulated_seconds) == (together.counts, together.simulated_seconds)
    assert alone.failures == together.failures != []


def test_a_failure_ends_a_campaign_without_keep_going(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Admission, "leave", lambda self, address: None)
    fixed = replace(QUICK, limits=("room",), rude_clients=("mute",))
    assert run(fixed, range(8), 1, FOREVER).cases < 8
    going_on = run(fixed, range(8), 1, FOREVER, keep_going=True)
    assert (going_on.cases, going_on.ok) == (8, False)
    assert len(going_on.failures) > 1


def test_no_case_is_started_once_the_budget_is_spent() -> None:
    assert run(QUICK, range(8), 1, budget=0.0).cases == 1


def test_ctrl_c_ends_a_campaign_and_keeps_its_results() -> None:
    def interrupt(cases: int) -> None:
        if cases == 2:
            raise KeyboardInterrupt

    found = SwarmCampaign(QUICK)
    with pytest.raises(KeyboardInterrupt):
        run_cases(found, range(8), 1, FOREVER, progress=interrupt)
    assert (found.cases, found.interrupted) == (2, True)


def test_a_campaign_that_is_interrupted_in_its_first_case_has_taken_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(case: object) -> None:
        time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.swarm.campaign.run_case", interrupt)
    interrupted = SwarmCampaign(QUICK)
    with pytest.raises(KeyboardInterrupt):
        run_cases(interrupted, range(8), 1, FOREVER)
    assert (interrupted.cases, interrupted.interrupted) == (0, True)
    assert interrupted.wall_seconds >= 0.01


def test_a_count_of_zero_is_a_failure_after_enough_cases() -> None:
    campaign = everything()
    assert campaign.ok
    for happening in list(campaign.counts):
        missing = replace(campaign, counts=campaign.counts - Counter([happening]))
        assert missing.never == [happening]
        assert not missing.ok
        assert replace(missing, cases=ENOUGH - 1).ok
        assert replace(missing, fixed=Fixed(users=3)).ok
