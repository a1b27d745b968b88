"""The report of a campaign: a golden file, that it fits a terminal, and what a campaign has failed at."""

import os
from collections import Counter
from pathlib import Path

from roulette_core.testing import Verdict
from sim.swarm import ENOUGH, GROUPS, Failure, Fixed, Outcome, SwarmCampaign, campaign_data, campaign_lines

GOLDEN = Path(__file__).with_name("report.golden.txt")


def campaign(**more):
    counts = Counter()
    for group, names in GROUPS.items():
        counts.update({(group, name): 7 ** (number % 8) for number, name in enumerate(names)})
    return SwarmCampaign(Fixed(), counts=counts, simulated_seconds=360_000.0, wall_seconds=125.0, **more)


def failed():
    story = (
        "   0.500 s  ada connects",
        "   1.250 s  ada says 'a long line that has to be told of on two lines as one is not enough for it'",
    )
    case = Fixed(users=1, faults=(), policy="my_policies:Mine").case(4711)
    return Outcome(case, Failure("order_is_kept", "ada heard 'b' of bob before 'a'", 1.25, story), Counter(), 3.0)


def test_the_report_looks_as_it_did():
    """After a wanted change, let it be written anew: ``WRITE_GOLDEN=1 pytest tests/sim/swarm/test_report.py``."""
    told = campaign(cases=ENOUGH, failures=[failed()])
    del told.counts["endings", "banned"]
    text = "".join(f"{line}\n" for line in campaign_lines(told))
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_the_report_fits_a_terminal_but_for_the_command():
    lines = list(campaign_lines(campaign(cases=ENOUGH, failures=[failed()] * 7)))
    assert max(len(line) for line in lines if "roulette swarm" not in line) <= 80
    assert lines[-1] == "2 more failures; --json shows them."


def test_what_has_never_happened_is_marked():
    told = campaign(cases=ENOUGH - 1)
    del told.counts["endings", "banned"]
    assert "  banned                    never" in "\n".join(campaign_lines(told))
    told.cases += 1
    assert "  banned                    NEVER" in "\n".join(campaign_lines(told))


def verdicts(told: SwarmCampaign) -> list[Verdict]:
    return [result.verdict for result in told.results()]


def test_that_everything_happened_is_not_asked_of_few_cases_and_of_fixed_ones():
    assert verdicts(campaign(cases=ENOUGH)) == [Verdict.OK, Verdict.OK]
    assert verdicts(campaign(cases=ENOUGH - 1)) == [Verdict.OK, Verdict.NOT_ASKED]
    fixed = campaign(cases=ENOUGH)
    fixed.fixed = Fixed(users=3)
    assert verdicts(fixed) == [Verdict.OK, Verdict.NOT_ASKED]
    assert fixed.results()[1].detail == "parts of the cases are fixed"


def test_a_campaign_fails_if_a_case_fails_or_something_never_happened():
    missing = campaign(cases=ENOUGH)
    del missing.counts["endings", "banned"]
    assert (verdicts(missing), missing.ok) == ([Verdict.OK, Verdict.FAILED], False)
    assert missing.results()[1].detail == "never: endings: banned"
    assert campaign_data(missing)["verdict"] == "failed"
    assert verdicts(campaign(cases=7, failures=[failed()])) == [Verdict.FAILED, Verdict.NOT_ASKED]


def test_invariants_that_a_fixed_policy_is_not_asked_to_keep_are_named():
    told = campaign(cases=7)
    told.fixed = Fixed(policy="uniform")
    assert [result.name for result in told.results()[2:]] == ["no_partner_twice_running"]
    assert "  not asked    no partner twice running (not a promise of uniform)" in campaign_lines(told)


def test_a_campaign_without_cases_is_not_reported_ok():
    told = campaign(cases=0)
    assert (campaign_data(told)["verdict"], verdicts(told)[0], told.ok) == ("not asked", Verdict.NOT_ASKED, True)
