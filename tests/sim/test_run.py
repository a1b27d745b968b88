import json

import numpy as np
import pytest

from roulette_core import BadPolicy, Roulette, State
from roulette_core.effects import Paired
from roulette_core.testing import INVARIANTS, Verdict
from sim.population import ClosedModel, load
from sim.report import to_json
from sim.run import observe, simulate
from tests.support.hashing import outputs

PROGRAM = """
import json
from sim.report import to_json
from sim.run import simulate
from sim.population import load
runs = to_json([simulate(policy, load(name, 60), 3, 900) for policy in ("v1", "v2", "fresh", "waves", "interests")
                for name in ("closed", "mixed")])
for run in runs["runs"]:
    del run["speed"]
print(json.dumps(runs))
"""


@pytest.mark.nightly  # the core's own test has every policy, that of the wire world every part of the simulator
def test_figures_do_not_depend_on_the_order_of_hashes():
    first, *others = outputs(PROGRAM, "0", "1", "4242")
    assert set(others) == {first}
    assert len(json.loads(first)["runs"]) == 10


@pytest.mark.parametrize("policy", ["v1", "v2", "v2:minimum=2", "fresh", "waves", "interests"])
@pytest.mark.parametrize("scenario", [ClosedModel(50), load("mixed", 50)], ids=["closed", "mixed"])
def test_every_policy_passes_its_self_checks(policy, scenario):
    summary = simulate(policy, scenario, seed=2, duration_seconds=1800)
    assert [check for check in summary.checks if check.verdict is Verdict.FAILED] == []
    assert len(summary.checks) == len(INVARIANTS) + 2
    assert summary.simulated_seconds == 1800
    assert summary.pairings > 100


def test_what_the_core_itself_answers_is_checked_at_the_end():
    class Miscounting(Roulette):
        def counts(self):
            return {**super().counts(), State.LOBBY: 99}

    def failed(roulette):
        population = ClosedModel(8).population(np.random.SeedSequence(1))
        checks = observe(roulette, population, 0.0, 600.0).checks
        return {check.name for check in checks if check.verdict is Verdict.FAILED}

    assert (failed(Roulette("uniform", 1)), failed(Miscounting("uniform", 1))) == (set(), {"counts_are_right"})


def test_the_summary_holds_the_setting():
    setting = simulate("v2", ClosedModel(10, mean_chat_seconds=30.0), seed=4, duration_seconds=60).setting
    assert (setting.policy, setting.scenario, setting.users, setting.seed) == ("uniform:minimum=3", "closed", 10, 4)
    assert setting.mean_chat_seconds == 30.0
    assert simulate("v1", load("mixed", 10), seed=4, duration_seconds=60).setting.mean_chat_seconds is None


def test_seeds_make_a_difference_to_users_and_to_policy():
    def figures(seed):
        return to_json([simulate("v2", ClosedModel(50), seed, 900)])["runs"][0]["wait"]

    assert figures(1) == figures(1)
    assert figures(1) != figures(2)


def test_a_bad_policy_is_refused():
    with pytest.raises(BadPolicy):
        simulate("v3", ClosedModel(10), seed=1, duration_seconds=60)


def test_a_core_that_loses_a_pairing_fails_the_checks():
    class Forgetful(Roulette):
        """Keeps the 50th pairing to itself."""

        left = 50

        def handle(self, event, now):
            kept = []
            for effect in super().handle(event, now):
                self.left -= type(effect) is Paired
                if type(effect) is not Paired or self.left:
                    kept.append(effect)
            return tuple(kept)

    seen = observe(Forgetful("v1"), ClosedModel(20).population(np.random.SeedSequence(1)), 0.0, 600.0)
    assert [check.name for check in seen.checks if check.verdict is Verdict.FAILED]
