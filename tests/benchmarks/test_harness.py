"""The harness on a clock that only moves when told to: whose turn it is, what is timed, and what is not."""

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.harness import Contender, measure
from benchmarks.results import ratio


class Workshop:
    """A clock, and contenders whose preparation and work take the time they say."""

    def __init__(self):
        self.now = 100.0
        self.log = []

    def contender(self, subject, seconds, amount=10.0, preparing=5.0):
        durations = iter(seconds)

        def prepare():
            self.now += preparing
            self.log.append(f"prepare {subject}")
            return work

        def work():
            self.now += next(durations)
            self.log.append(f"run {subject}")
            return amount

        return Contender(subject, "work", 7, "pieces/s", prepare)

    def measure(self, *contenders, runs, **options):
        return measure(contenders, runs, lambda what: None, clock=lambda: self.now, **options)


def test_contenders_take_turns_and_prepare_right_before_their_own():
    workshop = Workshop()
    workshop.measure(workshop.contender("A", [1] * 3), workshop.contender("B", [1] * 3), runs=2)
    turn = ["prepare A", "run A", "prepare B", "run B"]
    assert workshop.log == turn * 3


def test_only_the_work_is_timed_and_the_warm_up_does_not_count():
    workshop = Workshop()
    [found] = workshop.measure(workshop.contender("A", [50.0, 2.0, 4.0, 5.0]), runs=3)
    assert found.sample.values == (5.0, 2.5, 2.0)
    assert (found.subject, found.task, found.users, found.unit) == ("A", "work", 7, "pieces/s")


def test_without_warm_up_the_first_turn_counts():
    workshop = Workshop()
    [found] = workshop.measure(workshop.contender("A", [50.0, 2.0]), runs=2, warmups=0)
    assert found.sample.values == (0.2, 5.0)


@settings(max_examples=10)  # the collector runs before each timing, and takes its time in a large process
@given(
    st.lists(st.floats(0.5, 2.0), min_size=1, max_size=6),
    st.floats(0.01, 100.0),
)
def test_a_machine_that_changes_its_speed_between_turns_does_not_touch_the_ratios(slowness, advantage):
    workshop = Workshop()
    fast = workshop.contender("fast", slowness)
    slow = workshop.contender("slow", [advantage * slow for slow in slowness])
    found = workshop.measure(fast, slow, runs=len(slowness), warmups=0)
    assert ratio(*found).sample.values == pytest.approx([advantage] * len(slowness))


def test_the_collector_is_on_while_timed_and_nothing_is_left_to_collect_of_those_before():
    left_behind = []

    def litter():
        for _ in range(10):
            cycle = []
            cycle.append(cycle)
        return 1.0

    def look():
        left_behind.append(gc.collect())
        assert gc.isenabled()
        return 1.0

    contenders = [Contender(who, "", 0, "", lambda work=work: work) for who, work in (("a", litter), ("b", look))]
    measure(contenders, 3, lambda what: None)
    assert left_behind == [0] * 4
    assert gc.get_freeze_count() == 0


def test_what_was_set_aside_is_given_back_when_a_contender_fails():
    def fail():
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        measure([Contender("a", "", 0, "", lambda: fail)], 1, lambda what: None)
    assert gc.get_freeze_count() == 0


def test_progress_names_the_contender_at_work():
    workshop, told = Workshop(), []
    measure([workshop.contender("A", [1] * 3)], 2, told.append, clock=lambda: workshop.now)
    assert told == [f"A: work, 7 users, {turn}" for turn in ("warm-up", "run 1 of 2", "run 2 of 2")]


def test_no_runs_at_all_are_refused():
    with pytest.raises(ValueError, match="at least 1 run"):
        Workshop().measure(runs=0)
