"""Estimates over runs: what they are by hand, that they cover, and that verdicts err as seldom as they say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.measure import estimates
from sim.measure.estimates import BEYOND, NOT_SHOWN, SAME, Interval, difference, mean, proportion, ratio, sectioned

SEEDS = 400
FINITE = st.floats(-1e6, 1e6)


def within_binomial_bounds(successes: int, trials: int, probability: float, doubt: float = 0.001) -> bool:
    """Whether neither so few nor so many successes are less likely than half the doubt (exact binomial)."""
    as_few = stats.binom.cdf(successes, trials, probability)
    as_many = stats.binom.sf(successes - 1, trials, probability)
    return bool(min(as_few, as_many) >= doubt / 2)


@given(st.lists(FINITE, min_size=2, max_size=30))
def test_the_interval_of_a_mean_is_that_of_students_t(runs: list[float]) -> None:
    found = mean(runs).interval()
    expected = stats.t.interval(0.95, len(runs) - 1, np.mean(runs), stats.sem(runs) or 1e-300)
    scale = 1e-9 * max(1.0, *map(abs, runs))
    assert (found.low, found.high) == pytest.approx(expected, abs=scale)


@given(st.lists(FINITE, min_size=1, max_size=9), st.integers(0, 9))
def test_runs_without_the_figure_have_no_part_in_its_mean(runs: list[float], without: int) -> None:
    some = mean([*runs, *[math.nan] * without])
    assert some.value == mean(runs).value
    assert repr(some.interval()) == repr(mean(runs).interval())
    assert len(some.runs) == len(runs) + without


def test_one_run_has_no_interval_and_none_no_value() -> None:
    assert repr(mean([3.0]).interval()) == repr(Interval(3.0))
    assert repr(mean([]).interval()) == repr(mean([math.nan]).interval()) == repr(Interval())
    assert repr(ratio([0, 0], [0, 0]).interval()) == repr(Interval())


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=2, max_size=20), st.floats(0.1, 10))
def test_a_ratio_over_equal_denominators_is_a_mean_and_scales(parts: list[tuple[int, int]], scale: float) -> None:
    above, below = zip(*parts, strict=True)
    same = ratio(above, [7.0] * len(above))
    assert same.interval().low == pytest.approx(mean([each / 7 for each in above]).interval().low, abs=1e-9)
    found, scaled = ratio(above, below), ratio([scale * each for each in above], below)
    assert scaled.value == pytest.approx(scale * found.value)
    assert scaled.error == pytest.approx(scale * found.error, abs=1e-12)
    assert found.value == pytest.approx(sum(above) / sum(below))


def covered(estimate, truth: float) -> int:  # type: ignore[no-untyped-def]
    return sum(estimate(np.random.default_rng(seed)).covers(truth) for seed in range(SEEDS))


def test_ratios_means_and_quantiles_of_ten_runs_cover_in_95_of_100() -> None:
    def of_sums(generator: np.random.Generator) -> Interval:
        below = generator.poisson(500 * generator.gamma(20, 1 / 20, 10))  # runs differ more than by chance alone
        return ratio(generator.binomial(below, 0.3), below).interval()

    def of_quantiles(generator: np.random.Generator) -> Interval:
        runs = generator.exponential(size=(10, 400))
        return sectioned(float(np.quantile(runs, 0.9)), np.quantile(runs, 0.9, axis=1)).interval()

    assert within_binomial_bounds(covered(of_sums, 0.3), SEEDS, 0.95)
    assert within_binomial_bounds(covered(lambda chance: mean(chance.normal(5, 2, 10)).interval(), 5.0), SEEDS, 0.95)
    assert within_binomial_bounds(covered(of_quantiles, math.log(10)), SEEDS, 0.95)


@pytest.mark.parametrize("probability", [0.0, 0.002, 0.02, 0.3, 0.97, 1.0])
def test_a_proportion_covers_at_least_as_often_as_promised_however_few_there_are(probability: float) -> None:
    def of_counts(generator: np.random.Generator) -> Interval:
        trials = generator.poisson(60, 10)
        return proportion(generator.binomial(trials, probability), trials)

    assert covered(of_counts, probability) >= stats.binom.ppf(0.001, SEEDS, 0.95)


def test_a_proportion_of_events_that_come_in_clusters_covers_too() -> None:
    def of_clusters(generator: np.random.Generator) -> Interval:
        return proportion(4 * generator.binomial(100, 0.005, 10), np.full(10, 400))

    few = sum(np.sum(4 * np.random.default_rng(seed).binomial(100, 0.005, 10)) < 20 for seed in range(SEEDS))
    assert few > 30  # where the exact binomial interval alone would be too narrow
    assert covered(of_clusters, 0.005) >= stats.binom.ppf(0.001, SEEDS, 0.93)  # ten counts of one or none are skew


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_a_proportion_is_one_and_its_interval_holds_it(counts: list[int]) -> None:
    found = proportion(counts, [5] * len(counts))
    assert 0 <= found.low <= found.value <= found.high <= 1
    if not sum(counts):
        assert found == Interval(0.0, 0.0, min(1.0, 3 / (5 * len(counts))))


def test_without_any_opportunity_a_proportion_may_be_anything() -> None:
    found = proportion([0, 0], [0, 0])
    assert math.isnan(found.value)
    assert (found.low, found.high) == (0.0, 1.0)


@given(st.lists(st.tuples(FINITE, FINITE), min_size=2, max_size=20))
def test_a_difference_is_paired_and_turns_its_sign(runs: list[tuple[float, float]]) -> None:
    one, other = (mean(column) for column in zip(*runs, strict=True))
    there, back = difference(one, other), difference(other, one)
    assert there.verdict == back.verdict
    assert there.interval.value == -back.interval.value
    assert there.interval.low == pytest.approx(-back.interval.high)
    expected = mean([a - b for a, b in runs]).interval()
    scale = 1e-9 * max(1.0, *(abs(each) for pair in runs for each in pair))
    assert (there.interval.low, there.interval.high) == pytest.approx((expected.low, expected.high), abs=scale)


def test_what_is_identical_run_by_run_is_the_same_and_nothing_else_is() -> None:
    assert difference(mean([1.0, 2.0, math.nan]), mean([1.0, 2.0, math.nan])).verdict == SAME
    assert difference(mean([1.0, 2.0]), mean([2.0, 1.0])).verdict == NOT_SHOWN
    assert difference(mean([1.0]), mean([2.0])).verdict is None
    assert difference(mean([math.nan]), mean([math.nan])).verdict is None
    assert difference(ratio([3, 3], [9, 9]), ratio([0, 0], [9, 9])).verdict == BEYOND


def verdicts(shift: float, comparisons: int = 1) -> int:
    """How often ten paired runs that have much in common are called different, when one is shifted."""
    beyond = 0
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        common = generator.normal(0, 5, 10)
        one, other = mean(common + generator.normal(shift, 1, 10)), mean(common + generator.normal(0, 1, 10))
        beyond += difference(one, other, comparisons).verdict == BEYOND
    return beyond


def test_a_difference_is_beyond_chance_by_chance_in_one_of_twenty() -> None:
    assert within_binomial_bounds(verdicts(0.0), SEEDS, 0.05)
    assert within_binomial_bounds(verdicts(0.0, comparisons=5), SEEDS, 0.01)


def test_a_real_difference_is_found_because_it_is_paired() -> None:
    assert verdicts(1.5) > 0.8 * SEEDS


def test_unequal_numbers_of_runs_are_not_paired() -> None:
    with pytest.raises(ValueError, match="paired"):
        difference(mean([1.0]), mean([1.0, 2.0]))


def test_the_p_value_of_a_mean_is_that_of_a_t_test() -> None:
    runs = [0.3, 0.1, -0.2, 0.5, 0.4]
    assert estimates.p_of_mean(runs, 0.1) == pytest.approx(stats.ttest_1samp(runs, 0.1).pvalue)
    assert estimates.p_of_mean([2.0, 2.0], 2.0) == 1.0
    assert estimates.p_of_mean([2.0, 2.0], 1.0) == 0.0
    assert math.isnan(estimates.p_of_mean([2.0]))
