"""How numbers, times, verdicts and bars are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measure import Difference, Interval
from sim.report import duration, significant, words
from sim.report.formats import percent, probability
from sim.report.histogram import BOUNDS, histogram


def test_durations_are_shown_in_a_suitable_unit() -> None:
    assert duration(0.00000664) == "6.64 us"
    told = [duration(seconds) for seconds in (0, 0.0004, 0.0313, 0.999, 1, 2.209, 90, 600, 3600, 86_400, 1e6)]
    assert told == ["0 s", "0.4 ms", "31.3 ms", "999 ms", "1 s", "2.21 s", "90 s", "10 min", "1 h", "24 h", "11.6 days"]
    assert duration(float("inf")) == "for ever"
    assert duration(float("nan")) == "-"


def test_numbers_are_shown_without_exponents() -> None:
    told = [significant(value) for value in (0.0, 0.000012345, 0.19712, 999.4, 1000.0, 32843.2)]
    assert told == ["0", "0.0000123", "0.197", "999", "1,000", "32,843"]
    assert significant(None) == significant(float("nan")) == "-"
    assert [percent(share) for share in (0.0, 0.0001, 0.123, 1.0)] == ["0.0 %", "< 0.1 %", "12.3 %", "100.0 %"]
    assert [probability(value) for value in (0.43, 0.00001)] == ["= 0.43", "< 0.0001"]


def test_an_interval_names_its_unit_once_if_it_has_one() -> None:
    assert words.between(duration, (0.0753, 0.0836)) == "75.3 to 83.6 ms"
    assert words.between(duration, (0.9, 1.2)) == "900 ms to 1.2 s"
    assert words.between(words.share, Interval(0.1, 0.05, 0.15)) == "5 to 15 %"
    assert words.between(words.share, Interval(0.0001, 0.0, 0.0003)) == "0 to 0.03 %"
    assert words.between(duration, (math.nan, math.nan)) == words.between(duration, None) == ""
    assert words.give_or_take(words.share, Interval(0.012, 0.009, 0.015)) == "1.2 ± 0.3 %"
    assert words.give_or_take(words.share, Interval(0.0, 0.0, 0.044)) == "0 ± 4.4 %"
    assert words.give_or_take(words.share, Interval(0.012)) == "1.2 %"


@pytest.mark.parametrize(
    ("interval", "told"),
    [
        (Interval(0.0625, 0.0564, 0.0686), "+62.5 ± 6.1 ms"),
        (Interval(-0.0625, -0.0686, -0.0564), "-62.5 ± 6.1 ms"),
        (Interval(1.0), "+1 s"),
        (Interval(), ""),
    ],
)
def test_a_difference_has_a_sign(interval: Interval, told: str) -> None:
    assert words.signed(duration, Difference(interval, 0.5, None)) == told


def test_words_on_p_values_never_say_yes() -> None:
    assert [words.by_user(p) for p in (None, math.nan, 0.04, 0.06)] == [
        "not asked",
        "not asked",
        "UNFAIR",
        "no sign of unfairness",
    ]
    told = [words.by_arrival(p, "core") for p in (None, 0.0001, 0.4)]
    assert told == ["not asked", "places preferred", "no sign of bias"]
    assert words.by_arrival(0.4, "tcp") == "not seen from outside"
    assert [words.p_value(p) for p in (None, math.nan, 0.43, 0.0)] == ["", "", "0.43", "< 0.0001"]


def test_users_without_a_chat_are_counted_and_the_first_are_named() -> None:
    assert words.without_chat(0.0, []) == "0"
    assert words.without_chat(1.0, [4]) == "1 (user 4)"
    assert words.without_chat(2.0, [0, 1]) == "2 (users 0, 1)"
    assert words.without_chat(5.0, [0, 1, 2]) == "5 (users 0, 1, 2, ...)"


@given(st.lists(st.integers(0, 1000), min_size=len(BOUNDS), max_size=len(BOUNDS)), st.booleans(), st.integers(1, 20))
def test_a_histogram_shows_every_bin_from_the_first_to_the_last(
    counts: list[int], ascii_only: bool, width: int
) -> None:
    drawn = histogram([counts, counts[::-1]], ascii_only, width)
    assert bool(drawn) == any(counts)
    assert len({len(cell) for _, cells in drawn for cell in cells}) <= 1
    if drawn:
        assert any(cell.startswith(("#" if ascii_only else "█") * width) for _, cells in drawn for cell in cells)
