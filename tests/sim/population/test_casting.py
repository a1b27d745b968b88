"""Users search as the cast of a policy of one's own says."""

import numpy as np
import pytest

from roulette_core import Role, Roulette, Start, make_policy
from roulette_core.policies import POLICIES
from sim.engine import run
from sim.population import ClosedModel, cast, cast_of, in_role, load
from sim.rows import EffectRows, Kept, Rows, codes
from sim.run import simulate
from sim.swarm.case_run import run_case
from sim.swarm.command import Fixed
from tests.sim.population.mentors import Mentors

MENTORS = "tests.sim.population.mentors:Mentors"


@pytest.mark.parametrize("scenario", [ClosedModel(20), load("mixed", 40)])
def test_users_play_the_roles_of_a_policys_cast_in_turn(scenario):
    made = simulate(MENTORS, scenario, 1, 0, 600.0)
    assert made.engine == "core"
    assert made.figures.pairings > 10
    assert made.ok


def test_every_pair_is_of_two_roles():
    roulette = Roulette(Mentors())
    population = cast(ClosedModel(9).population(np.random.SeedSequence(1)), roulette.policy)
    kept = Kept()
    rows = Rows([kept])
    run(roulette, population, 600.0, [EffectRows(rows).observe])
    rows.flush()
    columns = kept.columns()
    paired = columns.codes & codes.KIND == codes.PAIRED
    assert np.count_nonzero(paired) > 10
    assert set((columns.firsts + columns.seconds)[paired] % 2) == {1}


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
