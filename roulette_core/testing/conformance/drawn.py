"""Watches what a policy draws, for checks that stand between the policy and the roulette."""

from collections.abc import Callable
from typing import Any

from roulette_core.events import User
from roulette_core.policies import Choose, Drawn, Pair, Policy
from roulette_core.testing.clocks import waiting_times


def watch_draws(policy: Policy, note: Callable[[Pair, dict[User, float]], object]) -> None:
    """Lets ``note`` know of each pair from now on: who was drawn, and who was searching and since when, in seconds.

    The pool is that from which the pair was drawn, without the pairs that the same draw has named before.
    """
    draw = policy.draw

    def watched(now: float, choose: Choose) -> Drawn:
        pool = waiting_times(policy)
        answer = draw(now, choose)
        for pair in drawn_pairs(answer):
            note(pair, dict(pool))
            for user in pair:
                pool.pop(user, None)
        return answer

    vars(policy)["draw"] = watched


def drawn_pairs(answer: Any) -> list[Pair]:
    """Returns the pairs of an answer of ``draw``; what is no pair is left to the roulette, which says so."""
    several = answer if isinstance(answer, list) else [answer]
    return [each for each in several if type(each) is tuple and len(each) == 2]
