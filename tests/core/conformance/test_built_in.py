"""Every built-in policy passes the kit for custom policies."""

import re
from dataclasses import asdict

import pytest

from roulette_core import make_policy
from roulette_core.testing import BUILT_IN
from roulette_core.testing.conformance import Effort, claims_of, policy_test
from roulette_core.testing.conformance.policy_tests import PolicyTests

QUICK = Effort(examples=40, states=120, draws=4_000)


def built_in(policy: str) -> type[PolicyTests]:
    return policy_test(policy, QUICK, **asdict(claims_of(make_policy(policy))))


# pytest collects the classes that it finds in the module. Other parameters repeat what the first ones hold.
for facts in BUILT_IN.values():
    for form in facts.forms:
        tests = built_in(form) if form == facts.forms[0] else pytest.mark.nightly(built_in(form))
        globals()["Test" + re.sub(r"\W+", "_", form.title())] = tests


def test_an_unknown_claim_is_refused() -> None:
    with pytest.raises(TypeError, match="unfair"):
        policy_test("no-repeat", unfair=True)
