"""Copies by ``copy`` and ``pickle``: independent, and they go on exactly alike; refused where no state is whole."""

import copy
import pickle
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import (
    BadPolicy,
    BrokenPolicy,
    CallsOverlap,
    Choose,
    Join,
    Paired,
    Policy,
    Roulette,
    Start,
    User,
    make_policy,
)
from tests.core.custom import Patient
from tests.core.scenarios import POLICIES, VARIED, Timed, attempt, busy_evening, join_all, journeys, start_all

Copy = Callable[[Roulette], Roulette]


def pickled(roulette: Roulette) -> Roulette:
    again: Roulette = pickle.loads(pickle.dumps(roulette))
    return again


WAYS: list[Any] = [
    pytest.param(copy.copy, id="copy"),
    pytest.param(copy.deepcopy, id="deepcopy"),
    pytest.param(pickled, id="pickle"),
]


class Dice:
    """Choices of the caller, with a state of their own."""

    def __init__(self) -> None:
        self.random = Random(4)

    def __call__(self, count: int) -> int:
        return self.random.randrange(count)


def made(policy: str, own_choices: bool) -> Roulette:
    given = Patient() if policy == "own" else make_policy(policy)
    return Roulette(given, choose=Dice()) if own_choices else Roulette(given, seed=5)


@pytest.mark.parametrize("duplicate", WAYS)
@pytest.mark.parametrize("own_choices", [False, True], ids=["seed", "choose"])
@pytest.mark.parametrize("policy", [*POLICIES, "own"])
def test_a_copy_goes_on_exactly_alike_and_changes_nothing(policy: str, own_choices: bool, duplicate: Copy) -> None:
    roulette, untouched = made(policy, own_choices), made(policy, own_choices)
    evening = busy_evening(users=9, events=150, seed=3)
    for event, now in evening[:80]:
        assert attempt(roulette, event, now) == attempt(untouched, event, now)
    twin = duplicate(roulette)
    assert twin.snapshot() == roulette.snapshot() == untouched.snapshot()
    expected = [attempt(twin, event, now) for event, now in evening[80:]]
    assert roulette.snapshot() == untouched.snapshot() != twin.snapshot()
    assert [attempt(roulette, event, now) for event, now in evening[80:]] == expected
    assert [attempt(untouched, event, now) for event, now in evening[80:]] == expected
    assert twin.snapshot() == roulette.snapshot()


@pytest.mark.parametrize("policy", VARIED)
@given(journey=journeys(max_size=30), stop=st.integers(0, 30), way=st.sampled_from([copy.deepcopy, pickled]))
def test_a_copy_made_anywhere_goes_on_alike(policy: str, journey: list[Timed], stop: int, way: Copy) -> None:
    roulette = Roulette(policy, seed=2)
    for event, now in journey[:stop]:
        attempt(roulette, event, now)
    twin = way(roulette)
    for event, now in journey[stop:]:
        assert attempt(twin, event, now) == attempt(roulette, event, now)
    assert twin.snapshot() == roulette.snapshot()


@pytest.mark.parametrize("duplicate", WAYS)
def test_a_what_if_does_not_change_the_real_thing(duplicate: Copy) -> None:
    def pairs(roulette: Roulette) -> list[Any]:
        return [effect[:2] for effect in start_all(roulette, range(6), 1.0) if isinstance(effect, Paired)]

    roulette, fresh = Roulette("uniform", seed=1), Roulette("uniform", seed=1)
    for each in (roulette, fresh):
        join_all(each, range(6))
    first = pairs(duplicate(roulette))
    assert pairs(roulette) == first == pairs(fresh)
    assert len(first) > 1


@pytest.mark.parametrize("duplicate", WAYS)
def test_the_policy_of_a_copy_belongs_to_the_copy(duplicate: Copy) -> None:
    roulette = Roulette("v1")
    twin = duplicate(roulette)
    assert twin.policy is not roulette.policy
    assert twin.policy.blocks is not roulette.policy.blocks
    with pytest.raises(BadPolicy):
        Roulette(twin.policy)


class City(Roulette):
    """A roulette with a field of its own."""

    def __init__(self, policy: Policy | str, *, city: str, **options: Any) -> None:
        super().__init__(policy, **options)
        self.city = city


@pytest.mark.parametrize("duplicate", WAYS)
def test_a_subclass_is_copied_with_its_fields(duplicate: Copy) -> None:
    twin = duplicate(City("v1", city="Lille"))
    assert isinstance(twin, City)
    assert twin.city == "Lille"


class Copying(Policy):
    """Copies its roulette while it draws."""

    roulette: Roulette
    duplicate: Copy

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[BaseException] = []

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        with pytest.raises(CallsOverlap) as caught:
            self.duplicate(self.roulette)
        self.errors.append(caught.value)
        return None


@pytest.mark.parametrize("duplicate", [*WAYS, pytest.param(Roulette.snapshot, id="snapshot")])
def test_no_copy_is_made_while_an_event_is_handled(duplicate: Any) -> None:
    policy = Copying()
    roulette = policy.roulette = Roulette(policy)
    policy.duplicate = duplicate
    join_all(roulette, "ab")
    start_all(roulette, "ab")
    assert policy.errors


class Rude(Policy):
    """Raises once two are waiting."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        raise ZeroDivisionError


@pytest.mark.parametrize("duplicate", [*WAYS, pytest.param(Roulette.snapshot, id="snapshot")])
def test_no_copy_is_made_of_a_roulette_whose_policy_has_broken(duplicate: Any) -> None:
    roulette = Roulette(Rude())
    for user in "ab":
        roulette.handle(Join(user, user), 0.0)
    roulette.handle(Start("a"), 0.0)
    with pytest.raises(BrokenPolicy):
        roulette.handle(Start("b"), 0.0)
    with pytest.raises(BrokenPolicy):
        duplicate(roulette)
