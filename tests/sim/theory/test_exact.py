"""Exact values: those of the table as fractions, those of independent rounds, and those that the simulator finds."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measure import Interval
from sim.measure.run_figures import BATCHES
from sim.population import ClosedModel
from sim.theory import UNKNOWN, ExactValues, NotExactError, closed_loop, closed_model, partners, student_quantile
from sim.theory.markov import recurrent, stationary
from tests.support.experiments import experiment, interval

COIN = "tests.core.dubious:Coin"


@pytest.mark.parametrize("users", range(3, 9))
def test_no_repeat_is_as_the_table_says(users: int) -> None:
    found = closed_loop("no-repeat", users)
    searching = Fraction(1) if users % 2 else Fraction(users, users - 1)
    wait = Fraction(1, users - 1 if users % 2 else users - 2)
    assert (found.repair, found.searching, found.wait) == (0, searching, wait)


@pytest.mark.parametrize(("minimum", "users"), [(least, users) for least in range(2, 7) for users in range(least, 9)])
def test_uniform_is_as_the_table_says(minimum: int, users: int) -> None:
    pool = minimum if (users - minimum) % 2 == 0 else minimum + 1
    if pool > users:  # an odd one too few: nobody is ever drawn again
        return
    found = closed_loop(f"uniform:minimum={minimum}", users)
    expected = Fraction(1, 2 * pool - 3), Fraction(pool - 2), Fraction(pool - 2, users - pool + 2)
    assert (found.repair, found.searching, found.wait) == expected


def test_the_small_probability_of_version_2_is_one_third_or_one_fifth() -> None:
    assert [closed_loop("v2", users).repair for users in range(3, 9)] == [Fraction(1, 3), Fraction(1, 5)] * 3


@pytest.mark.parametrize(("policy", "users"), [("no-repeat", 1), ("no-repeat", 2), ("uniform:minimum=5", 4)])
def test_without_pairings_in_the_long_run_the_wait_is_infinite(policy: str, users: int) -> None:
    found = closed_loop(policy, users)
    assert (found.repair, found.searching, found.wait) == (None, users, None)
    assert partners(policy, users) is None


def test_partners_of_four_who_are_all_dealt_again_are_independent() -> None:
    """With four of four waiting at every draw, each partner is one of three, whatever was before."""
    met = partners("uniform:minimum=4", 4, lately=3)
    assert met is not None
    assert met.again == (Fraction(1, 3), Fraction(2, 9), Fraction(4, 27))
    assert met.distinct == (Fraction(1, 27), Fraction(14, 27), Fraction(12, 27), 0)


@pytest.mark.parametrize(("policy", "users"), [("no-repeat", 5), ("uniform", 5), (COIN, 5)])
def test_probabilities_add_up(policy: str, users: int) -> None:
    met = partners(policy, users, lately=2)
    assert met is not None
    assert sum(met.distinct) == 1
    assert 0 < sum(met.again) < 1
    assert met.again[0] >= (closed_loop(policy, users).repair or 0), "a re-pair is one for both"


def close(estimate: Interval, expected: Fraction | None) -> bool:
    """Within four standard errors (by Student's t, sound code fails less than once in a thousand)."""
    assert expected is not None
    error = (estimate.high - estimate.low) / 2 / student_quantile(0.975, BATCHES - 1)
    return abs(estimate.value - float(expected)) <= 4 * error + 1e-9


@pytest.mark.parametrize(
    ("policy", "users"), [("uniform", 5), ("uniform:minimum=4", 6), (COIN, 5), (COIN, 6), ("no-repeat", 4)]
)
def test_the_simulator_finds_the_exact_values(policy: str, users: int) -> None:
    exact = closed_loop(policy, users)
    sample = experiment(policy, ClosedModel(users, 60.0), 8, 120_000.0)
    assert close(interval(sample, "repair.probability"), exact.repair)
    assert close(interval(sample, "searching.mean"), exact.searching)
    assert close(interval(sample, "wait.mean"), exact.wait and 60 * exact.wait)


def test_the_simulators_intervals_cover_an_exact_value_in_95_of_100_runs() -> None:
    """Of 100 seeds between 86 and 100 do, if the interval is what it says (exact binomial, once in a thousand)."""
    exact = closed_loop(COIN, 6).repair
    samples = [experiment(COIN, ClosedModel(6, 60.0), seed, 6000.0) for seed in range(100)]
    assert exact is not None
    assert 86 <= sum(interval(sample, "repair.probability").covers(float(exact)) for sample in samples) <= 100


def test_the_report_takes_exact_values_where_there_is_no_formula() -> None:
    exact, expected = closed_loop(COIN, 6), closed_model(COIN, 6, 60.0)
    assert (expected.repair, expected.searching) == (float(exact.repair or 0), float(exact.searching))
    assert expected.wait == float(60 * (exact.wait or 0))
    assert closed_model(COIN, 9, 60.0) == closed_model("waves", 6, 60.0) == UNKNOWN


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("waves", "deadlines"),
        ("tests.core.dubious:ByName", "because of their names"),
        ("tests.core.dubious:Endless", "not sound"),
    ],
)
def test_a_policy_without_exact_values_is_refused(policy: str, message: str) -> None:
    with pytest.raises(NotExactError, match=message):
        closed_loop(policy, 5)


def test_a_chain_that_is_too_large_is_refused() -> None:
    assert closed_loop("uniform:minimum=5", 6, most_states=10) == ExactValues(
        "uniform:minimum=5", 6, 10, Fraction(1, 9), Fraction(4), Fraction(2)
    )
    with pytest.raises(NotExactError, match="more than 9 states"):
        closed_loop("uniform:minimum=5", 6, most_states=9)


@given(st.data())
def test_a_chain_is_in_balance(data: st.DataObject) -> None:
    """In the long run every state is entered as often as it is left."""
    size = data.draw(st.integers(1, 7))
    rates: list[dict[int, Fraction]] = [{(state + 1) % size: Fraction(1)} for state in range(size)]
    for row in rates:
        targets = data.draw(st.dictionaries(st.integers(0, size - 1), st.fractions(1, 5, max_denominator=9)))
        row.update(targets)
    (states,) = recurrent(rates)
    shares = stationary(rates, states)
    assert sum(shares.values()) == 1
    for state in range(size):
        entered = sum(shares[source] * row.get(state, 0) for source, row in enumerate(rates) if source != state)
        left = shares[state] * sum(rate for to, rate in rates[state].items() if to != state)
        assert entered == left


def test_states_that_are_left_for_good_do_not_recur() -> None:
    one = Fraction(1)
    assert sorted(recurrent([{1: one, 3: one}, {2: one}, {1: one}, {}])) == [[1, 2], [3]]
    assert np.isclose(float(stationary([{1: one}, {2: one}, {1: 2 * one}], [1, 2])[1]), 2 / 3)
