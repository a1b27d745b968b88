"""Every invariant catches what it is for: a planted bug is seen by the invariant named, and the sound core by none."""

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

from roulette_core import Block, BulkLeave, Event, Join, Lobby, Next, Place, Say, Start, Unblock
from roulette_core.testing import INVARIANTS
from tests.core.mutants import MUTANTS, Mutant, plant
from tests.core.scenarios import POLICIES, Timed, busy_evening


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Any]:
    """Makes a spoilt library, and takes it out of the interpreter afterwards."""
    before = set(sys.modules)
    yield lambda mutant: plant(mutant, tmp_path)
    for name in set(sys.modules) - before:
        del sys.modules[name]


def special_evening(users: int, events: int, seed: int) -> Iterator[Timed]:
    """A busy evening in which every form of a request occurs: for a chat, of other users, with attributes."""
    chance, blocked = Random(seed), [(0, 1)]
    places: list[Place | None] = [None, None, "searching", "lobby"]
    for event, now in busy_evening(users, events, seed):
        yield event, now
        user, other = chance.sample(range(users), 2)
        chat, place = chance.choice([None, chance.randrange(1, events // 8)]), chance.choice(places)
        special: list[list[Event]] = [
            [Say(user, "hello", chance.choice([0, chat]))],
            [Next(user, chat, place)],
            [Next(user, chat, place)],
            [Block(user, None, chat), Unblock(user, other)],
            [Block(user, other, chat, place)],
            [Unblock(*chance.choice(blocked)), Unblock(*blocked[-1])],
            [Start(user, (), {chance.choice(["role", "rank"]): chance.randrange(3)})],
            [Lobby(user, place)],
            [Join(user, "a", (), (2,)), Join(other, "b", (3,)), Start(user)],
            [BulkLeave(tuple(range(1, users)), place), *(Join(each, f"again {each}") for each in range(1, users))],
        ]
        if now and chance.random() < 0.5:
            for each in chance.choice(special):
                if isinstance(each, Block) and each.other is not None:
                    blocked = [*blocked[-2:], (user, other)]
                yield each, now


EVENINGS = [
    *([*busy_evening(7, 250, seed)] for seed in range(3)),
    *([*special_evening(7, 300, seed)] for seed in range(5)),
]


def broken(library: ModuleType, policy: str, evening: list[Timed], thorough: bool = False) -> list[Any]:
    """The breaches in an evening of a library, up to where it fails altogether."""
    roulette = library.Roulette(policy)
    checker = library.testing.Checker(policy, thorough=thorough)
    for event, now in evening:
        own = getattr(library, type(event).__name__)(*event)
        try:
            checker.check(now, own, roulette.handle(own, now))
            checker.compare(roulette)
        except (library.UnknownUser, library.AlreadyJoined):
            continue
        except Exception:
            break  # so badly spoilt that it cannot go on
    return list(checker.breaches)


def label(mutant: Mutant) -> str:
    return f"{mutant.invariant}: {mutant.after}"


@pytest.mark.parametrize("mutant", MUTANTS, ids=label)
def test_a_planted_bug_is_caught_by_the_invariant_it_breaks(mutant: Mutant, planted: Any) -> None:
    library = planted(mutant)
    seen: set[str] = set()
    for evening in EVENINGS:
        quick, thorough = (broken(library, mutant.policy, evening, way) for way in (False, True))
        assert quick == thorough, "the short way and the thorough one find the same"
        seen |= {breach.invariant for breach in quick}
        if mutant.invariant in seen:
            return
    pytest.fail(f"only {seen} are seen broken")


@pytest.mark.parametrize("thorough", [False, True])
def test_the_copy_without_a_bug_breaks_no_invariant(planted: Any, thorough: bool) -> None:
    library = planted(None)
    for policy in POLICIES:
        assert [breach for evening in EVENINGS[::2] for breach in broken(library, policy, evening, thorough)] == []


def test_every_invariant_has_a_mutant() -> None:
    assert {invariant.__name__ for invariant in INVARIANTS} == {mutant.invariant for mutant in MUTANTS}
    assert len(INVARIANTS) == 20


def test_a_mutant_whose_place_is_gone_fails_loudly(planted: Any) -> None:
    with pytest.raises(AssertionError, match="is not there once"):
        planted(Mutant("work_conserving", "machine.py", "no such line", ""))
