"""Medians, spreads and ratios, and a report's way through JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.export import from_data, to_data
from benchmarks.results import (
    Findings,
    Machine,
    Measurement,
    Ratio,
    Report,
    Sample,
    Section,
    SuiteResult,
    ratio,
)

values = st.lists(st.floats(1e-6, 1e12), min_size=1, max_size=7).map(tuple)
samples = values.map(Sample)
words = st.text(max_size=10)
counts = st.integers(0, 10**7)
measurements = st.builds(Measurement, words, words, counts, words, samples)
ratios = st.builds(Ratio, words, counts, words, counts, words, samples)


def several(strategy):
    return st.lists(strategy, max_size=3).map(tuple)


sections = st.builds(Section, words, words, several(measurements), several(ratios))
findings = st.builds(Findings, several(sections), several(words))
suite_results = st.builds(SuiteResult, words, st.floats(0, 1e6), findings, several(words))
machines = st.builds(Machine, words, words, words, words, st.none() | counts)
reports = st.builds(Report, machines, st.booleans(), counts, several(suite_results))


def pieces(*amounts, unit="pieces/s", subject="A"):
    return Measurement(subject, "work", 10, unit, Sample(tuple(amounts)))


@given(values)
def test_a_median_lies_between_the_extremes(numbers):
    sample = Sample(numbers)
    assert min(numbers) == sample.low <= sample.median <= sample.high == max(numbers)
    assert sum(number <= sample.median for number in numbers) * 2 >= len(numbers)
    assert sum(number >= sample.median for number in numbers) * 2 >= len(numbers)


def test_one_disturbed_run_does_not_move_the_median_far():
    assert Sample((10.0, 10.1, 0.1)).median == 10.0


def test_spread_is_the_range_by_the_median():
    assert Sample((8.0, 10.0, 13.0)).spread == pytest.approx(0.5)
    assert Sample((3.0, 3.0)).spread == Sample((3.0,)).spread == 0


def test_a_sample_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Sample(())


@given(st.data(), st.integers(1, 8))
def test_ratios_are_taken_pair_by_pair_and_turn_round(data, runs):
    some = st.lists(st.floats(1e-3, 1e6), min_size=runs, max_size=runs)
    over, under = pieces(*data.draw(some)), pieces(*data.draw(some), subject="B")
    there, back = ratio(over, under), ratio(under, over)
    assert [a * b for a, b in zip(there.sample.values, under.sample.values, strict=True)] == pytest.approx(
        list(over.sample.values)
    )
    assert [a * b for a, b in zip(there.sample.values, back.sample.values, strict=True)] == pytest.approx([1] * runs)
    assert (there.subject, there.baseline) == (back.baseline, back.subject) == ("A", "B")


def test_a_ratio_of_medians_would_have_said_something_else():
    over, under = pieces(1.0, 10.0, 3.0), pieces(2.0, 5.0, 4.0)
    assert ratio(over, under).sample == Sample((0.5, 2.0, 0.75))


@pytest.mark.parametrize("baseline", [pieces(1.0), pieces(1.0, 2.0, unit="bytes"), pieces(0.0, 1.0)])
def test_incomparable_measurements_are_refused(baseline):
    with pytest.raises(ValueError, match="compared"):
        ratio(pieces(1.0, 2.0), baseline)


@given(reports)
def test_a_report_comes_back_from_json_as_it_was(report):
    assert from_data(json.loads(json.dumps(to_data(report)))) == report


@given(sections)
def test_the_json_holds_medians_for_readers(section):
    report = Report(Machine("", "", "", "", 1), False, 1, (SuiteResult("s", 0.0, Findings((section,))),))
    [written] = to_data(report)["suites"][0]["findings"]["sections"]
    assert [found["sample"]["median"] for found in written["measurements"]] == [
        found.sample.median for found in section.measurements
    ]


def test_a_report_names_no_host_and_no_path():
    assert set(to_data(Report(Machine("3.11.7", "CPython", "Linux", "x86_64", 2), True, 3, ()))["machine"]) == {
        "python",
        "implementation",
        "system",
        "architecture",
        "processors",
    }
