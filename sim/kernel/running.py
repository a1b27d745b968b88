"""Runs a scenario on the kernel, and says which ones it can run."""

from collections.abc import Sequence

import numpy as np

from roulette_core import make_policy
from sim.engine import Progress
from sim.kernel.closed import ClosedSeats
from sim.kernel.engine import run_loop
from sim.kernel.habits import Habits, UnknownHabit
from sim.kernel.personas import PersonaSeats
from sim.kernel.policies import seat_policy
from sim.kernel.population import SeatPopulation
from sim.kernel.roulette import SeatRoulette
from sim.population import ClosedModel, Persona, Scenario
from sim.rows import Rows


def unknown(scenario: Scenario, policy: str) -> str | None:
    """Returns why the kernel cannot run a scenario under a policy, as a clause; None if it can.

    Raises:
        BadPolicy: the policy's specification is invalid.
    """
    if seat_policy(policy, 0) is None:
        return f"{make_policy(policy).specification} is not built in"
    return None if isinstance(scenario, ClosedModel) else _unknown_habit(scenario.personas)


def run(
    scenario: Scenario,
    policy: str,
    seed_for_policy: int,
    seed_for_users: np.random.SeedSequence,
    until: float,
    rows: Rows,
    progress: Progress | None = None,
) -> float:
    """Runs a scenario that is not ``unknown``; the rows are those of a run of ``sim.engine`` on ``roulette_core``.

    Args:
        scenario: who the users are.
        policy: the specification of a built-in policy.
        seed_for_policy: of the policy's random choices, as ``roulette_core.Roulette`` takes it.
        seed_for_users: as ``scenario.population`` takes it: a fresh one, nothing spawned.
        until: the end, in seconds. What is due at the end still happens.
        rows: where they are written. The last block is not handed on: see ``Rows.flush``.
        progress: called now and then with the time reached, in seconds; returns true to end the run there.

    Returns:
        The time at which the run ended, in seconds.
    """
    seats = seat_policy(policy, seed_for_policy)
    assert seats is not None, "callers ask for what is unknown first"
    population = _seated(scenario, seed_for_users)
    return run_loop(SeatRoulette(seats, rows, population.users), population, until, progress)


def _seated(scenario: Scenario, seed: np.random.SeedSequence) -> SeatPopulation:
    """Returns the users of a scenario, ready to run once."""
    if isinstance(scenario, ClosedModel):
        return ClosedSeats(scenario.users, scenario.mean_chat_seconds, seed)
    return PersonaSeats(scenario.personas, scenario.users, scenario.arrivals_factor, seed)


def _unknown_habit(personas: Sequence[Persona]) -> str | None:
    try:
        Habits(personas)
    except UnknownHabit as error:
        return str(error)
    return None
