"""A snapshot that goes on under another policy or parameter: what can be kept is kept, what cannot is named."""

import json
from collections import deque
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import (
    BadOption,
    BadPolicy,
    BadSnapshot,
    Block,
    Choose,
    Join,
    Lobby,
    Next,
    Policy,
    Roulette,
    Start,
    State,
    Tick,
    User,
    make_policy,
)
from roulette_core.testing import Checker
from tests.core.scenarios import POLICIES, Timed, attempt, busy_evening, join_all, journeys, start_all

PARAMETERS = ["fresh:memory=40,patience=500", "waves:every=0.5", "interests:patience=500"]
CHANGES = list(permutations([*POLICIES, *PARAMETERS], 2))
NAMED = [pytest.param(*change, id=" to ".join(change)) for change in CHANGES]
KEPT = ("left_behind", "now", "random", "users", "pairs", "chats", "blocks")


def through_json(roulette: Roulette) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(roulette.snapshot(), allow_nan=False))
    return data


def partners(roulette: Roulette) -> dict[User, list[User]]:
    return dict((roulette.policy.snapshot() or {"partners": []})["partners"])


def check_change(old: str, new: str, before: list[Timed], after: list[Timed]) -> None:
    """Brings a roulette from one policy to the other half-way, and lets the invariants judge what it does then."""
    roulette, checker = Roulette(old, seed=4), Checker(new)
    for event, now in before:
        effects = attempt(roulette, event, now)
        if isinstance(effects, tuple):
            checker.check(now, event, effects)
    snapshot = through_json(roulette)
    adapted, lost = Roulette.adapt(snapshot, new)
    changed = through_json(adapted)
    assert {field: changed[field] for field in KEPT} == {field: snapshot[field] for field in KEPT}
    assert sorted(changed["pool"], key=str) == sorted(snapshot["pool"], key=str)
    assert Roulette.restore(changed).snapshot() == changed
    remembered, kept = partners(roulette), partners(adapted)
    assert all(of_one == remembered[user][-len(of_one) :] for user, of_one in kept.items())
    assert len(lost) == any(set(of_one) != set(kept.get(user, ())) for user, of_one in remembered.items())
    # From here on the invariants hold of what this policy promises, by what it remembers.
    checker.breaches.clear()
    checker.ledger.latest = {user: of_one[-1] for user, of_one in kept.items()}
    checker.ledger.partners = {user: deque(of_one, checker.ledger.depth) for user, of_one in kept.items()}
    assert (adapted.next_deadline() == adapted.now) == (len(adapted.policy.pool) > 1)
    start = before[-1][1] if before else 0.0
    for event, now in [(Tick(), start), *after, (Tick(), start + 1000)]:
        now = max(now, adapted.now)
        effects = attempt(adapted, event, now)
        if isinstance(effects, tuple):
            checker.check(now, event, effects)
    checker.compare(adapted)
    assert checker.breaches == []


@pytest.mark.parametrize(("old", "new"), NAMED)
def test_after_any_change_of_policy_or_parameter_the_invariants_hold(old: str, new: str) -> None:
    evening = busy_evening(users=9, events=160, seed=len(old) + len(new))
    check_change(old, new, evening[:90], evening[90:])


@given(change=st.sampled_from(CHANGES), journey=journeys(), stop=st.integers(0, 60))
def test_after_a_change_at_any_moment_the_invariants_hold(
    change: tuple[str, str], journey: list[Timed], stop: int
) -> None:
    check_change(*change, journey[:stop], journey[stop:])


@pytest.mark.parametrize("policy", POLICIES)
def test_under_the_same_policy_nothing_is_lost(policy: str) -> None:
    roulette = Roulette(policy, seed=2)
    for event, now in busy_evening(users=7, events=100):
        attempt(roulette, event, now)
    adapted, lost = Roulette.adapt(through_json(roulette), policy)
    assert lost == []
    assert adapted.snapshot()["memory"] == roulette.snapshot()["memory"]


def waiting_in_waves() -> Roulette:
    """Three who wait for a wave; b began before a, whom the lobby lists first."""
    roulette = Roulette("waves:every=100")
    join_all(roulette, "abc")
    for user, now in (("b", 1.0), ("a", 2.0), ("c", 3.0)):
        roulette.handle(Start(user), now)
    return roulette


def test_who_may_meet_now_does_so_at_the_next_tick_the_longest_waiting_first() -> None:
    roulette = waiting_in_waves()
    adapted, lost = Roulette.adapt(roulette.snapshot(), "no-repeat")
    assert lost == []
    assert adapted.pairs() == []
    assert list(adapted.policy.pool) == ["b", "a", "c"]
    assert adapted.next_deadline() == adapted.now == 3.0
    saved = Roulette.restore(through_json(adapted))
    for roulette in (adapted, saved):
        assert roulette.handle(Tick(), 3.0)[0][:2] == ("b", "a")
        assert roulette.next_deadline() is None
        assert roulette.waiting_since("c") == 3.0


def test_the_waiting_order_is_kept_where_the_pool_has_another() -> None:
    roulette = Roulette("uniform:minimum=9")
    join_all(roulette, "abcd")
    for now, user in enumerate("abcd"):
        roulette.handle(Start(user), float(now))
    roulette.handle(Block("a", "b"), 4.0)
    roulette.handle(Lobby("a"), 5.0)  # d takes the number of a
    assert list(roulette.policy.pool) == ["d", "b", "c"]
    assert list(Roulette.adapt(roulette.snapshot(), "waves")[0].policy.pool) == ["b", "c", "d"]


def test_one_who_waits_alone_is_due_for_nothing() -> None:
    roulette = Roulette()
    join_all(roulette, "a")
    start_all(roulette, "a")
    assert Roulette.adapt(roulette.snapshot(), "uniform").roulette.next_deadline() is None


# What is lost.


def met(policy: Policy | str, choose: Choose | None = None) -> dict[str, Any]:
    """A snapshot with some history of five users."""
    roulette = Roulette(policy, seed=1, choose=choose)
    join_all(roulette, range(5))
    for now in range(4):
        for user in range(5):
            if roulette.state(user) is State.LOBBY:
                roulette.handle(Start(user), now * 10.0)
        roulette.handle(Tick(), now * 10.0 + 9)
        for first, _ in roulette.pairs():
            roulette.handle(Next(first), now * 10.0 + 9)
    return through_json(roulette)


def test_a_policy_without_memory_loses_that_of_another() -> None:
    _, lost = Roulette.adapt(met("no-repeat"), "uniform")
    assert lost == ["uniform:minimum=3 remembers nothing: what no-repeat remembered is lost"]


def test_a_shorter_memory_says_how_much_it_loses() -> None:
    snapshot = met("fresh:memory=5,patience=1")
    adapted, lost = Roulette.adapt(snapshot, "fresh:memory=1")
    before = {(user, each) for user, of_one in snapshot["memory"]["partners"] for each in of_one}
    after = {(user, each) for user, of_one in adapted.snapshot()["memory"]["partners"] for each in of_one}
    assert after < before
    assert lost == [f"fresh:memory=1,patience=30 remembers fewer partners: {len(before - after)} are lost"]
    assert Roulette.adapt(snapshot, "fresh:memory=6").lost == []


class Particular(Policy):
    """Takes half of a memory that is not its own, and then refuses it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Any] = []

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return None

    def snapshot(self) -> Any:
        return {"seen": self.seen}

    def restore(self, memory: Any) -> None:
        self.seen.append("half")
        self.seen = memory["seen"]


class Renamed(Particular):
    """Takes over what its parent remembered."""


def test_a_policy_that_refuses_a_memory_gets_none_of_it() -> None:
    policy = Particular()
    adapted, lost = Roulette.adapt(met("no-repeat"), policy)
    assert adapted.policy is policy
    assert policy.seen == []
    assert lost == [f"{__name__}:Particular cannot take over what no-repeat remembered: KeyError('seen')"]


def test_a_policy_of_ones_own_takes_over_whatever_it_can() -> None:
    policy = Particular()
    policy.seen = ["ada"]
    adapted, lost = Roulette.adapt(through_json(Roulette(policy)), Renamed())
    assert lost == []
    assert adapted.snapshot()["memory"] == {"seen": ["ada"]}
    (sentence,) = Roulette.adapt(through_json(adapted), "v1").lost
    assert sentence.startswith(f"no-repeat cannot take over what {__name__}:Renamed remembered: TypeError")


def test_random_choices_go_on_or_begin_anew() -> None:
    kept = met("uniform")
    assert Roulette.adapt(kept, "uniform:minimum=4").roulette.snapshot()["random"] == kept["random"]
    fresh = Roulette.adapt(kept, "uniform:minimum=4", seed=9)
    assert fresh.lost == []
    assert fresh.roulette.core_state().random == Roulette(seed=9).core_state().random
    chosen = Roulette.adapt(kept, "uniform:minimum=4", choose=lambda count: 0)
    assert (chosen.lost, chosen.roulette.snapshot()["random"]) == ([], None)


def test_random_choices_that_the_caller_made_are_named_unless_the_caller_goes_on() -> None:
    snapshot = met("uniform", choose=lambda count: 0)
    adapted, lost = Roulette.adapt(snapshot, "waves")
    assert lost == ["the snapshot has no random state: random choices begin anew, with seed 0"]
    assert adapted.core_state().random == Roulette(seed=0).core_state().random
    assert Roulette.adapt(snapshot, "waves", choose=lambda count: 0).lost == []
    assert Roulette.adapt(snapshot, "waves", seed=3).lost == []


@pytest.mark.parametrize("number", [1, 2])
def test_an_older_format_is_adapted_as_well(number: int) -> None:
    file = Path(__file__).parent / "snapshots" / f"format_{number}_interests.json"
    snapshot = json.loads(file.read_text())["snapshot"]
    adapted, lost = Roulette.adapt(snapshot, "fresh:memory=5")
    assert lost == []
    assert {user: of_one[-1] for user, of_one in partners(adapted).items()} == partners_of_latest(snapshot["memory"])


def partners_of_latest(memory: Any) -> dict[User, User]:
    return dict(memory["latest"] if isinstance(memory, dict) else memory)


# What is refused.


class Choosy(Policy):
    """Cannot do without an attribute."""

    def enter(self, searcher: Any) -> None:
        super().enter(searcher)
        searcher.attributes["role"]

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return None


def test_a_policy_that_does_not_take_the_searching_users_is_refused() -> None:
    with pytest.raises(BadSnapshot, match="KeyError"):
        Roulette.adapt(waiting_in_waves().snapshot(), Choosy())


def test_data_that_is_no_snapshot_is_refused() -> None:
    with pytest.raises(BadSnapshot):
        Roulette.adapt({"format": 99}, "v1")
    with pytest.raises(BadSnapshot):
        Roulette.adapt({}, "v1")


def test_options_are_checked_as_by_the_constructor() -> None:
    snapshot = Roulette().snapshot()
    with pytest.raises(BadOption):
        Roulette.adapt(snapshot, "v1", seed=-1)
    with pytest.raises(BadPolicy):
        Roulette.adapt(snapshot, "no-such")
    with pytest.raises(BadPolicy):
        Roulette.adapt(snapshot, None)  # type: ignore[arg-type]
    used = make_policy("v1")
    Roulette(used)
    with pytest.raises(BadPolicy):
        Roulette.adapt(snapshot, used)


class Shop(Roulette):
    """A roulette with an argument of its own."""

    def __init__(self, policy: Policy | str, *, city: str, **options: Any) -> None:
        super().__init__(policy, **options)
        self.city = city


def test_a_subclass_with_one_argument_more_is_told_which_call_failed() -> None:
    snapshot = Shop("v1", city="Lille").snapshot()
    for again in (lambda: Shop.restore(snapshot), lambda: Shop.adapt(snapshot, "v2")):
        with pytest.raises(TypeError, match="city") as caught:
            again()
        (note,) = caught.value.__notes__
        assert "Shop(policy, " in note


def test_the_place_of_partners_left_behind_is_kept() -> None:
    roulette = Roulette("v1", left_behind="lobby")
    roulette.handle(Join("a", "ada"), 0.0)
    assert Roulette.adapt(roulette.snapshot(), "v2").roulette.snapshot()["left_behind"] == "lobby"
