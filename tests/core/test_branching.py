"""Every sequence of random choices is followed once."""

from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import BrokenPolicy
from roulette_core.policies import Choose
from roulette_core.testing.exploring.branching import MOST_CHOICES, branches


@given(st.lists(st.integers(1, 4), max_size=5))
def test_choices_that_do_not_depend_on_each_other_branch_into_their_product(counts: list[int]) -> None:
    found = list(branches(lambda choose: tuple(choose(count) for count in counts)))
    assert len({branch.choices for branch in found}) == len(found) == prod(counts)
    assert all(branch.result == branch.choices for branch in found)
    assert {branch.probability for branch in found} == {Fraction(1, prod(counts))}


@given(st.integers(1, 5), st.integers(1, 4))
def test_choices_that_depend_on_each_other_add_up_to_one(first: int, depth: int) -> None:
    def fewer_and_fewer(choose: Choose) -> list[int]:
        counts = [first]
        while len(counts) <= depth and counts[-1] > 0:
            counts.append(choose(counts[-1]))
        return counts

    found = list(branches(fewer_and_fewer))
    assert sum(branch.probability for branch in found) == 1
    assert len({tuple(branch.result) for branch in found}) == len(found)


@pytest.mark.parametrize("count", [0, -1])
def test_a_choice_without_alternatives_is_the_policys_fault(count: int) -> None:
    with pytest.raises(BrokenPolicy, match="no alternatives"):
        list(branches(lambda choose: choose(count)))


def test_choosing_without_end_is_the_policys_fault() -> None:
    def until_one(choose: Choose) -> None:
        while not choose(2):
            pass

    with pytest.raises(BrokenPolicy, match=f"{MOST_CHOICES} choices"):
        list(branches(until_one))
