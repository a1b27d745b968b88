"""The judge of what clients saw: never a false alarm, whatever the delays, and every planted fault is found."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core.testing.clients import judge
from tests.core.clients.venue import OFTEN, RARELY, SOMETIMES, Step, Venue, steps
from tests.core.scenes import POLICIES


def evening(venue: Venue, happenings: list[Step]) -> Venue:
    """This and that happens."""
    for verb, number, seconds in happenings:
        venue.step(verb, number, seconds)
    return venue


def busy(policy: str, seed: int, happenings: int = 3000) -> Venue:
    """A long evening, the same every time."""
    chance = Random(seed)
    verbs = [*OFTEN * 10, *SOMETIMES * 3, *RARELY]
    venue = Venue(policy, names=[f"user {number}" for number in range(12)], tells_leavers=bool(seed % 2))
    steps = [(chance.choice(verbs), chance.randrange(12), chance.choice([0.0, 0.25, 4.0])) for _ in range(happenings)]
    return evening(venue, steps)


@pytest.mark.parametrize("policy", POLICIES)
@given(happenings=steps, tells_leavers=st.booleans())
def test_nothing_is_found_wrong_with_the_core_whatever_the_delays(policy, happenings, tells_leavers):
    venue = evening(Venue(policy, tells_leavers=tells_leavers), happenings)
    assert judge(venue.accounts, settled=False).breaches == []
    assert judge(venue.settle()).breaches == []
