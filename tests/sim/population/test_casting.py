"""Users search as the cast of a policy of one's own says."""

import numpy as np
import pytest

from roulette_core import Role, Roulette, Start, make_policy
from roulette_core.policies import POLICIES
from sim.population import ClosedModel, cast, cast_of, in_role, load
from sim.run import observe, simulate
from sim.swarm.case_run import run_case
from sim.swarm.command import Fixed
from tests.sim.population.mentors import Mentors

MENTORS = "tests.sim.population.mentors:Mentors"


@pytest.mark.parametrize("scenario", [ClosedModel(20), load("mixed", 40)])
def test_users_play_the_roles_of_a_policys_cast_in_turn(scenario):
    run = simulate(MENTORS, scenario, seed=1, duration_seconds=600.0)
    assert run.pairings > 10
    assert run.ok


def test_every_pair_is_of_two_roles():
    roulette = Roulette(Mentors())
    population = cast(ClosedModel(9).population(np.random.SeedSequence(1)), roulette.policy)
    trace = observe(roulette, population, 0.0, 600.0).trace
    assert trace.pairings > 10
    assert set((trace.pair_first + trace.pair_second) % 2) == {1}


@pytest.mark.parametrize("name", POLICIES)
def test_what_built_in_policies_look_at_is_for_scenarios_to_decide(name):
    assert cast_of(make_policy(name)) == ()


def test_what_a_role_leaves_open_stays():
    cast = (Role(), Role(("music",)), Role(attributes={"role": "mentor"}))
    asked = [in_role(Start(user, ("chess",)), cast) for user in range(3)]
    assert asked == [Start(0, ("chess",)), Start(1, ("music",)), Start(2, ("chess",), {"role": "mentor"})]


def test_the_swarm_lets_users_search_for_the_interests_of_a_cast():
    fixed = Fixed(policy="tests.sim.population.mentors:MentorsByInterest", faults=(), limits=(), personas=("hopper",))
    outcomes = [run_case(fixed.case(seed)) for seed in range(6)]
    assert not any(outcome.failure for outcome in outcomes)
    assert sum(outcome.counts["effects", "paired"] for outcome in outcomes) > 10
