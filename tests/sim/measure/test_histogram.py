"""Times in bins of equal ratio: their error, quantiles and sums of histograms."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measure.histogram import BINS, ERROR, LEAST, MIDDLES, MOST, LogHistogram, bin_of

SLACK = 1e-9
times = st.just(0.0) | st.floats(LEAST, MOST, exclude_max=True) | st.floats(0.1, 100.0)


@given(times)
def test_a_bin_stands_for_its_times_within_half_a_percent(time: float) -> None:
    assert abs(MIDDLES[bin_of(time)] - time) <= (ERROR + SLACK) * time


def test_bins_ascend_and_their_ends_share_a_bin_each() -> None:
    assert np.all(np.diff(MIDDLES) > 0)
    assert [bin_of(middle) for middle in MIDDLES[2:-1].tolist()] == list(range(2, BINS - 1))
    assert [bin_of(time) for time in (0.0, -1.0, math.nan, 5e-324, LEAST / 2, MOST, 1e300, math.inf)] == [
        *(0, 0, 0, 1, 1),
        *(BINS - 1, BINS - 1, BINS - 1),
    ]


@given(st.lists(times, min_size=1, max_size=50), st.sampled_from([0.0, 0.25, 0.5, 0.9, 0.99, 1.0]))
def test_quantiles_are_those_of_the_times_within_half_a_percent(some: list[float], q: float) -> None:
    exact = float(np.quantile(some, q))
    assert abs(LogHistogram.of(some).quantile(q) - exact) <= (ERROR + SLACK) * exact


@given(st.lists(times, max_size=20), st.lists(times, max_size=20))
def test_histograms_of_parts_add_up(one: list[float], other: list[float]) -> None:
    both = LogHistogram.of(one) + LogHistogram.of(other)
    assert both == LogHistogram.of(one + other)
    assert hash(both) == hash(LogHistogram.of(one + other))
    assert both.total == len(one) + len(other)


def test_without_times_there_is_no_quantile() -> None:
    assert math.isnan(LogHistogram.of([]).quantile(0.5))


def test_counts_up_to_bounds() -> None:
    histogram = LogHistogram.of([0.0, 0.0, 0.5, 2.0, 3.0, 50.0, 1e8])
    assert histogram.counts_up_to([0.0, 1.0, 10.0, 100.0]) == (2, 1, 2, 1)
    assert histogram.counts_up_to([1e6]) == (pytest.approx(6),)
