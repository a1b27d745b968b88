"""Populations on seats ask the same at the same times as those of the core: the rows of their runs are equal.

Here both run on ``roulette_core``, so that nothing but the populations and the loop can differ.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import RouletteError
from sim.kernel import personas as module
from sim.kernel.closed import ClosedSeats
from sim.kernel.engine import run_loop
from sim.kernel.personas import PersonaSeats
from sim.population import NEVER, ClosedModel, Mixed, Persona, load
from sim.rows import Kept, Rows
from tests.sim.kernel.builds import pure_only
from tests.sim.kernel.core_seats import CoreSeats
from tests.sim.kernel.runs import POLICIES, on_core, scenarios


def on_seats(scenario, policy, seed, until, progress=None, kind=PersonaSeats):
    """The same with users on seats; blocks of rows are so small that events straddle them."""
    kept, users = Kept(), np.random.SeedSequence(seed)
    rows = Rows([kept], 7)
    if isinstance(scenario, ClosedModel):
        population = ClosedSeats(scenario.users, scenario.mean_chat_seconds, users)
    else:
        population = kind(scenario.personas, scenario.users, scenario.arrivals_factor, users)
    end = run_loop(CoreSeats(policy, seed, rows), population, until, progress)
    assert rows.sinks == [kept]
    rows.flush()
    return kept.columns(), end


def difference(scenario, policy, seed, until, kind=PersonaSeats):
    """The number of the first row that differs; None if none does. A run that does not get on is cut off."""
    expected, end = on_core(scenario, policy, seed, until)
    try:
        found, ended = on_seats(scenario, policy, seed, until, lambda now: now < until / 4, kind)
    except RouletteError:  # somebody asked who is not there
        return -1
    return expected.difference(found) if end == ended else -1


@pytest.mark.parametrize("policy", POLICIES)
def test_the_closed_model_asks_the_same(policy):
    for users, until in ((1, 1e5), (2, 1e4), (51, 6000.0)):  # more than a block of requests
        assert difference(ClosedModel(users), policy, users, until) is None


@pytest.mark.parametrize("policy", POLICIES)
def test_the_users_of_mixed_ask_the_same(policy):
    scenario = load("mixed", 150)
    (expected, _), (found, _) = on_core(scenario, policy, 6, 3500.0), on_seats(scenario, policy, 6, 3500.0)
    assert len(expected.times) > 2 * 4096, "several blocks of random numbers"
    assert expected.firsts.max() > 320, "newcomers beyond the first room"
    assert expected.difference(found) is None


@given(scenarios(), st.sampled_from(POLICIES), st.integers(0, 2**32))
def test_users_of_any_kind_ask_the_same(scenario, policy, seed):
    assert difference(scenario, policy, seed, 150.0) is None


def test_a_run_may_end_without_having_begun():
    assert difference(ClosedModel(3), "v1", 1, 0.0) is None
    assert difference(Mixed("m", 0, (Persona("p", 5.0, 5.0, arrivals_per_minute=1),)), "v2", 1, 20.0) is None


def test_progress_is_reported_at_the_same_times_and_ends_the_run_at_the_same():
    def told(run, stop):
        seen = []
        columns, end = run(ClosedModel(400), "v2", 1, 9000.0, lambda now: seen.append(now) or len(seen) == stop)
        return seen, end, len(columns.times)

    for stop in (None, 2):
        assert told(on_seats, stop) == told(on_core, stop)
    assert len(told(on_seats, None)[0]) == 3


def test_without_an_end_nothing_is_due_for_ever():
    scenario = Mixed("m", 3, (Persona("p", NEVER, 5.0, share=1.0),))
    assert on_seats(scenario, "waves", 1, math.inf)[1] == math.inf


# Planted bugs.


class SwappedOrder(PersonaSeats):
    """Reschedules the second of a pair first."""

    def _note(self, now, code, first, second):
        if code == module.PAIRED:
            first, second = second, first
        super()._note(now, code, first, second)


class OneLotTooMany(PersonaSeats):
    """Draws a lot for newcomers."""

    def _arrive(self, roulette, now, kind):
        self._lots.next()
        super()._arrive(roulette, now, kind)


class PartnerForgotten(PersonaSeats):
    """A partner left behind does what they had in mind for the chat."""

    def _note(self, now, code, first, second):
        if code >= module.PARTED:
            self._stage[second] = module.LOBBY if code & module.TO_LOBBY else module.SEARCHES
            second = first
        super()._note(now, code, first, second)


class StaleAction(PersonaSeats):
    """Users who have nothing to do keep what they had on the agenda."""

    def _reschedule(self, now, user):
        if self._habits.means[self._kind[user] * module.STAGES + self._stage[user]] >= 0:
            super()._reschedule(now, user)


class LoudGhosts(PersonaSeats):
    """Whoever is silent follows what the server tells them."""

    def _move(self, now, user, stage):
        if self._stage[user] == module.SILENT:
            self._stage[user] = module.LOBBY
        super()._move(now, user, stage)


class LeavesProperly(PersonaSeats):
    """Nobody vanishes."""

    def __init__(self, *given):
        super().__init__(*given)
        self._habits.vanishes = bytes(len(given[0]))


class ForgetsRows(PersonaSeats):
    """Passes over rows at the end of a block."""

    def take(self, rows):
        self._heard = 0


class LateNewcomers(PersonaSeats):
    """Expects the next newcomer after this one has joined, when the user's own time is drawn."""

    def _expect_arrival(self, now, kind):
        super()._expect_arrival(math.nextafter(now, math.inf), kind)


class SaysAtATimeOfItsOwn(PersonaSeats):
    """Schedules those who have said a line without drawing."""

    def _note(self, now, code, first, second):
        if code == module.JOINED or code >= module.PAIRED or code in (module.SEARCHING, module.RETURNED, module.LEFT):
            super()._note(now, code, first, second)
        else:
            self._agenda.put(self._kinds + first, now + 1.0)


PLANTED = [
    SwappedOrder,
    OneLotTooMany,
    PartnerForgotten,
    StaleAction,
    LoudGhosts,
    LeavesProperly,
    ForgetsRows,
    LateNewcomers,
    SaysAtATimeOfItsOwn,
]
VARIED = Mixed(
    "varied",
    30,
    (
        Persona("a", 5.0, 20.0, 1.0, 0.0, 15.0, 0.1, 0.5, 2.0, 6.0, 100.0, 40.0, 20.0, ("chess",)),
        Persona("b", 5.0, 30.0, 1.0, 6.0, 20.0, 0.0, 0.5, 2.0, 6.0, 100.0, interests=("chess", "films")),
        Persona("c", 5.0, 30.0, 1.0),
    ),
)


@pure_only
@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_bug_is_found(kind):
    assert difference(VARIED, "v2", 3, 400.0) is None
    assert difference(VARIED, "v2", 3, 400.0, kind) is not None
