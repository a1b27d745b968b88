"""Quantiles and tails of our own, beside scipy's."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import special, stats

from sim.theory import beta_quantile, chi2_tail, student_quantile, student_tail


def between(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers evenly spread by their order of magnitude."""
    return st.floats(math.log(low), math.log(high)).map(math.exp)


probabilities = st.floats(1e-12, 1.0, exclude_max=True) | between(1e-12, 0.5)
positive = st.integers(1, 10_000) | between(0.5, 1e4)


@given(st.floats(-1e3, 1e3), positive)
@example(2.0, 10**6)
@example(-40.0, 3)
def test_the_two_sided_tail_of_students_t(t: float, df: float) -> None:
    assert student_tail(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), rel=1e-10, abs=1e-300)


@given(probabilities, positive)
@example(0.975, 9)
@example(0.5 + 2**-52, 1)
@example(1 - 2**-53, 10**6)
def test_the_quantile_of_students_t(p: float, df: float) -> None:
    expected = stats.t.isf(1 - p, df) if p > 0.5 else stats.t.ppf(p, df)
    assert student_quantile(p, df) == pytest.approx(expected, rel=1e-9, abs=1e-15)


@given(between(1e-12, 0.5), positive)
def test_the_quantile_of_students_t_is_where_its_tail_has_that_probability(p: float, df: float) -> None:
    assert student_tail(student_quantile(p, df), df) == pytest.approx(2 * p, rel=1e-10)


@given(probabilities, positive, positive)
@example(0.025, 1, 10**6)
@example(0.975, 1000, 584_896)
def test_the_quantile_of_the_beta_distribution(p: float, a: float, b: float) -> None:
    assert beta_quantile(p, a, b) == pytest.approx(special.betaincinv(a, b, p), rel=1e-9, abs=1e-300)


@given(between(1e-3, 1e5), positive)
@example(16.0, 19)
@example(1e6, 10**6)
def test_the_tail_of_chi_squared(x: float, df: float) -> None:
    assert chi2_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-10, abs=1e-290)


def test_limits_are_exact() -> None:
    assert (student_tail(0.0, 5), student_tail(math.inf, 5), student_tail(-math.inf, 5)) == (1.0, 0.0, 0.0)
    assert (student_quantile(0.0, 5), student_quantile(0.5, 5), student_quantile(1.0, 5)) == (-math.inf, 0.0, math.inf)
    assert (beta_quantile(0.0, 2, 3), beta_quantile(1.0, 2, 3)) == (0.0, 1.0)
    assert (chi2_tail(0.0, 3), chi2_tail(math.inf, 3)) == (1.0, 0.0)


def test_what_is_not_a_number_stays_so() -> None:
    assert all(map(math.isnan, (student_tail(math.nan, 3), chi2_tail(math.nan, 3))))


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (student_tail, (1.0, 0)),
        (student_quantile, (0.5, -1)),
        (student_quantile, (1.5, 3)),
        (beta_quantile, (0.5, 0, 1)),
        (beta_quantile, (math.nan, 1, 1)),
        (chi2_tail, (-1.0, 3)),
    ],
)
def test_what_has_no_value_is_refused(function: object, arguments: tuple[float, ...]) -> None:
    assert callable(function)
    with pytest.raises(ValueError, match="must be"):
        function(*arguments)
