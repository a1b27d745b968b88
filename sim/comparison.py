"""A policy beside the built-in ones, simulated with the same users and the same chance."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from roulette_core import make_policy
from roulette_core.policies import POLICIES
from sim.population import ClosedModel, load
from sim.replications import Experiment, replicate
from sim.results import Results, Setting
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

RUNS = 5
"""Enough for an interval, and for a difference that matters; ``roulette sim`` makes more."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A policy and the built-in ones.

    Attributes:
        results: one for each scenario: the closed model, and a small town where users come and go. The policy in
            question comes first.
        exact: for each policy its exact re-pair probability with ``FEW`` users in the closed model; None if it is not
            known, or there are no pairings in the long run.
    """

    results: tuple[Results, ...]
    exact: dict[str, Fraction | None]


def compare(
    policy: str, seed: int, duration_seconds: float, jobs: int, progress: Callable[[str, float, float], bool]
) -> Comparison:
    """Simulates a policy and the built-in ones.

    Args:
        policy: its specification.
        seed: of the runs.
        duration_seconds: how long each is measured.
        jobs: number of processes.
        progress: called with the name of a scenario, the simulated time of all its runs, and that so far; returns true
            to stop.

    Raises:
        BrokenPolicy: the policy broke its contract.
    """
    policies = tuple(dict.fromkeys(make_policy(name).specification for name in (policy, *POLICIES)))
    results = []
    for scenario in (ClosedModel(USERS), load("mixed", SMALL_TOWN)):
        experiment = Experiment(simulate, policies, scenario, Setting.of(scenario, RUNS, seed, duration_seconds))
        results.append(replicate(experiment, jobs, partial(progress, scenario.name, experiment.total_seconds)))
    return Comparison(tuple(results), {each: _exact(each) for each in policies})


def _exact(policy: str) -> Fraction | None:
    try:
        return closed_loop(policy, FEW, FEW_STATES).repair
    except NotExactError:
        return None
