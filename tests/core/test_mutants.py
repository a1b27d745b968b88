"""Every invariant catches what it is for: a planted bug is seen by the invariant named, and the sound core by none."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from roulette_core.testing import INVARIANTS
from tests.core.mutants import MUTANTS, Mutant, plant
from tests.core.scenarios import POLICIES, busy_evening


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Any]:
    """Makes a spoilt library, and takes it out of the interpreter afterwards."""
    before = set(sys.modules)
    yield lambda mutant: plant(mutant, tmp_path)
    for name in set(sys.modules) - before:
        del sys.modules[name]


def broken(library: ModuleType, policy: str, thorough: bool) -> list[Any]:
    """The breaches in a few evenings of a library, up to where it fails altogether."""
    found = []
    for seed in range(4):
        roulette = library.Roulette(policy)
        checker = library.testing.Checker(policy, thorough=thorough)
        for event, now in busy_evening(users=7, events=250, seed=seed):
            own = getattr(library, type(event).__name__)(*event)
            try:
                checker.check(now, own, roulette.handle(own, now))
                checker.compare(roulette)
            except (library.UnknownUser, library.AlreadyJoined):
                continue
            except Exception:
                break  # so badly spoilt that it cannot go on
        found += checker.breaches
    return found


def label(mutant: Mutant) -> str:
    return f"{mutant.invariant}: {mutant.after}"


@pytest.mark.parametrize("mutant", MUTANTS, ids=label)
def test_a_planted_bug_is_caught_by_the_invariant_it_breaks(mutant: Mutant, planted: Any) -> None:
    library = planted(mutant)
    quick, thorough = broken(library, mutant.policy, False), broken(library, mutant.policy, True)
    assert mutant.invariant in {breach.invariant for breach in quick}
    assert quick == thorough, "the short way and the thorough one find the same"


@pytest.mark.parametrize("thorough", [False, True])
def test_the_copy_without_a_bug_breaks_no_invariant(planted: Any, thorough: bool) -> None:
    library = planted(None)
    assert [breach for policy in POLICIES for breach in broken(library, policy, thorough)] == []


def test_every_invariant_has_a_mutant() -> None:
    assert {invariant.__name__ for invariant in INVARIANTS} == {mutant.invariant for mutant in MUTANTS}
    assert len(INVARIANTS) == 13


def test_a_mutant_whose_place_is_gone_fails_loudly(planted: Any) -> None:
    with pytest.raises(AssertionError, match="is not there once"):
        planted(Mutant("work_conserving", "machine.py", "no such line", ""))
