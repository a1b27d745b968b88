"""A policy beside the built-in ones, simulated with the same users and the same chance."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from roulette_core import make_policy
from roulette_core.policies import POLICIES
from sim.measure import Summary
from sim.population import ClosedModel, Scenario, load
from sim.run import simulate
from sim.theory import NotExactError, closed_loop

FEW = 5
"""Number of users that the exact re-pair probability is of."""

FEW_STATES = 40
"""The most states of their chain for which it is calculated: a second's work."""

USERS = 101
"""An odd number, so that in the closed model there is always a user waiting."""

SMALL_TOWN = 200
"""Number of users of the mixed scenario."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One policy among others.

    Attributes:
        runs: one summary for each scenario: the closed model, and a small town where users come and go.
        exact: its exact re-pair probability with ``FEW`` users in the closed model; None if it is not known, or there
            are no pairings in the long run.
    """

    policy: str
    runs: tuple[Summary, ...]
    exact: Fraction | None


def compare(policy: str, seed: int, duration_seconds: float, progress: Callable[[str], object]) -> list[Comparison]:
    """Simulates a policy and the built-in ones; calls ``progress`` with the name of each policy before its runs.

    Raises:
        BrokenPolicy: the policy broke its contract.
    """
    scenarios: tuple[Scenario, ...] = (ClosedModel(USERS), load("mixed", SMALL_TOWN))
    found = []
    for each in dict.fromkeys(make_policy(name).specification for name in (policy, *POLICIES)):
        progress(each)
        runs = tuple(simulate(each, scenario, seed, duration_seconds) for scenario in scenarios)
        found.append(Comparison(each, runs, _exact(each)))
    return found


def _exact(policy: str) -> Fraction | None:
    try:
        return closed_loop(policy, FEW, FEW_STATES).repair
    except NotExactError:
        return None
