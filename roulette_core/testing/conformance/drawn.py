"""What a policy has drawn, for checks that stand between the policy and the roulette."""

from typing import Any

from roulette_core.policies import Pair


def drawn_pairs(answer: Any) -> list[Pair]:
    """Returns the pairs of an answer of ``draw``; what is no pair is left to the roulette, which says so."""
    several = answer if isinstance(answer, list) else [answer]
    return [each for each in several if type(each) is tuple and len(each) == 2]
