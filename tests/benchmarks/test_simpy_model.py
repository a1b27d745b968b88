"""The SimPy model is ours: given the same chats it is the core to the last bit, without them the simulator in law."""

from collections import Counter
from heapq import heappop, heappush
from itertools import pairwise
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.suites.simpy_closed import ClosedModel as SimPyModel
from benchmarks.suites.simpy_closed import PlainModel
from roulette_core import Join, Next, Paired, Roulette, Start
from sim.population import ClosedModel
from sim.population.random_streams import exponentials
from sim.run import simulate
from sim.theory import formulas

MEAN_CHAT = 60.0
SEEDS = range(16)
T_95 = 2.042
"""Student's 97.5 % quantile at the 30 degrees of freedom of two times 16 runs."""


def simpy(users, seconds, seed, model=SimPyModel):
    made = model(users, exponentials(np.random.SeedSequence(seed), MEAN_CHAT), record=True)
    made.run(seconds)
    return made


def searching(record, seconds):
    """The mean number of users searching, from when searches began and pairings ended two at a time."""
    spent = sum(seconds - began for began in record.search_time)
    return (spent - 2 * sum(seconds - ended for ended in record.pair_time)) / seconds


def repairs(record):
    latest, found = {}, 0
    for first, second in zip(record.pair_first, record.pair_second, strict=True):
        found += latest.get(first) == second and latest.get(second) == first
        latest[first], latest[second] = second, first
    return found


def interval(ours, theirs):
    """A 95 % confidence interval of the difference of two means, from independent runs of each."""
    half = T_95 * np.sqrt(np.var(ours, ddof=1) / len(ours) + np.var(theirs, ddof=1) / len(theirs))
    difference = fmean(ours) - fmean(theirs)
    return difference - half, difference + half


def pair_times(users, seconds, chat_seconds):
    """The closed model straight on the core, with one entry on a heap for each chat: when the core paired whom."""
    roulette, ends, times = Roulette("no-repeat"), [], []

    def hear(now, effects):
        for effect in effects:
            if type(effect) is Paired:
                times.append(now)
                heappush(ends, (now + chat_seconds(), effect.first))

    for user in range(users):
        roulette.handle(Join(user, str(user)), 0.0)
        hear(0.0, roulette.handle(Start(user), 0.0))
    while ends and ends[0][0] < seconds:
        now, user = heappop(ends)
        hear(now, roulette.handle(Next(user), now))
    return times


@given(st.integers(1, 60), st.integers(0, 2**32))
@settings(max_examples=20)
def test_on_the_same_chats_simpy_and_the_core_make_the_same_pairings_at_the_same_times(users, seed):
    chats = exponentials(np.random.SeedSequence(seed), MEAN_CHAT)
    assert simpy(users, 600.0, seed).record.pair_time == pair_times(users, 600.0, chats)


@pytest.mark.parametrize("users", [100, 101])
def test_simpy_and_the_simulator_make_as_many_pairings_and_wait_as_long(users):
    ours = [simulate("no-repeat", ClosedModel(users), seed, 0, 1800.0, 0.0).figures for seed in SEEDS]
    theirs = [simpy(users, 1800.0, 1000 + seed) for seed in SEEDS]
    low, high = interval([run.pairings for run in ours], [model.pairings for model in theirs])
    assert low <= 0 <= high
    low, high = interval([run.searching_mean for run in ours], [searching(run.record, 1800.0) for run in theirs])
    assert low <= 0 <= high


@pytest.mark.parametrize("users", [3, 4, 20, 21])
def test_the_simpy_model_agrees_with_the_theory(users):
    expected = formulas.closed_model("no-repeat", users, MEAN_CHAT)
    found = [searching(simpy(users, 7200.0, seed).record, 7200.0) for seed in SEEDS]
    half = 2.131 * np.std(found, ddof=1) / np.sqrt(len(found))  # Student's, 15 degrees of freedom, 95 %
    assert abs(fmean(found) - expected.searching) <= half + 1e-9


@pytest.mark.parametrize("users", [3, 4, 50, 51])
def test_the_simpy_model_never_repairs_users_who_have_just_met(users):
    assert repairs(simpy(users, 3600.0, 1).record) == 0


def test_two_users_alone_never_meet_a_second_time():
    assert simpy(2, 3600.0, 1).pairings == 1


def test_a_model_without_the_rule_is_found_out():
    """The planted bug: one that forgets who met whom."""

    class Amnesia(list):
        def __setitem__(self, user, partner):
            pass

    class WithoutRule(SimPyModel):
        def __init__(self, users, chat_seconds, record):
            super().__init__(users, chat_seconds, record)
            self._latest = Amnesia(self._latest)

    assert repairs(simpy(4, 3600.0, 1, WithoutRule).record) > 0


@pytest.mark.parametrize("record", [False, True])
def test_recording_changes_nothing_but_what_is_recorded(record):
    model = SimPyModel(30, exponentials(np.random.SeedSequence(5), MEAN_CHAT), record=record)
    assert model.run(900.0) == simpy(30, 900.0, 5).pairings
    assert (model.record is not None) == record


def test_every_search_ends_in_a_pairing_or_at_the_horizon():
    record = simpy(31, 900.0, 2).record
    searches = Counter(record.search_user)
    paired = Counter(record.pair_first) + Counter(record.pair_second)
    assert all(0 <= searches[user] - paired[user] <= 1 for user in range(31))
    assert sum(searches.values()) - sum(paired.values()) == 1, "an odd number leaves one searching"
    assert all(earlier <= later for earlier, later in pairwise(record.pair_time))


@pytest.mark.parametrize("users", [2, 3, 30, 31])
def test_the_plain_model_and_the_tuned_one_pair_as_often_given_the_same_chats(users):
    def chats():
        return exponentials(np.random.SeedSequence(7), MEAN_CHAT)

    assert PlainModel(users, chats()).run(3600.0) == SimPyModel(users, chats()).run(3600.0)
