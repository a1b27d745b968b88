import math

import pytest

from roulette_core import BrokenPolicy, Policy, User
from roulette_core.policies import Choose
from roulette_core.testing.conformance.crowd import tally


class Zeno(Policy):
    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return None

    def deadline(self, now: float) -> float:
        return math.nextafter(now, math.inf)


def test_a_policy_whose_deadlines_never_end_is_given_up() -> None:
    with pytest.raises(BrokenPolicy, match="they never end"):
        tally(Zeno(), range(5), seed=0, draws=10)
