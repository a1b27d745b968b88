"""Policies at the edges of what they promise: the last parameter, the last partner remembered, a draw, a tie."""

from math import nan
from pathlib import Path
from typing import Any

import pytest

from roulette_core import (
    BadPolicy,
    BrokenPolicy,
    Join,
    Lobby,
    Next,
    Roulette,
    Start,
    State,
    Tick,
    User,
    make_policy,
)
from roulette_core.policies import Choose
from roulette_core.policies.waves import MEMORY
from tests.core.custom import Broken, NewestFirst
from tests.core.scenarios import join_all, paired, pairs_in, start_all

CROWD = range(12)


class CountsLooks(dict[Any, Any]):
    """A dict that counts how often it is asked for something."""

    looks = 0

    def get(self, key: Any, default: Any = None) -> Any:
        self.looks += 1
        return super().get(key, default)


@pytest.mark.parametrize("policy", ["no-repeat", "fresh:patience=1000"])
def test_a_draw_does_not_repeat_pairs_tried_before(policy: str) -> None:
    roulette = Roulette(policy)
    for user in CROWD:
        roulette.handle(Join(user, f"name of {user!r}", blocked=tuple(range(user))), float(user))
        roulette.handle(Start(user), float(user))
    assert roulette.counts()[State.SEARCHING] == len(CROWD), "all are kept apart"
    roulette.handle(Join("late", "late", blocked=tuple(CROWD)), 20.0)
    roulette.policy.blocks.apart = counting = CountsLooks(roulette.policy.blocks.apart)
    roulette.handle(Start("late"), 20.0)
    assert counting.looks <= 2 * len(CROWD), "at the pairs with the one who has just come, and for the next deadline"


class Particular(NewestFirst):
    """Takes it for granted that there are two to draw."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        assert len(self.pool) > 1
        return super().draw(now, choose)


def test_a_policy_is_not_asked_for_a_pair_where_there_is_none() -> None:
    roulette = Roulette(Particular())
    join_all(roulette, "abc")
    assert pairs_in(start_all(roulette, "abc")) == [{"a", "b"}]


def test_a_policy_is_not_called_until_a_user_searches() -> None:
    policy = Broken()
    policy.due = nan
    roulette = Roulette(policy)
    join_all(roulette, "ab")
    roulette.handle(Tick(), 1.0)
    with pytest.raises(BrokenPolicy, match="its deadline nan"):
        start_all(roulette, "a", 1.0)


@pytest.mark.parametrize("policy", ["fresh:patience=7", "waves:every=7", "interests:patience=7"])
def test_the_deadline_goes_when_a_user_returns_to_the_lobby(policy: str) -> None:
    roulette = Roulette(policy)
    join_all(roulette, "ab")
    for user, topic in (("a", "chess"), ("b", "go")):
        roulette.handle(Start(user, (topic,)), 1.0)
    roulette.handle(Next("a"), 2.0)  # refused but by fresh, which has put them together
    assert roulette.next_deadline() is not None
    roulette.handle(Lobby("a"), 3.0)
    assert roulette.next_deadline() is None


@pytest.mark.parametrize("specification", ["fresh:memory=1", "fresh:memory=1000", "uniform:minimum=2"])
def test_the_last_parameter_in_range_is_in_range(specification: str) -> None:
    assert make_policy(specification).specification.startswith(specification)


@pytest.mark.parametrize(
    "specification",
    ["no-repeat", "uniform:minimum=3", "fresh:memory=5,patience=30", "waves:every=5", "interests:patience=10"],
)
def test_the_defaults_are_as_documented(specification: str) -> None:
    assert make_policy(specification.partition(":")[0]).specification == specification


@pytest.mark.parametrize("specification", ["uniform:minimum=2.5", "tests.core.custom:Patient:least=2.5"])
def test_a_whole_number_is_asked_for_however_the_annotation_is_written(specification: str) -> None:
    with pytest.raises(BadPolicy, match=r"needs a number for \w+, not '2.5'"):
        make_policy(specification)


def test_a_policy_with_parameters_may_stand_in_a_module_without_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lone_module.py").write_text("from tests.core.custom import Patient", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert make_policy("lone_module:Patient:least=4").parameters == {"least": 4, "wait": 1.5}


def test_a_restored_user_has_full_patience_again_after_the_lobby() -> None:
    roulette = Roulette("interests:patience=10")
    join_all(roulette, "ab")
    roulette.handle(Start("a", ("chess",)), 0.0)
    roulette.handle(Start("b", ("go",)), 9.0)
    roulette.handle(Tick(), 10.0)
    restored = Roulette.restore(roulette.snapshot())
    restored.handle(Lobby("a"), 11.0)
    restored.handle(Start("a", ("chess",)), 12.0)
    assert restored.handle(Tick(), 19.0) == (), "b is open by now, a not yet"
    assert restored.handle(Tick(), 22.0) == (paired("b", "a"),)


def waves(meetings: list[str]) -> list[set[User]]:
    """Who is paired by each wave, when these wait for it and are back in the lobby at its end."""
    roulette = Roulette("waves:every=5")
    join_all(roulette, sorted(set("".join(meetings))))
    met = []
    for number, users in enumerate(meetings, 1):
        start_all(roulette, users, 5.0 * number - 1)
        met += pairs_in(roulette.handle(Tick(), 5.0 * number))
        for user in users:
            roulette.handle(Lobby(user), 5.0 * number)
    return met


def test_two_who_have_met_as_often_as_can_be_remembered_meet_all_the_same() -> None:
    assert waves(["ab"] * (MEMORY + 5)) == [{"a", "b"}] * (MEMORY + 5)


def test_of_those_met_as_rarely_the_longest_waiting_is_chosen() -> None:
    assert waves(["ab", "ac", "abc"])[-1] == {"a", "b"}


def test_a_partner_forgotten_by_both_is_new_again() -> None:
    """Of b and d, whom a has met once each, b was so long ago that neither of the two remembers."""
    once = ["ab", *["ac"] * (MEMORY - 1), "ad", *["be"] * (MEMORY - 1), "adb"]
    assert waves(once)[-1] == {"a", "d"}, "b remembers a"
    assert waves([*once[:-1], "be", "adb"])[-1] == {"a", "b"}
