"""The self-checks pass sound runs, and every planted fault in the columns is found."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import Roulette, State
from roulette_core.testing import Result, Verdict, all_hold
from sim.measure.checks import conservation, littles_law
from sim.measure.stays import stays
from sim.population import ClosedModel
from sim.run import observe
from sim.trace import Trace
from tests.support.traces import Story, nothing, stories


def checks(trace: Trace) -> dict[str, Result]:
    found = stays(trace)
    return {check.name: check for check in (littles_law(trace, found), conservation(trace, found))}


@given(stories())
def test_sound_runs_pass(story: Story) -> None:
    assert all_hold(checks(story.trace).values())


@given(st.integers(0, 10_000), st.sampled_from((60.0, 600.0, 3600.0)))
def test_rounding_fails_no_sound_run_in_which_no_user_waits(seed: int, end: float) -> None:
    """Two users who are paired again the moment they part: thousands of seconds cancel to nothing."""
    population = ClosedModel(users=2, mean_chat_seconds=10.0).population(np.random.SeedSequence(seed))
    found = checks(observe(Roulette("uniform:minimum=2", seed), population, 0.0, end).trace)["Little's law"]
    assert (found.verdict, found.detail.partition(",")[0]) == (Verdict.OK, "L = 0"), found


def test_a_wait_of_a_microsecond_in_a_day_is_found_where_no_user_waits() -> None:
    population = ClosedModel(users=2, mean_chat_seconds=60.0).population(np.random.SeedSequence(3))
    trace = observe(Roulette("uniform:minimum=2", 3), population, 0.0, 86_400.0).trace
    late = changed(trace, "pair_time", len(trace.pair_time) // 2, trace.pair_time[len(trace.pair_time) // 2] + 1e-6)
    assert checks(trace)["Little's law"].verdict is Verdict.OK
    assert checks(late)["Little's law"].verdict is Verdict.FAILED


def test_a_check_of_an_empty_run_was_not_made() -> None:
    for trace in (nothing(), nothing(users=2, duration=5.0)):
        assert checks(trace)["Little's law"].verdict is Verdict.NOT_ASKED
        assert all_hold(checks(trace).values())
    assert {check.verdict for check in checks(nothing()).values()} == {Verdict.NOT_ASKED}


def sound() -> Trace:
    population = ClosedModel(users=12, mean_chat_seconds=10.0).population(np.random.SeedSequence(7))
    return observe(Roulette("uniform", seed=7), population, 0.0, 600.0).trace


def changed(trace: Trace, column: str, place: int, value: Any) -> Trace:
    values = getattr(trace, column).copy()
    values[place] = value
    return replace(trace, **{column: values})


def without(trace: Trace, prefix: str, place: int) -> Trace:
    columns = [name for name in Trace.__dataclass_fields__ if name.startswith(prefix)]
    return replace(trace, **{name: np.delete(getattr(trace, name), place) for name in columns})


def a_wait_that_lasted(trace: Trace) -> int:
    """The change that ended a search of some length, in the middle of the run."""
    found = stays(trace)
    return int(np.flatnonzero((found.left == State.SEARCHING) & (found.seconds > 1))[5])


def its_beginning(trace: Trace) -> int:
    end = a_wait_that_lasted(trace)
    return int(np.flatnonzero(trace.change_user[:end] == trace.change_user[end])[-1])


def somebody_in_private(trace: Trace, place: int) -> int:
    states = {int(user): int(state) for user, state in zip(trace.change_user[:place], trace.change_state, strict=False)}
    return next(user for user, state in states.items() if state == State.PRIVATE)


FAULTS: dict[str, Callable[[Trace], Trace]] = {
    "the end of a search is lost": lambda t: without(t, "change", a_wait_that_lasted(t)),
    "the beginning of a search is lost": lambda t: without(t, "change", its_beginning(t)),
    "a search is begun by the wrong user": lambda t: changed(
        t, "change_user", its_beginning(t), somebody_in_private(t, its_beginning(t))
    ),
    "a search is ended for the wrong user": lambda t: changed(
        t, "change_user", a_wait_that_lasted(t), somebody_in_private(t, a_wait_that_lasted(t))
    ),
    "a search is ended late": lambda t: changed(
        t, "change_time", a_wait_that_lasted(t), t.change_time[a_wait_that_lasted(t) + 2]
    ),
    "a pairing is lost": lambda t: without(t, "pair", 20),
    "a pairing is noted late": lambda t: changed(t, "pair_time", 20, t.pair_time[20] + 0.001),
    "a search leads to the lobby": lambda t: changed(t, "change_state", a_wait_that_lasted(t), State.LOBBY),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_littles_law_and_conservation_find_a_fault_in_time_or_movement(fault: Callable[[Trace], Trace]) -> None:
    trace = sound()
    assert {check.verdict for check in checks(trace).values()} == {Verdict.OK}
    found = checks(fault(trace))
    assert found["Little's law"].verdict is Verdict.FAILED
    assert found["conservation of users"].verdict is Verdict.FAILED


OTHER_FAULTS: dict[str, tuple[Callable[[Trace], Trace], str]] = {
    "a user is paired in another's place": (
        lambda t: changed(t, "pair_first", 20, (t.pair_first[20] + 1) % t.users),
        "not paired",
    ),
    "a pool is counted wrong": (lambda t: changed(t, "draw_pool", 20, 50), "at 1 draws"),
    "a user appears out of nowhere": (lambda t: changed(t, "change_state", 0, State.SEARCHING), "OUTSIDE to SEARCHING"),
    "a time runs back": (lambda t: changed(t, "change_time", 60, 0.0), "order of time"),
    "the run ends before its end": (lambda t: replace(t, end=300.0), "order of time"),
}


@pytest.mark.parametrize(("fault", "says"), OTHER_FAULTS.values(), ids=OTHER_FAULTS)
def test_conservation_finds_every_other_fault_and_says_what_is_wrong(
    fault: Callable[[Trace], Trace], says: str
) -> None:
    found = checks(fault(sound()))["conservation of users"]
    assert found.verdict is Verdict.FAILED
    assert says in found.detail
