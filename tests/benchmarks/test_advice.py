"""Warnings: when they come, and that each says what to do."""

from benchmarks.advice import advise
from benchmarks.results import Findings, Measurement, Sample, Section, ratio


def timing(*rates, subject="A", unit="events/s"):
    return Measurement(subject, "work", 1000, unit, Sample(rates))


def advice(*measurements, ratios=()):
    return advise(Findings((Section("title", "", measurements, ratios),)))


def test_calm_timings_need_no_advice():
    assert advice(timing(100.0, 101.0, 99.0), timing(5.0, 5.1, 5.2)) == ()


def test_exact_figures_need_no_second_run():
    assert advice(timing(312.0, unit="bytes/user")) == ()


def test_too_few_runs_are_told():
    [line] = advice(timing(100.0))
    assert line == "1 run says nothing about how much runs differ: repeat more often (--runs 5)."
    [line] = advice(timing(100.0, 100.0))
    assert line.startswith("2 runs say")


def test_a_noisy_machine_is_told_with_the_worst_timing_and_a_remedy():
    [line] = advice(timing(100.0, 120.0, 100.0, subject="B"), timing(50.0, 100.0, 100.0), timing(1.0, 1.0, 1.0))
    assert "2 of 3 timings" in line
    assert "A, work, 1,000 users, 50%" in line
    assert "close other programs" in line
    assert "--runs 9" in line


def test_contenders_that_were_each_faster_once_are_undecided():
    first, second = timing(100.0, 102.0, 101.0), timing(101.0, 101.0, 101.0, subject="B")
    [line] = advice(first, second, ratios=(ratio(first, second),))
    assert line.startswith("A and B among 1,000 users")
    assert "--runs 9" in line


def test_one_that_is_always_faster_is_believed():
    first, second = timing(110.0, 111.0, 112.0), timing(101.0, 101.0, 101.0, subject="B")
    assert advice(first, second, ratios=(ratio(first, second),)) == ()


def test_a_subject_compared_with_itself_needs_no_winner():
    large, small = timing(99.0, 101.0, 100.0), timing(100.0, 100.0, 100.0)
    assert advice(large, small, ratios=(ratio(large, small),)) == ()
