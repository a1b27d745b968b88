"""The judge of what clients saw: never a false alarm, whatever the delays, and every planted fault is found."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import Say
from roulette_core.testing import Verdict
from roulette_core.testing.clients import RULES, Account, Entry, SawLine, SawRefused, Sighting, judge
from tests.core.clients.client_harness import NAMES, OFTEN, RARELY, SOMETIMES, Step, Venue, steps
from tests.core.clients.faults import FAULTS, lobby, place, swap, told
from tests.core.scenarios import POLICIES


def evening(venue: Venue, happenings: list[Step]) -> Venue:
    """Runs the steps."""
    for verb, number, seconds in happenings:
        venue.step(verb, number, seconds)
    return venue


def busy(policy: str, seed: int, happenings: int = 3000) -> Venue:
    """Returns a long random run, the same every time."""
    chance = Random(seed)
    verbs = [*OFTEN * 10, *SOMETIMES * 3, *RARELY]
    venue = Venue(policy, names=[f"user {number}" for number in range(12)], tells_leavers=bool(seed % 2))
    steps = [(chance.choice(verbs), chance.randrange(12), chance.choice([0.0, 0.25, 4.0])) for _ in range(happenings)]
    return evening(venue, steps)


class Clumsy:
    """Does something to every thousandth line on its way to a client."""

    def __init__(self, deed: Callable[[SawLine], list[Sighting]]) -> None:
        self.lines = 0
        self._deed = deed

    def __call__(self, name: str, sighting: Sighting) -> list[Sighting]:
        if type(sighting) is not SawLine:
            return [sighting]
        self.lines += 1
        return [sighting] if self.lines % 1000 else self._deed(sighting)


def crowded(spoil: Clumsy, lines: int) -> list[Account]:
    """Returns the accounts of twelve clients whose requests are all carried out at once."""
    chance = Random(1)
    venue = Venue(names=[f"user {number}" for number in range(12)], spoil=spoil)
    for number in range(12):
        venue.step("join", number, 0.0)
        venue.settle()
    while spoil.lines < lines:
        venue.step(chance.choice(["say"] * 20 + ["start"] * 2 + SOMETIMES), chance.randrange(12), 0.25)
        venue.settle()
    return venue.accounts


@pytest.mark.parametrize("policy", POLICIES)
@given(happenings=steps, tells_leavers=st.booleans(), gives_back=st.booleans(), programs=st.integers(0, len(NAMES)))
def test_nothing_is_found_wrong_with_the_core_whatever_the_delays(
    policy, happenings, tells_leavers, gives_back, programs
):
    venue = Venue(policy, tells_leavers=tells_leavers, gives_back=gives_back, names_chats=NAMES[:programs])
    evening(venue, happenings)
    assert judge(venue.accounts, settled=False).breaches == []
    assert judge(venue.settle()).breaches == []


@pytest.mark.parametrize("programs", [0, len(NAMES)], ids=["given back", "named"])
def test_a_server_that_lets_lines_leave_their_chat_is_found(programs):
    chance = Random(1)
    broken: set[str] = set()
    for _ in range(20):
        venue = Venue(gives_back=True, names_chats=NAMES[:programs], keeps_rule=False)
        verbs = [*OFTEN * 3, *SOMETIMES]
        evening(venue, [(chance.choice(verbs), chance.randrange(len(NAMES)), 0.25) for _ in range(400)])
        broken |= {breach.rule for breach in judge(venue.settle()).breaches}
    assert "lines_stay_in_their_chat" in broken
    assert broken <= {"lines_stay_in_their_chat", "answers_fit"}  # the latter where a late ``next`` ends another chat


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}: {fault.what}")
def test_a_planted_fault_breaks_one_rule_and_no_other(fault):
    accounts = told()
    fault.spoil(accounts)
    judgement = judge(accounts.values())
    assert {breach.rule for breach in judgement.breaches} == {fault.rule}
    (broken,) = [result for result in judgement.results() if result.verdict is Verdict.FAILED]
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


@pytest.mark.parametrize(
    ("deed", "rules"),
    [
        (lambda line: [], {"lobby_misses_nothing", "no_line_is_swallowed"}),
        (lambda line: [line, line], {"nothing_is_doubled"}),
        (lambda line: [line._replace(text=line.text.upper())], {"nothing_is_invented"}),
        (lambda line: [line._replace(to="private")], {"hears_own_room_only"}),
    ],
    ids=["swallows", "doubles", "changes", "whispers"],
)
def test_one_line_in_a_thousand_is_missed(deed, rules):
    found = judge(crowded(Clumsy(deed), lines=5000)).breaches
    assert found
    assert {breach.rule for breach in found} <= rules
    assert not judge(crowded(Clumsy(lambda line: [line]), lines=5000)).breaches


@given(happenings=steps, words=st.sampled_from([1, 2, 5]))
def test_nothing_is_found_wrong_where_users_repeat_themselves(happenings, words):
    venue = evening(Venue(words=words), happenings)
    assert judge(venue.settle()).breaches == []


def test_a_line_that_is_repeated_is_heard_no_more_often_than_it_was_said():
    venue = Venue(names=["ada", "bob"], words=1)
    for step in ["ada join", "bob join", "ada say", "ada say"]:
        venue.ask(*step.split())
        venue.settle()
    accounts = venue.accounts
    assert judge(accounts).breaches == []
    accounts[1].entries.append(accounts[1].entries[-1])
    (breach,) = judge(accounts).breaches
    assert (breach.rule, breach.detail) == ("nothing_is_doubled", "bob heard 'line 1' too often")


def test_a_refusal_for_a_reason_of_the_gateways_own_breaks_no_rule():
    accounts = told()
    ada = accounts["ada"].entries
    at = place(accounts["ada"], Say("ada", "line 6"))
    ada.insert(at, Entry(0.0, SawRefused("line_too_long")))
    for name in ("bob", "carol", "dan"):
        del accounts[name].entries[place(accounts[name], lobby("ada", 6))]
    assert judge(accounts.values()).breaches == []


def test_two_accounts_of_one_name_are_refused():
    with pytest.raises(ValueError, match="2 accounts are of 'ada'"):
        judge([Account("ada"), Account("bob"), Account("ada")])


def test_no_accounts_break_no_rule():
    assert judge([]).ok


def test_a_rule_without_anything_to_check_is_not_reported_ok():
    assert {(result.verdict, result.detail) for result in judge([]).results()} == {
        (Verdict.NOT_ASKED, "nothing to check")
    }


def test_a_rule_that_relies_on_a_broken_one_is_not_reported_ok():
    accounts = told()
    swap("dan", lobby("ada", 1), lobby("bob", 2))(accounts)
    results = {result.name: result for result in judge(accounts.values()).results()}
    assert results["one_history_fits_all"].verdict is Verdict.FAILED
    assert results["lobby_misses_nothing"].verdict is Verdict.NOT_ASKED
    assert results["lobby_misses_nothing"].detail == "a rule that it relies on is broken"
