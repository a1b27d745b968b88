"""Rows made of accounts alone, held against what the core itself did."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from sim.measure import RunFigures, Tally, close
from sim.population import load
from sim.rows import Columns, EffectRows, Kept, Rows, codes
from sim.worlds import write_accounts
from tests.support.rows import moves_of, rows_of

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


def watched(policy: str, seed: int, delay: float = 0.0, lost: float = 0.0) -> tuple[Watchers, Columns]:
    """People who come, chat, leave and return, as they see it; and the core's own rows."""
    watchers, kept = Watchers(delay, lost, seed), Kept()
    rows = Rows([kept])
    population = load("mixed", 30).population(np.random.SeedSequence(seed))
    run(Roulette(policy, seed=seed), population, SECONDS, [EffectRows(rows).observe, watchers.observe])
    rows.flush()
    watchers.finish()
    return watchers, kept.columns()


def retold(visits: Mapping[int, Sequence[Account]], end: float) -> tuple[Columns, RunFigures]:
    """The rows that accounts give, and what is measured of them."""
    kept, tally = Kept(), Tally(0, 1, 0.0)
    rows = Rows([kept, tally], size=16)
    write_accounts(visits, end, rows)
    rows.flush()
    return kept.columns(), close(tally, end)


class Told:
    """What rows tell of each user.

    Attributes:
        changes: when they went where.
        partners: whom they met.
        pairings: when there were any.
    """

    def __init__(self, columns: Columns) -> None:
        self.changes: defaultdict[int, list[tuple[float, State]]] = defaultdict(list)
        self.partners: defaultdict[int, list[int]] = defaultdict(list)
        self.pairings: list[float] = []
        for row in rows_of(columns):
            for user, state in moves_of(row):
                if not self.changes[user] or self.changes[user][-1][1] is not state:
                    self.changes[user].append((row.time, state))
            if row.code == codes.PAIRED:
                self.partners[row.first].append(row.second)
                self.partners[row.second].append(row.first)
                self.pairings.append(row.time)


def assert_lawful(figures: RunFigures) -> None:
    for check in figures.checks:
        assert check.verdict is not Verdict.FAILED, check


@pytest.mark.parametrize("policy", ["v1", "v2", "waves:every=5"])
def test_accounts_without_delay_give_the_moves_of_the_core(policy: str) -> None:
    watchers, columns = watched(policy, seed=4)
    seen, figures = retold(watchers.visits, SECONDS)
    assert Told(seen).changes == watchers.changes == Told(columns).changes
    assert Told(seen).partners == watchers.partners == Told(columns).partners
    assert Told(seen).pairings == Told(columns).pairings
    assert figures.pairings > 50
    assert_lawful(figures)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.1, 3.0, 60.0]))
def test_delayed_accounts_give_the_same_changes_in_the_same_order_a_little_later(seed: int, delay: float) -> None:
    watchers, _ = watched("v2", seed, delay)
    seen, figures = retold(watchers.visits, SECONDS + delay)
    told = Told(seen)
    assert told.partners == watchers.partners
    assert set(told.changes) == set(watchers.changes)
    for user, changes in watchers.changes.items():
        for (late, state), (now, expected) in zip(told.changes[user], changes, strict=True):
            assert state is expected
            assert now <= late <= now + delay
    assert_lawful(figures)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_gaps_in_cut_accounts_are_filled_from_others(seed: int) -> None:
    watchers, _ = watched("v2", seed, delay=2.0, lost=0.3)
    seen, figures = retold(watchers.visits, SECONDS + 2.0)
    told = Told(seen)
    assume(0 < len(watchers.whole) < len(watchers.visits))
    for user in watchers.whole:
        assert told.partners[user] == watchers.partners[user]
        assert [state for _, state in told.changes[user] if state is not State.SEARCHING] == [
            state for _, state in watchers.changes[user] if state is not State.SEARCHING
        ]
    assert_lawful(figures)


def test_what_was_seen_after_the_end_is_left_out() -> None:
    watchers, columns = watched("v1", seed=4)
    _, half = retold(watchers.visits, SECONDS / 2)
    pairings = Told(columns).pairings
    assert half.pairings == sum(time <= SECONDS / 2 for time in pairings) > 10
    assert half.pairings < len(pairings)
    assert_lawful(half)


def account(name: str, *whats: Event | Sighting, cut: bool = False) -> Account:
    return Account(name, [Entry(float(at), what) for at, what in enumerate(whats)], cut)


def test_accounts_that_contradict_each_other_are_merged_all_the_same() -> None:
    welcome = Welcomed("ada"), Searches()
    ada = account("ada", *welcome, Met("bob"), PartedFrom("bob", True, "next"), Met("carol"))
    bob = account("bob", *welcome, Met("carol"), PartedFrom("carol", True, "next"), Met("ada"))
    carol = account("carol", *welcome, Met("ada"), PartedFrom("ada", True, "next"), Met("bob"))
    _, figures = retold({0: [ada], 1: [bob], 2: [carol]}, 9.0)
    assert figures.pairings == 3
    assert_lawful(figures)


def test_a_user_who_vanished_has_left_when_it_comes_back() -> None:
    first = account("ada", Welcomed("ada"), Searches(), cut=True)
    again = Account("ada.2", [Entry(5.0, Welcomed("ada.2"))])
    seen, figures = retold({7: [first, again]}, 9.0)
    assert Told(seen).changes == {
        7: [(0.0, State.LOBBY), (1.0, State.SEARCHING), (5.0, State.OUTSIDE), (5.0, State.LOBBY)]
    }
    assert_lawful(figures)


def test_no_accounts_give_no_rows() -> None:
    seen, figures = retold({}, 9.0)
    assert (len(seen.times), figures.users, figures.pairings, figures.events) == (0, 0, 0, 0)
    assert_lawful(figures)
