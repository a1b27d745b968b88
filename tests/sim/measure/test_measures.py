"""Measures in whole columns against the same read off one life at a time, on short random runs."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import State
from sim.measure import RECENT
from sim.measure.fairness import fairness
from sim.measure.order import previous_of_same
from sim.measure.pairings import chats_by_user, distinct_partners, repairs
from sim.measure.stays import mean_searching, shares, stays
from sim.measure.waits import LONGEST, search_seconds, waiting_by_user, waits
from tests.support.traces import Life, Story, nothing, stories


def slow_stays(story: Story) -> list[tuple[int, State, float, State | None]]:
    """Every stay: whose, in which state, how long, and what came next, if anything did."""
    found = []
    for user, life in story.lives.items():
        for (since, state), (until, following) in zip(life.changes, life.changes[1:], strict=False):
            found.append((user, state, until - since, following))
        since, state = life.changes[-1]
        found.append((user, state, story.trace.end - since, None))
    return found


def searches(story: Story) -> list[tuple[int, State, float, State | None]]:
    return [stay for stay in slow_stays(story) if stay[1] is State.SEARCHING]


@given(st.lists(st.sampled_from((0, 1, 2, 65_535, 65_536, 65_537, 131_072)), max_size=50))
def test_the_previous_place_of_a_user_is_found_however_large_the_numbers(users: list[int]) -> None:
    expected = [max((i for i in range(here) if users[i] == user), default=-1) for here, user in enumerate(users)]
    assert previous_of_same(np.array(users, dtype=np.int64)).tolist() == expected


@given(stories())
def test_repairs_agree_with_a_count_pairing_by_pairing(story: Story) -> None:
    met: dict[int, list[int]] = {user: [] for user in story.lives}
    opportunities = count = recent = 0
    for first, second in story.pairings:
        if met[first] and met[second]:
            opportunities += 1
            count += met[first][-1] == second and met[second][-1] == first
            recent += second in met[first][-RECENT:] and first in met[second][-RECENT:]
        met[first].append(second)
        met[second].append(first)
    found = repairs(story.trace)
    assert (found.count, found.opportunities, found.recent) == (count, opportunities, recent)


@given(stories())
def test_chats_and_distinct_partners_agree_with_a_count_by_hand(story: Story) -> None:
    lives = [story.lives.get(user, Life()) for user in range(story.trace.users)]
    assert chats_by_user(story.trace).tolist() == [len(life.partners) for life in lives]
    assert distinct_partners(story.trace) == pytest.approx(np.mean([len(set(life.partners)) for life in lives]))


@given(stories())
def test_shares_of_time_are_those_of_the_lives(story: Story) -> None:
    spent: Counter[State] = Counter()
    for _, state, seconds, _ in slow_stays(story):
        if state is not State.OUTSIDE:
            spent[state] += seconds  # type: ignore[assignment]
    found = shares(stays(story.trace))
    for state, share in found.items():
        expected = spent[state] / spent.total() if spent.total() else math.nan
        assert share == pytest.approx(expected, nan_ok=True)


@given(stories())
def test_a_stay_lasts_from_one_change_to_the_next(story: Story) -> None:
    trace, found = story.trace, stays(story.trace)
    latest: dict[int, tuple[float, State]] = {}
    for place, (time, user) in enumerate(zip(trace.change_time.tolist(), trace.change_user.tolist(), strict=True)):
        since, left = latest.get(user, (time, State.OUTSIDE))
        assert (found.left[place], found.seconds[place]) == (left, time - since)
        latest[user] = (time, State(found.entered[place]))
        searching = sum(state is State.SEARCHING for _, state in latest.values())
        assert found.searching[place] == searching


@given(stories())
def test_waits_agree_with_a_count_by_hand(story: Story) -> None:
    found = stays(story.trace)
    ended = [seconds for _, _, seconds, following in searches(story) if following is State.PRIVATE]
    measured = waits(story.trace, found)
    assert sum(measured.histogram) == len(ended)
    if ended:
        assert measured.mean.value == pytest.approx(np.mean(ended))
        assert measured.max == pytest.approx(max(ended))
        assert measured.p50 == pytest.approx(np.percentile(ended, 50))
    assert sorted(search_seconds(found)) == pytest.approx(sorted(stay[2] for stay in searches(story)))
    waited = [sum(stay[2] for stay in searches(story) if stay[0] == user) for user in range(story.trace.users)]
    assert waiting_by_user(story.trace, found).tolist() == pytest.approx(waited)


@given(stories())
def test_the_longest_waits_are_named_with_how_they_ended(story: Story) -> None:
    ends = {State.PRIVATE: "chat", State.LOBBY: "gave up", State.OUTSIDE: "gave up", None: "still waiting"}
    every = [(user, seconds, ends[following]) for user, _, seconds, following in searches(story)]
    longest = [(wait.user, wait.seconds, wait.end) for wait in waits(story.trace, stays(story.trace)).longest]
    assert [seconds for _, seconds, _ in longest] == sorted((stay[1] for stay in every), reverse=True)[:LONGEST]
    assert not Counter(longest) - Counter(every)


@given(stories())
def test_the_mean_number_searching_is_the_time_searched_by_all(story: Story) -> None:
    found = stays(story.trace)
    if story.trace.duration:
        total = sum(stay[2] for stay in searches(story))
        assert mean_searching(story.trace, found).value == pytest.approx(total / story.trace.duration)


@given(stories())
def test_users_who_searched_in_vain_are_named(story: Story) -> None:
    vain = [user for user, life in sorted(story.lives.items()) if not life.partners]
    vain = [user for user in vain if any(state is State.SEARCHING for _, state in story.lives[user].changes)]
    found = fairness(story.trace, stays(story.trace), closed=False)
    assert found.never == len(vain)
    assert list(found.never_users) == vain[: len(found.never_users)]


def test_an_empty_run_can_be_measured() -> None:
    for trace in (nothing(), nothing(users=3, duration=10.0)):
        found = stays(trace)
        assert repairs(trace).opportunities == 0
        assert waits(trace, found).longest == ()
        assert math.isnan(waits(trace, found).mean.value)
        assert math.isnan(shares(found)[State.LOBBY])
        assert fairness(trace, found, closed=True).never == 0
    assert mean_searching(nothing(users=3, duration=10.0), stays(nothing(users=3, duration=10.0))).value == 0
