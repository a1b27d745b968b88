"""Statistics tested by statistics: seeds are fixed, and bounds are such that sound code fails once in a thousand."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import bdtr, gammaln

from sim.measure import Estimate
from sim.measure.statistics import BATCHES, gini, jain, mean, proportion, rank_uniformity, ratio

SEEDS = 400


def within_binomial_bounds(successes: int, trials: int, probability: float, doubt: float = 0.001) -> bool:
    """Whether neither so few nor so many successes are less likely than half the doubt (exact binomial)."""
    as_few = bdtr(successes, trials, probability)
    as_many = 1 - bdtr(successes - 1, trials, probability) if successes else 1.0
    return bool(min(as_few, as_many) >= doubt / 2)


def sticky(generator: np.random.Generator, trials: int, probability: float, stay: float) -> npt.NDArray[np.bool_]:
    """Correlated trials with a known probability: each repeats the one before with probability ``stay``."""
    fresh = generator.random(trials) < probability
    source = np.where(generator.random(trials) < stay, 0, np.arange(trials))
    return fresh[np.maximum.accumulate(source)]


def as_if_independent(outcomes: npt.NDArray[np.bool_]) -> Estimate:
    """The error bar one must not draw."""
    value = float(outcomes.mean())
    margin = 1.96 * math.sqrt(value * (1 - value) / len(outcomes))
    return Estimate(value, value - margin, value + margin)


def coverage(estimate: Callable[[npt.NDArray[np.bool_]], Estimate]) -> int:
    generators = (np.random.default_rng(seed) for seed in range(SEEDS))
    return sum(estimate(sticky(generator, 20_000, 0.2, stay=0.6)).covers(0.2) for generator in generators)


def test_batch_means_cover_the_truth_in_95_of_100_runs_though_trials_are_correlated() -> None:
    assert within_binomial_bounds(coverage(proportion), SEEDS, 0.95)


def test_an_interval_that_ignores_correlation_does_not_cover_the_truth() -> None:
    assert not within_binomial_bounds(coverage(as_if_independent), SEEDS, 0.95)


def test_the_interval_of_a_ratio_of_two_varying_sums_covers_it() -> None:
    covered = 0
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        below = generator.poisson(500, BATCHES)
        above = generator.binomial(below, 0.3)
        covered += ratio(above, below).covers(0.3)
    assert within_binomial_bounds(covered, SEEDS, 0.95)


def binomial(trials: int, probability: float) -> npt.NDArray[np.float64]:
    count = np.arange(trials + 1)
    ways = gammaln(trials + 1) - gammaln(count + 1) - gammaln(trials - count + 1)
    return np.exp(ways + count * math.log(probability) + (trials - count) * math.log(1 - probability))


@pytest.mark.parametrize("trials", [3, 20, 150])
@pytest.mark.parametrize("probability", [0.02, 0.2, 0.5, 0.93])
def test_with_few_trials_the_interval_covers_the_truth_at_least_as_often_as_promised(
    trials: int, probability: float
) -> None:
    covers = [proportion(np.arange(trials) < count).covers(probability) for count in range(trials + 1)]
    # The rule of three gives exactly 95 % only for many trials: for 20 it is 94.6 %, for 3 it is certain.
    assert float(binomial(trials, probability) @ covers) >= 0.945


def test_an_event_that_never_happened_has_the_interval_of_the_rule_of_three() -> None:
    assert proportion(np.zeros(300, dtype=bool)) == Estimate(0.0, 0.0, 0.01)
    assert proportion(np.zeros(2, dtype=bool)) == Estimate(0.0, 0.0, 1.0)
    assert proportion(np.ones(300, dtype=bool)) == Estimate(1.0, 0.99, 1.0)


def test_without_trials_the_interval_is_0_to_1() -> None:
    estimate = proportion(np.zeros(0, dtype=bool))
    assert math.isnan(estimate.value)
    assert (estimate.low, estimate.high) == (0.0, 1.0)


@given(st.lists(st.booleans(), max_size=600))
def test_a_probability_and_its_interval_stay_between_0_and_1(outcomes: list[bool]) -> None:
    estimate = proportion(np.array(outcomes, dtype=bool))
    assert 0 <= estimate.low <= estimate.high <= 1
    if outcomes:
        assert estimate.low <= estimate.value <= estimate.high


def test_the_interval_of_a_nonnegative_mean_stays_at_0_or_above() -> None:
    mostly_nothing = np.zeros(1000)
    mostly_nothing[7] = 3.0
    estimate = mean(mostly_nothing)
    assert estimate.low == 0
    assert estimate.covers(0.003)


def test_one_batch_gives_a_mean_without_an_interval() -> None:
    estimate = mean(np.array([1.0, 2.0, 6.0]))
    assert estimate.value == 3
    assert math.isnan(estimate.low)
    assert not estimate.covers(3.0)


def test_a_constant_agrees_with_itself_despite_rounding() -> None:
    assert mean(np.full(1000, 0.1)).covers(0.1)


def draws(generator: np.random.Generator, uneven: bool = False) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    sizes = generator.choice([3, 6, 10, 4950], 3000)
    ranks = (generator.random(3000) ** (1.3 if uneven else 1.0) * sizes).astype(np.int64)
    return ranks, sizes


def test_p_values_of_uniform_draws_are_uniform() -> None:
    values = np.array([rank_uniformity(*draws(np.random.default_rng(seed))) for seed in range(SEEDS)])
    for level in (0.05, 0.2, 0.5, 0.9):
        assert within_binomial_bounds(int(np.count_nonzero(values < level)), SEEDS, level)


def test_p_values_are_uniform_with_only_three_pairs_to_draw() -> None:
    values = []
    for seed in range(SEEDS):
        ranks = np.random.default_rng(seed).integers(3, size=2000)
        values.append(rank_uniformity(ranks, np.full(2000, 3)))
    for level in (0.05, 0.2, 0.5, 0.9):
        assert within_binomial_bounds(int(np.count_nonzero(np.array(values) < level)), SEEDS, level)


def test_draws_that_prefer_some_pairs_are_detected() -> None:
    values = [rank_uniformity(*draws(np.random.default_rng(seed), uneven=True)) for seed in range(20)]
    assert max(value for value in values if value is not None) < 0.001


def test_few_draws_have_no_p_value() -> None:
    assert rank_uniformity(np.zeros(99, dtype=np.int64), np.full(99, 3)) is None


shares = st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any)


@given(shares)
def test_jain_and_gini_are_what_their_definitions_say(values: list[int]) -> None:
    number, total = len(values), sum(values)
    array = np.array(values)
    assert jain(array) == pytest.approx(total**2 / (number * sum(value**2 for value in values)))
    differences = sum(abs(one - other) for one in values for other in values)
    assert gini(array) == pytest.approx(differences / (2 * number * total), abs=1e-12)


def test_jain_and_gini_at_the_two_ends() -> None:
    assert jain(np.full(10, 7)) == pytest.approx(1)
    assert gini(np.full(10, 7)) == pytest.approx(0)
    alone = np.array([0] * 9 + [5])
    assert jain(alone) == pytest.approx(0.1)
    assert gini(alone) == pytest.approx(0.9)
    assert math.isnan(jain(np.zeros(4)))
    assert math.isnan(gini(np.zeros(4)))


@given(st.floats(1e-6, 1e9), st.integers(1, 200))
def test_equal_shares_are_exactly_even(share: float, number: int) -> None:
    """Rounding took the Gini coefficient below 0, and Jain's index above 1."""
    shared = np.full(number, share)
    assert jain(shared) == pytest.approx(1) and jain(shared) <= 1
    assert gini(shared) == pytest.approx(0, abs=1e-12) and gini(shared) >= 0
