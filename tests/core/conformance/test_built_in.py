"""Every built-in policy passes through the door that is there for policies of one's own."""

from dataclasses import asdict

import pytest

from roulette_core import make_policy
from roulette_core.testing.conformance import Effort, claims_of, policy_test
from roulette_core.testing.conformance.policy_tests import PolicyTests

QUICK = Effort(examples=40, states=120, draws=4_000)


def built_in(policy: str) -> type[PolicyTests]:
    return policy_test(policy, QUICK, **asdict(claims_of(make_policy(policy))))


TestNoRepeat = built_in("no-repeat")
TestUniform = built_in("uniform")
TestUniformOfTwo = built_in("uniform:minimum=2")
TestFresh = built_in("fresh:memory=2,patience=7")
TestWaves = built_in("waves:every=4")
TestInterests = built_in("interests:patience=6")


def test_a_claim_that_is_none_is_told_of() -> None:
    with pytest.raises(TypeError, match="unfair"):
        policy_test("no-repeat", unfair=True)
