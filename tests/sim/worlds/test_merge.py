"""Traces made of accounts alone, held against what the core itself did."""

from collections import defaultdict
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from roulette_core import (
    Effect,
    Event,
    Join,
    Joined,
    Left,
    Paired,
    Parted,
    Returned,
    Roulette,
    Searching,
    State,
)
from roulette_core.testing import Verdict
from roulette_core.testing.clients import (
    Account,
    Entry,
    Gone,
    Met,
    PartedFrom,
    SawClosed,
    SawReturned,
    Searches,
    Sighting,
    Welcomed,
)
from sim.engine import run
from sim.measure.checks import conservation, littles_law
from sim.measure.stays import stays
from sim.population import load
from sim.trace import Trace, TraceRecorder
from sim.worlds import trace_from_accounts

SECONDS = 900.0


class Watchers:
    """The clients of a core, each of whom sees what becomes of them some time after it has.

    Attributes:
        visits: the accounts of each user.
        whole: the users who have seen everything.
        changes: when each user really went where.
        partners: whom each user really met.

    Args:
        delay: the longest it may take, in seconds.
        lost: how likely the end of an account is missing.
    """

    def __init__(self, delay: float, lost: float, seed: int) -> None:
        self._delay, self._lost, self._chance = delay, lost, Random(seed)
        self._last: defaultdict[int, float] = defaultdict(float)
        self._present: dict[int, None] = {}
        self.visits: defaultdict[int, list[Account]] = defaultdict(list)
        self.whole: set[int] = set()
        self.changes: defaultdict[int, list[tuple[float, State]]] = defaultdict(list)
        self.partners: defaultdict[int, list[int]] = defaultdict(list)

    def observe(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        if not isinstance(event, Join) and event.kind != "tick":
            self._note(now, event.user, event)
        for effect in effects:
            match effect:
                case Joined(user, name):
                    self.visits[user].append(Account(f"{name}.{len(self.visits[user])}"))
                    self._present[user] = None
                    self._see(now, user, Welcomed(self._name(user)), State.LOBBY)
                case Searching(user):
                    self._see(now, user, Searches(), State.SEARCHING)
                case Returned(user):
                    self._see(now, user, SawReturned(), State.LOBBY)
                case Paired(first, second):
                    for user, partner in ((first, second), (second, first)):
                        self._see(now, user, Met(self._name(partner)), State.PRIVATE)
                        self.partners[user].append(partner)
                case Parted(user, partner, cause):
                    told = "next" if cause == "block" else cause
                    self._see(now, partner, PartedFrom(self._name(user), False, told), State.SEARCHING)
                    if cause != "leave":
                        after = State.LOBBY if cause == "lobby" else State.SEARCHING
                        self._see(now, user, PartedFrom(self._name(partner), True, cause), after)
                case Left(user):
                    del self._present[user]
                    self._see(now, user, SawClosed("asked"), State.OUTSIDE)
                    for other in self._present:
                        self._note(self._late(now, other), other, Gone(self._name(user)))

    def finish(self) -> None:
        """Some lose the ends of their accounts."""
        for user, accounts in self.visits.items():
            for account in accounts:
                if self._chance.random() < self._lost:
                    del account.entries[self._chance.randrange(len(account.entries)) + 1 :]
                    account.cut = True
            if not any(account.cut for account in accounts):
                self.whole.add(user)

    def _name(self, user: int) -> str:
        return self.visits[user][-1].name

    def _late(self, now: float, user: int) -> float:
        self._last[user] = max(self._last[user], now + self._delay * self._chance.random())
        return self._last[user]

    def _see(self, now: float, user: int, sighting: Sighting, state: State) -> None:
        self.changes[user].append((now, state))
        self._note(self._late(now, user), user, sighting)

    def _note(self, at: float, user: int, what: Event | Sighting) -> None:
        self.visits[user][-1].entries.append(Entry(at, what))


def watched(policy: str, seed: int, delay: float = 0.0, lost: float = 0.0) -> tuple[Watchers, Trace]:
    """People who come, chat, leave and return, as they see it; and as the core's own recorder does."""
    watchers, recorder = Watchers(delay, lost, seed), TraceRecorder({})
    population = load("mixed", 30).population(np.random.SeedSequence(seed))
    roulette = Roulette(policy, seed=seed)
    recorder._draws.next = -1  # no draws: the pool is not kept here
    end = run(roulette, population, SECONDS, [recorder.observe, watchers.observe])
    watchers.finish()
    return watchers, recorder.trace(0.0, end)


class Told:
    """What a trace tells of each of the population's users.

    Attributes:
        changes: when they went where.
        partners: whom they met.
    """

    def __init__(self, trace: Trace, watchers: Watchers) -> None:
        users = sorted(watchers.visits, key=lambda user: (watchers.visits[user][0].entries[0].at, user))
        assert len(users) == trace.users
        self.changes: defaultdict[int, list[tuple[float, State]]] = defaultdict(list)
        self.partners: defaultdict[int, list[int]] = defaultdict(list)
        for time, number, state in zip(trace.change_time, trace.change_user, trace.change_state, strict=True):
            self.changes[users[number]].append((float(time), State(state)))
        for first, second in zip(trace.pair_first, trace.pair_second, strict=True):
            self.partners[users[first]].append(users[second])
            self.partners[users[second]].append(users[first])


def assert_lawful(trace: Trace) -> None:
    found = stays(trace)
    for check in littles_law(trace, found), conservation(trace, found):
        assert check.verdict is not Verdict.FAILED, check


@pytest.mark.parametrize("policy", ["v1", "v2", "waves:every=5"])
def test_accounts_without_delay_give_the_trace_of_the_core(policy: str) -> None:
    watchers, trace = watched(policy, seed=4)
    seen = trace_from_accounts(watchers.visits, 0.0, SECONDS)
    assert Told(seen, watchers).changes == watchers.changes == Told(trace, watchers).changes
    assert Told(seen, watchers).partners == watchers.partners == Told(trace, watchers).partners
    assert sorted(seen.pair_time) == sorted(trace.pair_time)
    assert seen.pairings > 80
    assert_lawful(seen)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.1, 3.0, 60.0]))
def test_delayed_accounts_give_the_same_changes_in_the_same_order_a_little_later(seed: int, delay: float) -> None:
    watchers, _ = watched("v2", seed, delay)
    seen = trace_from_accounts(watchers.visits, 0.0, SECONDS + delay)
    told = Told(seen, watchers)
    assert told.partners == watchers.partners
    assert set(told.changes) == set(watchers.changes)
    for user, changes in watchers.changes.items():
        for (late, state), (now, expected) in zip(told.changes[user], changes, strict=True):
            assert state is expected
            assert now <= late <= now + delay
    assert_lawful(seen)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_gaps_in_cut_accounts_are_filled_from_others(seed: int) -> None:
    watchers, _ = watched("v2", seed, delay=2.0, lost=0.3)
    seen = trace_from_accounts(watchers.visits, 0.0, SECONDS + 2.0)
    told = Told(seen, watchers)
    assume(0 < len(watchers.whole) < len(watchers.visits))
    for user in watchers.whole:
        assert told.partners[user] == watchers.partners[user]
        assert [state for _, state in told.changes[user] if state is not State.SEARCHING] == [
            state for _, state in watchers.changes[user] if state is not State.SEARCHING
        ]
    assert_lawful(seen)


def test_what_was_seen_after_the_end_is_left_out() -> None:
    watchers, trace = watched("v1", seed=4)
    half = trace_from_accounts(watchers.visits, 0.0, SECONDS / 2)
    assert half.pairings == np.count_nonzero(trace.pair_time <= SECONDS / 2) > 10
    assert half.events < trace.events
    assert_lawful(half)


def account(name: str, *whats: Event | Sighting, cut: bool = False) -> Account:
    return Account(name, [Entry(float(at), what) for at, what in enumerate(whats)], cut)


def test_accounts_that_contradict_each_other_are_merged_all_the_same() -> None:
    welcome = Welcomed("ada"), Searches()
    ada = account("ada", *welcome, Met("bob"), PartedFrom("bob", True, "next"), Met("carol"))
    bob = account("bob", *welcome, Met("carol"), PartedFrom("carol", True, "next"), Met("ada"))
    carol = account("carol", *welcome, Met("ada"), PartedFrom("ada", True, "next"), Met("bob"))
    seen = trace_from_accounts({0: [ada], 1: [bob], 2: [carol]}, 0.0, 9.0)
    assert seen.pairings == 3
    assert_lawful(seen)


def test_a_user_who_vanished_has_left_when_it_comes_back() -> None:
    first = account("ada", Welcomed("ada"), Searches(), cut=True)
    again = Account("ada.2", [Entry(5.0, Welcomed("ada.2"))])
    seen = trace_from_accounts({7: [first, again]}, 0.0, 9.0)
    assert list(zip(seen.change_time, seen.change_state, strict=True)) == [
        *((0.0, State.LOBBY), (1.0, State.SEARCHING), (5.0, State.OUTSIDE), (5.0, State.LOBBY))
    ]
    assert_lawful(seen)


def test_no_accounts_give_an_empty_trace() -> None:
    seen = trace_from_accounts({}, 0.0, 9.0)
    assert (seen.users, seen.pairings, seen.events) == (0, 0, 0)
    assert_lawful(seen)
