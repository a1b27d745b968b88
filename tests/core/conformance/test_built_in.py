"""Every built-in policy passes through the door that is there for policies of one's own."""

from roulette_core import make_policy
from roulette_core.testing.conformance import Effort, claims_of, policy_test
from roulette_core.testing.conformance.policy_tests import PolicyTests

QUICK = Effort(examples=40, states=120, draws=4_000)


def built_in(policy: str) -> type[PolicyTests]:
    return policy_test(policy, claims_of(make_policy(policy)), QUICK)


TestNoRepeat = built_in("no-repeat")
TestUniform = built_in("uniform")
TestUniformOfTwo = built_in("uniform:minimum=2")
TestFresh = built_in("fresh:memory=2,patience=7")
TestWaves = built_in("waves:every=4")
TestInterests = built_in("interests:patience=6")
