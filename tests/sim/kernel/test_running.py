"""A run on the kernel writes the rows of a run on ``roulette_core``, to the last bit."""

import signal
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import BadPolicy
from sim import kernel
from sim.population import ClosedModel, Mixed, Persona, load
from sim.rows import Kept, Rows
from sim.rows.codes import KIND, REFUSED
from sim.swarm.swarm_population import PERSONAS
from tests.sim.kernel.runs import POLICIES, on_core, scenarios


def on_kernel(scenario, policy, seed, until, progress=None, size=7):
    """The rows of a run of the kernel, and when it ended; blocks of rows are so small that events straddle them."""
    kept = Kept()
    rows = Rows([kept], size)
    end = kernel.run(scenario, policy, seed, np.random.SeedSequence(seed), until, rows, progress)
    rows.flush()
    return kept.columns(), end


def assert_equal(scenario, policy, seed, until):
    (expected, end), (found, ended) = on_core(scenario, policy, seed, until), on_kernel(scenario, policy, seed, until)
    assert expected.difference(found) is None
    assert end == ended
    return found


@given(scenarios(), st.sampled_from(POLICIES), st.integers(0, 2**32))
def test_personas_of_any_kind(scenario, policy, seed):
    assert_equal(scenario, policy, seed, 150.0)


@given(st.integers(1, 60), st.floats(1, 100), st.sampled_from([*POLICIES, "v2:minimum=5"]), st.integers(0, 2**32))
def test_the_closed_model_of_any_size(users, chat, policy, seed):
    assert_equal(ClosedModel(users, chat), policy, seed, 300.0)


@pytest.mark.parametrize("policy", POLICIES)
def test_mixed_over_many_blocks_of_random_numbers_and_with_growing_arrays(policy):
    found = assert_equal(load("mixed", 150), policy, 6, 3500.0)
    assert len(found.times) > 2 * 4096
    assert found.firsts.max() > 320


@pytest.mark.parametrize("policy", POLICIES)
def test_the_closed_model_over_many_blocks_of_random_numbers(policy):
    found = assert_equal(ClosedModel(301), policy, 7, 4000.0)
    assert len(found.times) > 4 * 4096


@pytest.mark.nightly
@pytest.mark.parametrize("policy", POLICIES)
def test_the_default_scenario_for_hours(policy):
    assert_equal(load("mixed"), policy, 8, 4 * 3600.0)


def test_the_size_of_a_block_of_rows_makes_no_difference():
    found = [on_kernel(load("mixed", 40), "waves:every=30", 2, 900.0, size=size)[0] for size in (1, 2, 4096)]
    assert found[0].difference(found[2]) is None
    assert found[1].difference(found[2]) is None


def test_a_run_can_be_interrupted():
    """Compiled code looks for signals only where it calls Python, as it does for every block of random numbers."""

    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(KeyboardInterrupt):
            kernel.run(ClosedModel(100), "v1", 1, np.random.SeedSequence(1), 2e7, Rows())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_what_the_kernel_cannot_run_is_told():
    closed = ClosedModel(5)
    assert kernel.unknown(closed, "v1") is kernel.unknown(load("mixed"), "interests:patience=3") is None
    mentors = kernel.unknown(closed, "tests.sim.population.mentors:Mentors")
    assert mentors == "tests.sim.population.mentors:Mentors is not built in"
    with pytest.raises(BadPolicy):
        kernel.unknown(closed, "nothing")


def test_personas_that_do_more_than_scenarios_can_say_are_unknown():
    blocker, waverer = (replace(PERSONAS[name](Random(1)), interests=("chess",)) for name in ("blocker", "waverer"))
    for persona, what in ((blocker, "Block(user=0, other=1"), (waverer, "Start(user=0, interests=()")):
        assert f"a persona asks for {what}" in kernel.unknown(Mixed("swarm", 1, (persona,)), "v1")


@pytest.mark.parametrize("policy", POLICIES)
def test_users_who_ask_for_what_is_illegal(policy):
    kinds = tuple(PERSONAS[name](Random(1)) for name in ("muddler", "hopper", "ghost"))
    found = assert_equal(Mixed("muddle", 20, kinds), policy, 5, 200.0)
    assert (found.codes & KIND == REFUSED).sum() > 20


def test_more_topics_than_bits_are_unknown():
    def with_topics(count):
        return Mixed("m", 1, (Persona("p", 1.0, 1.0, 1.0, interests=tuple(map(str, range(count)))),))

    assert kernel.unknown(with_topics(64), "interests") is None
    assert kernel.unknown(with_topics(65), "interests") == "there are 65 interests, more than 64"
    assert_equal(with_topics(64), "interests", 1, 30.0)
