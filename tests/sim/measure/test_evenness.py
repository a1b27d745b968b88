"""Jain's index and the Gini coefficient of cases made by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measure.evenness import gini, jain


@pytest.mark.parametrize(
    ("shares", "index", "coefficient"),
    [
        ([3, 3, 3], 1, 0),
        ([5], 1, 0),
        ([0, 0, 0, 8], 1 / 4, 3 / 4),
        ([1, 3], 16 / 20, 1 / 4),
        ([1, 2, 3, 4], 100 / 120, 1 / 4),
        ([0, 0], math.nan, math.nan),
        ([], math.nan, math.nan),
    ],
)
def test_cases_made_by_hand(shares: list[int], index: float, coefficient: float) -> None:
    assert jain(np.array(shares)) == pytest.approx(index, nan_ok=True)
    assert gini(np.array(shares)) == pytest.approx(coefficient, nan_ok=True)


@given(st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=30))
def test_both_are_those_of_their_definitions_and_within_their_range(shares: list[float]) -> None:
    values, number, total = np.array(shares), len(shares), sum(shares)
    gaps = sum(abs(one - other) for one in shares for other in shares)
    assert gini(values) == pytest.approx(gaps / (2 * number * total), abs=1e-12)
    assert jain(values) == pytest.approx(total**2 / (number * sum(share**2 for share in shares)))
    assert 0 <= gini(values) < 1
    assert 1 / number - 1e-12 <= jain(values) <= 1


@pytest.mark.parametrize("number", [3, 7, 1000])
def test_equal_shares_are_even_in_spite_of_rounding(number: int) -> None:
    assert (jain(np.full(number, 0.1)), gini(np.full(number, 0.1))) == pytest.approx((1, 0), abs=1e-15)
