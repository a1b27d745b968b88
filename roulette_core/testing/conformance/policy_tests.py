"""The checks of a policy as tests for pytest: override one factory, or call ``policy_test``."""

from typing import Any, ClassVar

import pytest

from roulette_core.policies import Policy
from roulette_core.testing.claims import Claims
from roulette_core.testing.conformance.checking import checked
from roulette_core.testing.conformance.checks import CHECKS, Check
from roulette_core.testing.conformance.pairings import NEVER_PAIRED, pairs_any
from roulette_core.testing.conformance.subject import Effort, Subject
from roulette_core.testing.exploring import Maker, made
from roulette_core.testing.verdict import Verdict


class PolicyTests:
    """Tests of a policy: subclass under a name that begins with ``Test``, and override ``make``.

    Attributes:
        claims: the claims of the policy; checks of other claims are skipped.
        effort: how hard to try.
    """

    claims: ClassVar[Claims] = Claims()
    effort: ClassVar[Effort] = Effort()

    def make(self) -> Policy:
        """Makes a new policy."""
        raise NotImplementedError("override make(), or use policy_test")

    def test_users_are_paired(self) -> None:
        """Fails if no users are ever paired, since then all checks are about nothing."""
        assert pairs_any(self.make), NEVER_PAIRED

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name.replace(" ", "_"))
    def test_policy(self, check: Check) -> None:
        """Runs one check."""
        finding = checked(check, Subject(self.make, self.claims, self.effort))
        if finding.verdict is Verdict.NOT_ASKED:
            pytest.skip(finding.detail)
        if finding.verdict is Verdict.FAILED:
            pytest.fail(finding.text(), pytrace=False)


def policy_test(policy: Maker, effort: Effort | None = None, **claims: Any) -> type[PolicyTests]:
    """Returns tests for a policy, to be bound to a name that begins with ``Test``.

    Args:
        policy: its class, a specification, or a function that returns a new policy each time.
        effort: how hard to try.
        claims: attributes of ``Claims`` that differ from the defaults.

    Raises:
        TypeError: there is no such claim.
    """
    claimed = Claims(**claims)

    class Tests(PolicyTests):
        def make(self) -> Policy:
            return made(policy)

    Tests.claims = claimed
    Tests.effort = effort or Effort()
    return Tests
