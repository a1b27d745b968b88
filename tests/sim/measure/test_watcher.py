"""The watcher of rows: never a word about what is sound, and the same event as the reference checker otherwise."""

import math
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.measure
from roulette_core import Block, BulkLeave, Event, Join, Leave, Lobby, Next, Policy, Roulette, Say, Start, Tick, Unblock
from roulette_core.testing import BUILT_IN, INVARIANTS, Checker, Verdict
from sim import engine, kernel
from sim.measure.rule_watchers import watcher_of
from sim.measure.watched import watcher_results
from sim.measure.whereabouts import NO_POOL
from sim.population import ClosedModel, Mixed, Scenario, load
from sim.rows import EffectRows, Rows, codes
from tests.sim.measure.damaged_rows import (
    INTERESTS,
    POLICIES,
    USERS,
    Happened,
    Journal,
    damaged,
    judged,
    kind_of,
    played,
    story,
    watched,
)


def new_watcher(policy: str, users: int = 0) -> Any:
    return watcher_of(policy, users, INTERESTS)


def interests_of(scenario: Scenario) -> list[tuple[str, ...]]:
    return [persona.interests for persona in scenario.personas] if isinstance(scenario, Mixed) else [()]


@pytest.mark.parametrize("policy", ["no-repeat", "uniform", "fresh", "waves", "interests"])
@pytest.mark.parametrize("scenario", [ClosedModel(40), load("mixed", 60)], ids=["closed", "mixed"])
def test_a_run_on_the_core_is_plainly_sound(policy: str, scenario: Scenario) -> None:
    population = scenario.population(np.random.SeedSequence(1))
    watcher, checker = watcher_of(policy, scenario.users, interests_of(scenario)), Checker(policy)
    rows = Rows([watcher])
    observers = (EffectRows(rows, population.kind_of).observe, checker.check)
    engine.run(Roulette(policy, seed=1), population, 1800.0, observers)
    rows.flush()
    assert (watcher.unsound, checker.breaches) == (-1, [])
    assert watcher.pairings > 300
    theirs = {result.name: result for result in checker.results()}
    mine = [result for result in watcher_results(watcher, policy) if result.verdict is Verdict.OK]
    assert all(theirs[result.name].verdict is Verdict.OK for result in mine)
    assert len(mine) >= 8
    assert all(result.detail == f"{watcher.events:,} events, on the kernel's rows" for result in mine)


users, others = st.integers(0, 5), st.integers(0, 5)
places = st.sampled_from([None, None, "searching", "lobby"])
requests: st.SearchStrategy[Event] = st.one_of(
    users.map(lambda user: Start(user, INTERESTS[kind_of(user)])),
    st.builds(Next, users, st.none(), places),
    users.map(lambda user: Start(user, INTERESTS[kind_of(user)])),
    users.map(Next),
    users.map(lambda user: Join(user, f"user-{user}")),
    st.builds(Block, users, st.none() | others, st.none(), places),
    st.builds(Unblock, users, others),
    st.builds(Lobby, users, places),
    st.builds(Say, users, st.just("hello"), st.none() | st.integers(0, 5)),
    st.builds(Leave, users, places),
    st.builds(BulkLeave, st.lists(users, min_size=1, max_size=3, unique=True).map(tuple), places),
    st.just(Tick()),
)
requested = st.lists(st.tuples(requests, st.sampled_from([0.0, 0.0, 0.5, 1.0, 4.0, 7.0, 30.0])), max_size=60)


@given(policy=st.sampled_from(POLICIES), requested=requested, size=st.integers(1, 40))
def test_no_session_on_the_core_is_suspected(policy: str, requested: list[tuple[Event, float]], size: int) -> None:
    now, timed = 0.0, [(0.0, Join(user, f"user-{user}")) for user in range(5)]
    for event, delay in requested:
        now += delay
        timed.append((now, event))  # type: ignore[arg-type]
    journal = played(policy, timed)
    watcher = new_watcher(policy)
    assert watched(watcher, journal, size) == judged(policy, journal) == -1
    assert watcher.events == len(journal)


class Damage(NamedTuple):
    """A journal damaged in one place, and the event at which the reference checker sees it; −1 if it sees none."""

    policy: str
    how: str
    journal: Journal
    seen: int


def damages(count: int) -> Iterator[Damage]:
    """Damaged journals under all policies, in equal shares."""
    for number in range(count):
        policy = POLICIES[number % len(POLICIES)]
        chance = Random(number)
        journal = session(policy, number // (6 * len(POLICIES)))
        how, worse = damaged(journal, chance)
        while policy.startswith("interests") and any(_starts(happened) > 1 for happened in worse):
            how, worse = damaged(journal, chance)  # one request cannot start two users of different interests
        yield Damage(policy, how, worse, judged(policy, worse))


def _starts(happened: Happened) -> int:
    return sum(kind == codes.SEARCHING for kind, _, _ in happened.rows)


@cache
def session(policy: str, seed: int) -> Journal:
    return played(policy, list(story(seed, 150, USERS - seed % 4)))


@cache
def some_damages() -> list[Damage]:
    return list(damages(400))


def compare(some: list[Damage]) -> None:
    """Asks that the watcher stops where the checker does; before, only at those who block themselves, which is rare."""
    suspicious = 0
    for number, (policy, how, journal, seen) in enumerate(some):
        unsound = watched(new_watcher(policy), journal)
        if unsound != seen:
            told = f"damage {number} under {policy}, {how}: {unsound}, not {seen}"
            assert unsound != -1, told
            assert any(kind == codes.BLOCKED and first == second for kind, first, second in journal[unsound].rows), told
            suspicious += 1
    assert suspicious <= len(some) // 200


def test_damaged_rows_are_seen_where_the_checker_sees_them() -> None:
    some = some_damages()
    compare(some)
    assert 150 < sum(damage.seen != -1 for damage in some) < 300
    assert len({damage.how for damage in some if damage.seen != -1}) == 6


@pytest.mark.nightly
def test_thousands_of_damages_are_seen_where_the_checker_sees_them() -> None:
    compare(list(damages(4000)))


def opening(*users: int) -> Journal:
    return [Happened(0.0, [(codes.JOINED, user, kind_of(user))]) for user in users]


def search(now: float, user: int) -> Happened:
    return Happened(now, [(codes.SEARCHING, user, codes.NOBODY)])


def quiet(now: float) -> Happened:
    return Happened(now, [(codes.QUIET, codes.NOBODY, codes.NOBODY)])


def meet(now: float, first: int, second: int) -> list[Happened]:
    return [
        search(now, first),
        Happened(now, [(codes.SEARCHING, second, codes.NOBODY), (codes.PAIRED, first, second)]),
    ]


def to_lobby(now: float, user: int, partner: int) -> Happened:
    return Happened(now, [(codes.PARTED_LOBBY + codes.TO_LOBBY, user, partner)])


def impatient(policy: str, seconds: float) -> tuple[str, Journal]:
    parted = Happened(2.0, [(codes.PARTED_NEXT, 0, 5)])
    return policy, [*opening(0, 5), *meet(1.0, 0, 5), parted, quiet(1.9375 + seconds), quiet(2.0 + seconds)]


def unblocked(policy: str) -> tuple[str, Journal]:
    apart = [*opening(0, 5), Happened(0.0, [(codes.BLOCKED, 0, 5)]), search(1.0, 0), search(1.0, 5)]
    return policy, [*apart, quiet(4.5), Happened(5.0, [(codes.UNBLOCKED, 0, 5)])]


BY_HAND: list[tuple[str, Journal]] = [
    # Only the other of the two remembers their chat.
    (
        "no-repeat",
        [
            *opening(0, 1, 2),
            *meet(1.0, 0, 1),
            to_lobby(2.0, 0, 1),
            *meet(3.0, 0, 2),
            to_lobby(4.0, 0, 2),
            *meet(5.0, 0, 1),
        ],
    ),
    # A user who has left is blocked.
    ("no-repeat", [*opening(0, 1), Happened(1.0, [(codes.LEFT, 1, -1)]), Happened(2.0, [(codes.BLOCKED, 0, 1)])]),
    # Who is in private speaks in the lobby.
    ("no-repeat", [*opening(0, 1), *meet(1.0, 0, 1), Happened(2.0, [(codes.LOBBY_LINE, 0, -1)])]),
    # Who is in the lobby returns to it.
    ("no-repeat", [*opening(0, 1), Happened(2.0, [(codes.RETURNED, 0, -1)])]),
    # Two requests are answered at once.
    *(
        ("no-repeat", [*opening(0, 1, 2), *meet(1.0, 0, 1), Happened(2.0, [first, second])])
        for first, second in [
            ((codes.LOBBY_LINE, 2, -1), (codes.PARTED_NEXT, 0, 1)),
            ((codes.SEARCHING, 2, -1), (codes.PARTED_LOBBY + codes.TO_LOBBY, 0, 1)),
        ]
    ),
    # A block is taken back, and the two who may meet now do not.
    unblocked("no-repeat"),
    unblocked("waves:every=4"),
    # Patience ends to the second, and the two who may meet now do not.
    impatient("fresh:memory=1,patience=7", 7.0),
    impatient("interests:patience=6", 6.0),
]
"""Policies and journals whose last event is not sound, as damage hardly ever brings about."""


@pytest.mark.parametrize("number", range(len(BY_HAND)))
def test_what_damage_hardly_ever_brings_about_is_seen(number: int) -> None:
    policy, journal = BY_HAND[number]
    assert watched(new_watcher(policy), journal) == judged(policy, journal) == len(journal) - 1


numbers = st.integers(-3, 12) | st.sampled_from([-(2**31), 2**31 - 1, 1 << 26, (1 << 26) + 1, 300])
any_rows = st.lists(
    st.tuples(
        st.sampled_from([0.0, 1.0, 1.0, 2.0, math.nan, math.inf, -1.0]), st.integers(-128, 127), numbers, numbers
    ),
    max_size=30,
)


@given(policy=st.sampled_from(POLICIES), some=any_rows, size=st.integers(1, 8), seed=st.integers(0, 3))
def test_no_number_in_a_row_can_do_harm(policy: str, some: list[Any], size: int, seed: int) -> None:
    watcher = new_watcher(policy, users=seed)
    sound = session(policy, seed)
    watched(watcher, sound)
    rows = Rows([watcher], size)
    for time, code, first, second in some:
        rows.add(sound[-1].time + time, code, first, second)
    rows.flush()
    assert watcher.unsound in (-1, watcher.events)
    assert len(sound) <= watcher.events <= len(sound) + sum(code & codes.LAST != 0 for _, code, _, _ in some)


@pytest.mark.parametrize(
    "row",
    [
        (1.0, codes.JOINED, -1, 0),
        (1.0, codes.JOINED, 1 << 26, 0),
        (1.0, codes.JOINED, 3, -1),
        (1.0, codes.JOINED, 3, len(INTERESTS)),
        (1.0, codes.SEARCHING, 9, codes.NOBODY),
        (1.0, codes.PAIRED, 0, codes.NOBODY),
        (1.0, codes.PAIRED, codes.NOBODY, 0),
        (1.0, 11, 0, 1),
        (1.0, 24, 0, 1),
        (1.0, 64 + codes.SEARCHING, 0, codes.NOBODY),
        (1.0, codes.SEARCHING - 128, 0, codes.NOBODY),
        (0.5, codes.SEARCHING, 0, codes.NOBODY),
        (math.nan, codes.SEARCHING, 0, codes.NOBODY),
    ],
)
def test_a_row_that_cannot_be_is_not_plainly_sound(row: tuple[float, int, int, int]) -> None:
    for size in (1, 4):
        watcher = new_watcher("interests")
        rows = Rows([watcher], size)
        for user in range(3):
            rows.add(1.0, codes.JOINED + codes.LAST, user, kind_of(user))
        time, code, first, second = row
        rows.add(time, code | codes.LAST, first, second)
        rows.flush()
        assert (watcher.unsound, watcher.events) == (3, 3)


def test_a_refusal_of_a_user_who_never_joined_is_sound() -> None:
    watcher = new_watcher("no-repeat")
    assert watched(watcher, [*opening(0), Happened(1.0, [(codes.REFUSED, 5000, -1)])]) == -1


def test_more_users_come_than_were_expected() -> None:
    journal = [Happened(0.0, [(codes.JOINED, user, 0)]) for user in range(3000)]
    journal += [*meet(1.0, 0, 2999), Happened(1.0, [(codes.JOINED, 200_000, 0)])]
    assert watched(new_watcher("no-repeat", users=10), journal) == -1


def test_of_a_policy_of_ones_own_only_what_always_holds_is_asked() -> None:
    class Never(Policy):
        def draw(self, now: float, choose: Any) -> None:
            return None

    journal = [*opening(0, 1), search(1.0, 0), search(1.0, 1)]
    assert watched(watcher_of(Never()), journal) == -1
    assert watched(watcher_of(Never()), [*journal, search(1.0, 2)]) == len(journal)
    assert watched(watcher_of("no-repeat"), journal) == len(journal) - 1
    unasked = {result.name: result.detail for result in watcher_results(watcher_of(Never()), "own:Never")}
    assert unasked["work_conserving"] == "rows alone cannot show it under own:Never"
    assert unasked["no_partner_twice_running"] == "not a promise of own:Never"


@pytest.mark.parametrize("policy", BUILT_IN)
def test_the_rule_of_every_policy_that_the_kernel_knows_is_asked(policy: str) -> None:
    if kernel.unknown(ClosedModel(2), policy) is None:
        assert watcher_of(policy, 2, [()]).least < NO_POOL


def test_interests_that_are_not_of_kinds_leave_the_rule_unasked() -> None:
    journal = [*opening(0, 1), search(1.0, 0), search(1.0, 5)]
    many = [tuple(f"topic {number}" for number in range(64))]
    for interests in (None, many):
        assert watched(watcher_of("interests", 0, interests), journal[:-1]) == -1
        assert watcher_of("interests", 0, interests).least == NO_POOL


def test_what_was_not_asked_or_did_not_happen_is_not_reported_ok() -> None:
    watcher = new_watcher("no-repeat")
    watched(watcher, [*opening(0, 1), search(1.0, 0)])
    verdicts = {result.name: (result.verdict, result.detail) for result in watcher_results(watcher, "no-repeat")}
    assert list(verdicts) == [invariant.__name__ for invariant in INVARIANTS]
    assert verdicts["one_state_at_a_time"] == (Verdict.OK, "3 events, on the kernel's rows")
    assert verdicts["no_user_in_two_pairs"] == (Verdict.NOT_ASKED, "nothing to check")
    assert verdicts["names_are_told"] == (Verdict.NOT_ASKED, "rows show no names")
    watched(watcher, [search(1.0, 7)])
    results = watcher_results(watcher, "no-repeat")
    assert {result.verdict for result in results} == {Verdict.NOT_ASKED}
    assert results[0].detail == "not plainly sound on the kernel's rows from event 3 on"


class Bug(NamedTuple):
    """A planted bug: a text of the watcher's sources, and what is put in its place."""

    file: str
    before: str
    after: str


BUGS = [
    Bug("watcher", "if where[first] != IN_POOL or where[second] != IN_POOL or first == second:", "if first == second:"),
    Bug("watcher", "where[second] != IN_POOL or first == second", "first == second"),
    Bug("watcher", "latest[first] == second or latest[second] == first", "latest[first] == second"),
    Bug("watcher", "kept_apart.couples and kept_apart.between(first, second)", "False"),
    Bug("watcher", "where[first] != second or self._asked", "where[first] < 0 or self._asked"),
    Bug("watcher", "where[first] != second or self._asked", "where[first] != second"),
    Bug("watcher", "queue[last] = second  #", "queue[last] = first  #"),
    Bug("watcher", "if where == OUTSIDE:\n            return False", "if where == OUTSIDE:\n            return True"),
    Bug("watcher", "return where < 0 and self._ask_once(LOBBY_LINE)", "return self._ask_once(LOBBY_LINE)"),
    Bug("watcher", "return where == second and self._ask_once", "return where >= 0 and self._ask_once"),
    Bug("watcher", "return where < 0 and self._search", "return self._search"),
    Bug("watcher", "return where == IN_POOL and self._return", "return where < 0 and self._return"),
    Bug("watcher", "return where < 0 and self._leave", "return self._leave"),
    Bug("watcher", "return where != second and first != second and", "return first != second and"),
    Bug("watcher", "        self._asked = request\n        return alone", "        return alone"),
    Bug("watcher", "not in (0, request):\n            return False", "not in (0, request):\n            return True"),
    Bug("watcher", "return request in (0, SEARCHING, PARTED_LOBBY, PARTED_LEAVE)", "return True"),
    Bug("watcher", "self._where[user] != OUTSIDE or kind < 0", "kind < 0"),
    Bug(
        "watcher",
        "        if self._where[user] != IN_POOL:\n            self._enter",
        "        if True:\n            self._enter",
    ),
    Bug("watcher", "self._where[user] = IN_LOBBY\n        self._size -= 1", "self._where[user] = IN_LOBBY"),
    Bug("watcher", "        self._where[user] = OUTSIDE\n", "        self._where[user] = IN_LOBBY\n"),
    Bug("watcher", "        self._latest[user] = NOBODY\n", ""),
    Bug("watcher", "        self._forget(user)\n", ""),
    Bug("watcher", "        self._kept_apart.forget(user)\n", ""),
    Bug("watcher", "+ TO_LOBBY or self._where[user] != partner", "+ TO_LOBBY or self._where[user] < 0"),
    Bug("watcher", "        if not kind & TO_LOBBY:\n", "        if True:\n"),
    Bug("watcher", "        if cause == PARTED_BLOCK:\n", "        if False:\n"),
    Bug("watcher", "        if self._where[other] == OUTSIDE:\n", "        if False:\n"),
    Bug("watcher", "        self._tried = 0\n        return self._kept_apart", "        return self._kept_apart"),
    Bug(
        "watcher",
        "return self._kept_apart.unblock(user, other) and",
        "self._kept_apart.unblock(user, other)\n        return",
    ),
    Bug("watcher", "                self._asked = 0\n", ""),
    Bug("state_by_rows", "and self._place[user] == entry", ""),
    Bug("state_by_rows", "if not self._are_apart(older, newer):", "if self._are_apart(older, newer):"),
    Bug(
        "rule_watchers",
        "if self._kept_apart.couples == 0:\n            return True",
        "if True:\n            return False",
    ),
    Bug("rule_watchers", "self.least = minimum", "self.least = minimum + 1"),
    Bug("rule_watchers", "not self._met_last(self._queue[older], self._queue[newer]) and", ""),
    Bug(
        "rule_watchers",
        "return self._knows(first, second) or self._knows(second, first)",
        "return self._knows(first, second)",
    ),
    Bug("rule_watchers", "return self._any_may_meet(impatient)", "return False"),
    Bug("rule_watchers", "self._patience <= now:", "self._patience < now:"),
    Bug("rule_watchers", "wave == self._latest_wave and self._tried", "wave == self._latest_wave"),
    Bug("rule_watchers", "return self._any_may_meet(reached)", "return False"),
    Bug("rule_watchers", "self._wave(self._since[reached]) < wave", "self._wave(self._since[reached]) <= wave"),
    Bug("rule_watchers", "or (ends <= now and ends > self._asked_at)", ""),
    Bug("rule_watchers", "not (both_open or topics & others)", "not both_open"),
    Bug("rule_watchers", "if not (lost and other_lost):", "if True:"),
    Bug("rule_watchers", "(lost or topics == 0)", "lost"),
    Bug("rule_watchers", "return not self._are_apart(one, other)", "return True"),
    Bug("kept_apart", "if not self._own[_twin(entry)]:", "if True:"),
    Bug("kept_apart", "entry == NOBODY or not self._own[entry]", "entry == NOBODY"),
    Bug("kept_apart", "        while self._head[user] != NOBODY:", "        if self._head[user] != NOBODY:"),
]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.file}: {bug.after}")
def test_a_bug_in_the_watcher_is_noticed(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    spoilt = planted(bug, monkeypatch)
    by_hand = [Damage(policy, "by hand", journal, len(journal) - 1) for policy, journal in BY_HAND]
    for policy, _, journal, seen in [*by_hand, *some_damages(), *sound_sessions()]:
        try:
            unsound = watched(spoilt.watcher_of(policy, 0, INTERESTS), journal)
        except IndexError:
            return
        if unsound != seen:
            return
    pytest.fail("nothing is different")


@cache
def sound_sessions() -> list[Damage]:
    return [Damage(policy, "not at all", session(policy, seed), -1) for policy in POLICIES for seed in range(8)]


def test_without_a_bug_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = planted(Bug("watcher", "for row in range(count)", "for row in range(count)"), monkeypatch)
    for policy, _, journal, seen in sound_sessions():
        assert watched(sound.watcher_of(policy, 0, INTERESTS), journal) == seen


def planted(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The pure sources of the watcher as modules of their own, one of them spoilt; returns the last."""
    module = None
    for name in ("kept_apart", "state_by_rows", "watcher", "rule_watchers"):
        source = (Path(sim.measure.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        if name == bug.file:
            assert bug.before in source, f"{bug.before!r} is not in {bug.file}"
            source = source.replace(bug.before, bug.after)
        module = ModuleType(f"sim.measure.{name}")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(compile(source, name, "exec"), vars(module))
    return module
