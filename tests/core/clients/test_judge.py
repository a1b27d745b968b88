"""The judge of what clients saw: never a false alarm, whatever the delays, and every planted fault is found."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core.testing.clients import RULES, judge
from tests.core.clients.faults import FAULTS, lobby, swap, told
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


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}: {fault.what}")
def test_a_planted_fault_breaks_one_rule_and_no_other(fault):
    accounts = told()
    fault.spoil(accounts)
    judgement = judge(accounts.values())
    assert {breach.rule for breach in judgement.breaches} == {fault.rule}
    (broken,) = [result for result in judgement.results() if not result.ok]
    assert (broken.name, broken.detail) == (fault.rule, judgement.breaches[0].detail)


def test_every_rule_has_a_planted_fault_and_looks_at_something_where_there_is_none():
    assert {fault.rule for fault in FAULTS} == set(RULES)
    judgement = judge(told().values())
    assert judgement.ok
    assert set(judgement.looked) == set(RULES)
    assert [result.name for result in judgement.results()] == list(RULES)


def test_a_breach_names_the_entries_that_contradict_each_other():
    accounts = told()
    swap("dan", lobby("ada", 1), lobby("bob", 2))(accounts)
    (breach,) = judge(accounts.values()).breaches
    seen = {accounts[place.account].entries[place.entry].what for place in breach.places}
    assert {lobby("ada", 1)} <= seen
    assert {place.account for place in breach.places} >= {"dan"}
    assert "before 'line 1' of ada" in breach.detail
