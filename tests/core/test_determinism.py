"""The same events give the same effects: in one process, in another, and however Python hashes strings."""

import hashlib
import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import Roulette, RouletteError, Tick, User, make_policy
from roulette_core.testing import claims_of
from tests.core.scenarios import (
    DISTINCT,
    POLICIES,
    Timed,
    attempt,
    busy_evening,
    join_all,
    journeys,
    pairs_in,
    start_all,
)
from tests.support.hashing import outputs

ROOT = Path(__file__).parents[2]


def effects_of(policy: str, journey: list[Timed], seed: int = 0) -> list[object]:
    roulette = Roulette(policy, seed)
    return [attempt(roulette, event, now) for event, now in journey]


@given(policy=st.sampled_from(POLICIES), journey=journeys())
def test_a_replay_has_the_same_effects(policy: str, journey: list[Timed]) -> None:
    assert effects_of(policy, journey, seed=5) == effects_of(policy, journey, seed=5)


@pytest.mark.parametrize("policy", DISTINCT)
@given(journey=journeys())
def test_an_event_does_what_a_tick_and_then_the_event_do(policy: str, journey: list[Timed]) -> None:
    plain, ticked = Roulette(policy), Roulette(policy)
    for event, now in journey:
        try:
            effects = plain.handle(event, now)
        except RouletteError:
            continue
        assert effects == ticked.handle(Tick(), now) + ticked.handle(event, now)
        assert plain.snapshot() == ticked.snapshot()


def imported_anew() -> ModuleType:
    """Returns a second, separately imported copy of the library."""
    ours = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "roulette_core"}
    for name in ours:
        del sys.modules[name]
    try:
        return importlib.import_module("roulette_core")
    finally:
        sys.modules.update(ours)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_second_import_of_the_library_behaves_the_same(policy: str) -> None:
    library, evening = imported_anew(), busy_evening(users=6, events=200)
    assert library.Roulette is not Roulette
    first, second = Roulette(policy), library.Roulette(policy)
    for event, now in evening:
        own = getattr(library, type(event).__name__)(*event)
        try:
            assert second.handle(own, now) == attempt(first, event, now)
        except library.RouletteError as error:
            assert attempt(first, event, now).__name__ == type(error).__name__  # type: ignore[union-attr]
    assert second.snapshot() == first.snapshot()


@given(policy=st.sampled_from(POLICIES), journey=journeys())
def test_a_refused_or_raised_event_changes_nothing(policy: str, journey: list[Timed]) -> None:
    asked, spared = Roulette(policy), Roulette(policy)
    for event, now in journey:
        effects = attempt(asked, event, now)
        if isinstance(effects, type):
            continue
        refused = bool(effects) and effects[-1].kind == "refused"
        assert spared.handle(Tick() if refused else event, now) == (effects[:-1] if refused else effects)
    assert asked.snapshot() == spared.snapshot()


def test_another_seed_draws_other_pairs_where_chance_decides() -> None:
    evening = busy_evening(users=12, events=200)
    assert effects_of("uniform", evening, seed=1) != effects_of("uniform", evening, seed=2)


def test_the_default_seed_gives_the_same_draws_every_time() -> None:
    evening = busy_evening(users=12, events=200)
    unsaid = Roulette("uniform")
    assert [attempt(unsaid, event, now) for event, now in evening] == effects_of("uniform", evening, seed=0)


@pytest.mark.parametrize("policy", [policy for policy in POLICIES if not claims_of(make_policy(policy)).equal_chances])
def test_the_seed_does_not_matter_where_chance_does_not_decide(policy: str) -> None:
    evening = busy_evening(users=12, events=200)
    assert effects_of(policy, evening, seed=1) == effects_of(policy, evening, seed=2)


def test_two_roulettes_side_by_side_share_nothing() -> None:
    first, second = Roulette("uniform", seed=4), Roulette("uniform", seed=4)
    join_all(first, "abcdef")
    join_all(second, "abcdef")
    assert start_all(first, "abcdef") == start_all(second, "abcdef")


def drawn(seed: int) -> list[User]:
    """Whom one draw among ten takes."""
    roulette = Roulette("uniform:minimum=10", seed)
    join_all(roulette, range(10))
    return sorted(*pairs_in(start_all(roulette, range(10))), key=str)


PINNED = [[6, 8], [1, 8], [8, 9], [2, 5], [0, 2], [6, 7]]


def test_the_draws_of_a_seed_are_these_on_every_machine_and_version_of_python() -> None:
    assert [drawn(seed) for seed in range(6)] == PINNED


def digest(policy: str) -> str:
    """All effects, and the state at the end, of a long evening of users and topics that are strings."""
    roulette = Roulette(make_policy(policy), seed=6)
    evening = busy_evening(users=14, events=400, seed=1, text=True)
    effects = [attempt(roulette, event, now) for event, now in evening]
    return hashlib.sha256(repr((effects, roulette.snapshot(), roulette.pairs())).encode()).hexdigest()


def test_hash_order_makes_no_difference() -> None:
    program = (
        "from tests.core.scenarios import POLICIES; from tests.core.test_determinism import digest;"
        "print(hash('roulette'), *[digest(policy) for policy in POLICIES])"
    )
    hashes, digests = set(), set()
    for output in outputs(program, "0", "1", "4242"):
        first, *rest = output.split()
        hashes.add(first)
        digests.add(tuple(rest))
    assert len(hashes) == 3, "the three runs really hash differently"
    assert digests == {tuple(digest(policy) for policy in POLICIES)}


def test_choices_of_the_caller_replace_the_generator() -> None:
    asked: list[int] = []

    def last(count: int) -> int:
        asked.append(count)
        return count - 1

    roulette = Roulette("uniform:minimum=4", choose=last)
    join_all(roulette, range(4))
    assert pairs_in(start_all(roulette, range(4))) == [{3, 2}]
    assert asked == [4, 3]
