"""Each fault is found, by what is there to find it, and told as a story where there is one."""

from functools import cache
from typing import Any

import pytest

from roulette_core.testing import Covered, Verdict, explore
from roulette_core.testing.conformance import (
    CHECKS,
    Check,
    Claims,
    Effort,
    Finding,
    Subject,
    checked,
    findings,
)
from roulette_core.testing.conformance.pairings import NEVER_PAIRED
from roulette_core.testing.exploring.report import invariant_results
from tests.core.conformance import bad_policies

EFFORT = Effort(seconds=60, examples=100, states=100, draws=8_000)
QUICK = Effort(examples=10, states=30, draws=500)

FOUND_BY = {
    "DrawsOneself": {"contract"},
    "DrawsTheAbsent": {"contract", "longest-waiting served"},
    "Stumbles": {"contract"},
    "Quits": {"contract"},
    "ChoosesOfNone": {"contract"},
    "Unblocks": {"contract"},
    "Indiscreet": {"contract"},
    "Amnesiac": {"contract", "draws eligible pairs"},
    "Sharing": {"contract"},
    "Creeping": {"contract"},
    "Oversleeps": {"draws eligible pairs"},
    "Lazy": {"draws eligible pairs"},
    "Hoards": {"forgets departed users"},
    "LooksAtNoBlocks": {"blocks"},
    "InOrderOfHash": {"determinism"},
    "OwnChance": {"determinism"},
    "OwnClock": {"determinism"},
    "PrefersNames": {"anonymity"},
    "PrefersTheOdd": {"anonymity"},
    "PrefersNamesInCrowds": {"anonymity"},
    "AvoidsThePatient": {"longest-waiting served"},
    "NewestFirst": {"starvation", "longest-waiting served"},
    "Slow": {"cost of an event"},
    "SaysFalse": {"contract"},
    "NoDeadline": {"contract"},
    "TakesOut": {"contract"},
    "Rebinds": {"contract"},
    "Empties": {"contract"},
    "CallsBack": {"contract"},
    "NamesNobody": {"contract"},
    "DrawsTwice": {"contract"},
    "ForgetsUpdates": {"contract", "draws eligible pairs"},
    "ForgetsUnblocked": {"draws eligible pairs"},
    "PairsMentorsWithThemselves": {"contract"},
}
"""Policy → the checks that fail."""


@cache
def found(name: str, check: str) -> Finding:
    """What one check finds in a policy."""
    (wanted,) = (each for each in CHECKS if each.name == check)
    return checked(wanted, Subject(getattr(bad_policies, name), Claims(), EFFORT))


@pytest.mark.parametrize(
    ("name", "check"), [(name, check) for name, checks in FOUND_BY.items() for check in sorted(checks)]
)
def test_a_planted_fault_is_found_by_its_check(name: str, check: str) -> None:
    assert found(name, check).verdict is Verdict.FAILED
    assert found(name, check).detail


def test_every_bad_policy_is_in_the_table() -> None:
    kinds = {name for name, kind in vars(bad_policies).items() if isinstance(kind, type)}
    made_of_the_sound_one = {name for name in kinds if issubclass(getattr(bad_policies, name), bad_policies.Sound)}
    assert made_of_the_sound_one == {"Sound", "AlmostByLot", "Talks", "Mentors", "Childless", *FOUND_BY}


# Not exactly so many: where Hypothesis begins depends on its version and on the modules that are there.
@pytest.mark.parametrize(
    ("name", "check", "events"),
    [
        ("Indiscreet", "contract", 4),
        ("LooksAtNoBlocks", "blocks", 7),
        ("Oversleeps", "draws eligible pairs", 4),
        ("Lazy", "draws eligible pairs", 7),
        ("Creeping", "contract", 3),
    ],
)
def test_the_story_is_short(name: str, check: str, events: int) -> None:
    assert 0 < len(found(name, check).story) <= events


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("Stumbles", "contract"),
        ("Indiscreet", "contract"),
        ("Amnesiac", "contract"),
        ("Creeping", "contract"),
        ("Oversleeps", "draws eligible pairs"),
        ("LooksAtNoBlocks", "blocks"),
    ],
)
def test_the_ready_test_fails_for_the_reason_that_is_told(name: str, check: str) -> None:
    scope: dict[str, Any] = {}
    exec(found(name, check).test, scope)
    (written,) = (value for key, value in scope.items() if key.startswith("test_"))
    with pytest.raises(AssertionError) as raised:
        written()
    assert str(raised.value).startswith(found(name, check).detail)


CLAIMED = {
    "no repeats": Claims(never_repeats=True),
    "first come": Claims(first_come_first_served=True),
    "maximum waiting": Claims(most_waiting=1),
    "equal chances": Claims(equal_chances=True),
}
"""Claims that are not so: the last, of a policy that comes close."""


@pytest.mark.parametrize("check", CLAIMED)
def test_a_false_claim_is_found(check: str) -> None:
    (wanted,) = (each for each in CHECKS if each.name == check)
    policy = bad_policies.AlmostByLot if check == "equal chances" else bad_policies.Sound
    assert checked(wanted, Subject(policy, CLAIMED[check], EFFORT)).verdict is Verdict.FAILED


@pytest.mark.parametrize("check", [check for check in CHECKS if check.claim], ids=lambda check: check.name)
def test_a_check_of_what_is_not_claimed_is_not_asked_and_says_so(check: Check) -> None:
    nothing = Claims(False, False, False, False, False)
    finding = checked(check, Subject(bad_policies.NewestFirst, nothing))
    assert (finding.verdict, finding.detail) == (Verdict.NOT_ASKED, f"not claimed: {check.claim}")


def test_after_failed_determinism_the_other_checks_are_not_asked() -> None:
    first, *rest = findings(Subject(bad_policies.OwnChance, Claims(), EFFORT))
    assert first.verdict is Verdict.FAILED
    assert {finding.verdict for finding in rest} == {Verdict.NOT_ASKED}
    assert len(rest) == len(CHECKS) - 1


def test_a_policy_that_cannot_be_imported_is_checked_as_far_as_possible() -> None:
    class Local(bad_policies.Sound):
        pass

    told = {finding.name: finding for finding in findings(Subject(Local, Claims(), QUICK))}
    assert {finding.verdict for finding in told.values()} == {Verdict.OK, Verdict.NOT_ASKED}
    assert "in this process only" in told["determinism"].detail
    assert "cannot be pickled" in told["forgets departed users"].detail


def test_a_failure_after_a_broken_contract_says_nothing_about_the_rest() -> None:
    (cost,) = (check for check in CHECKS if check.claim == "constant_cost")
    assert checked(cost, Subject(bad_policies.DrawsOneself), sound=True).verdict is Verdict.FAILED
    assert checked(cost, Subject(bad_policies.DrawsOneself), sound=False).verdict is Verdict.NOT_ASKED


BROKEN = {
    "SaysFalse": "drew False, which is no pair",
    "NoDeadline": "returned the deadline None, which is no number of seconds",
    "TakesOut": "raised KeyError(",
    "Rebinds": "users in its pool, or another pool, where",
    "Empties": "has 0 users in its pool, or another pool, where",
    "CallsBack": "raised CallsOverlap(",
    "NamesNobody": "which is no pair",
    "DrawsTwice": "who are not two of the pool",
    "DrawsOneself": "who are not two of the pool",
    "Stumbles": "raised ValueError(",
    "ChoosesOfNone": "called choose(0), which has no alternatives",
    "PairsMentorsWithThemselves": "who are not two of the pool",
}
"""What is said of policies that break the contract."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_policy_is_reported_in_words_of_the_roulette_with_its_history(name: str) -> None:
    finding, kind = found(name, "contract"), getattr(bad_policies, name)
    proved = explore(kind, 4, 8).counterexample
    assert proved is not None
    for flaw, story in ((finding.detail, finding.story), (proved.flaw, proved.steps)):
        assert flaw.startswith("the policy ")
        assert BROKEN[name] in flaw
        assert 2 <= len(story) <= 8


def test_a_sound_bipartite_policy_passes_every_check_and_the_proof() -> None:
    told = {finding.name: finding for finding in findings(Subject(bad_policies.Mentors, Claims(), EFFORT))}
    assert {finding.verdict for finding in told.values()} == {Verdict.OK, Verdict.NOT_ASKED}
    assert {name for name, finding in told.items() if finding.verdict is Verdict.NOT_ASKED} == {
        "no repeats",
        "first come",
        "equal chances",
        "maximum waiting",
    }
    assert "in 8,000 draws" in told["longest-waiting served"].detail
    proved = explore(bad_policies.Mentors, 3, 7)
    assert (proved.counterexample, proved.covered) == (None, Covered.DEPTH)
    assert proved.pairings > 100


def test_where_no_users_are_ever_paired_nothing_was_checked() -> None:
    told = [*findings(Subject(bad_policies.Childless, Claims(), QUICK))]
    assert {finding.verdict for finding in told} == {Verdict.NOT_ASKED}
    assert sum(finding.detail == NEVER_PAIRED for finding in told) == 10
    proved = explore(bad_policies.Childless, 3, 5)
    assert (proved.counterexample, proved.pairings) == (None, 0)
    assert {result.verdict for result in invariant_results(proved)} == {Verdict.NOT_ASKED}
