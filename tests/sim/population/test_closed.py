import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roulette_core import Roulette, State
from roulette_core.testing import BUILT_IN
from sim.engine import run
from sim.population import ClosedModel
from sim.run import simulate
from tests.support.experiments import experiment, interval

POLICIES = [*BUILT_IN, "uniform:minimum=7"]


def requests(policy, users=50, seed=4):
    """Who asks for the next, and when."""
    seen = []
    population = ClosedModel(users).population(np.random.SeedSequence(seed))
    run(Roulette(policy), population, 600.0, [lambda now, event, effects: seen.append((now, event))])
    return [(now, event) for now, event in seen if event.kind == "next"]


@settings(max_examples=30, deadline=None)
@given(users=st.integers(1, 40), policy=st.sampled_from(POLICIES), seed=st.integers(0, 2**32))
def test_all_n_users_are_always_chatting_or_searching(users, policy, seed):
    roulette, population = Roulette(policy), ClosedModel(users).population(np.random.SeedSequence(seed))
    counts = []
    run(roulette, population, 100.0, [lambda now, event, effects: counts.append((now, roulette.counts()))])
    for now, count in counts[2 * users :]:
        assert now > 0
        assert count[State.SEARCHING] + count[State.PRIVATE] == users
        assert count[State.LOBBY] == 0


def test_every_policy_sees_the_very_same_requests():
    assert len(requests("v1")) > 100
    for policy in POLICIES:
        assert requests(policy) == requests("v1")


def test_a_chat_lasts_its_mean_and_is_ended_by_either_side():
    """Kolmogorov-Smirnov for the exponential law and a binomial bound, each at 99.9 % confidence."""
    began, lengths, by_first = {}, [], 0

    def observe(now, event, effects):
        nonlocal by_first
        for effect in effects:
            if effect.kind == "paired":
                began[effect.first] = began[effect.second] = (now, effect.first)
            elif effect.kind == "parted":
                since, first = began[effect.user]
                lengths.append(now - since)
                by_first += effect.user == first

    run(
        Roulette("v2"),
        ClosedModel(301, mean_chat_seconds=20.0).population(np.random.SeedSequence(8)),
        2000.0,
        [observe],
    )
    # Chats that begin near the end are cut off if they are long: only those of the first nine tenths are compared.
    sample = np.sort(np.array(lengths[: int(0.9 * len(lengths))]))
    count = len(sample)
    assert count > 10_000
    law = 1 - np.exp(-sample / 20.0)
    distance = max(np.max(np.arange(1, count + 1) / count - law), np.max(law - np.arange(count) / count))
    assert distance < 1.95 / np.sqrt(count)
    assert abs(by_first / len(lengths) - 0.5) < 3.29 * 0.5 / np.sqrt(len(lengths))


@pytest.mark.parametrize(
    ("policy", "users", "pool"),
    [("v2", 301, 3), ("v2", 300, 4), ("v2:minimum=7", 301, 7), ("v2:minimum=7", 300, 8), ("v2", 3, 3), ("v2", 4, 4)],
)
def test_uniform_meets_again_with_probability_1_of_2k_minus_3(policy, users, pool):
    """The 95 % interval of batches, twice as wide: were it of normal shape, 99.99 % confidence."""
    sample = experiment(policy, ClosedModel(users), 11, 25_000 * 120 / users)
    found = interval(sample, "repair.probability")
    assert abs(found.value - 1 / (2 * pool - 3)) < 2 * (found.high - found.low) / 2
    assert found.high - found.low < 0.1
    assert sample.figures[0].searching_mean == pytest.approx(pool - 2, rel=1e-3, abs=0.02)
    assert sample.policy.runs[0].ok


@pytest.mark.parametrize("users", [3, 4, 5, 10, 300, 301])
def test_no_repeat_never_meets_again_and_waits_as_theory_says(users):
    sample = experiment("v1", ClosedModel(users), 12, 12_000 * 120 / users)
    expected = 1.0 if users % 2 else users / (users - 1)
    searching = interval(sample, "searching.mean")
    assert sample.figures[0].pairings > 4000
    assert sample.figures[0].repairs == 0
    assert abs(searching.value - expected) <= max(2 * (searching.high - expected), 1e-3)
    assert searching.low - 0.03 < expected < searching.high + 0.03
    assert sample.policy.runs[0].ok


def test_two_users_under_no_repeat_wait_for_a_third_for_ever():
    run = simulate("v1", ClosedModel(2), 1, 0, 36_000, warmup_seconds=0.0)
    assert run.figures.pairings == 1
    assert run.figures.searching_mean == pytest.approx(2.0, rel=0.02)
    assert run.ok


def test_one_user_is_alone():
    run = simulate("v2", ClosedModel(1), 1, 0, 600)
    assert (run.figures.pairings, run.figures.searching_mean, run.ok) == (0, 1.0, True)
