"""Simulations to be timed, each from making the users to the end; every one returns how much it did."""

from collections.abc import Callable
from functools import partial
from random import Random

import numpy as np

from sim import kernel
from sim.population import ClosedModel, Scenario, exponentials, load
from sim.rows import Rows
from sim.rows.codes import KIND, PAIRED
from sim.run import simulate

MEAN_CHAT_SECONDS = 60.0
"""The mean length of a chat, as in ``--scenario closed``."""
SEED = 0


def whole(policy: str, scenario: str, users: int, seconds: float, engine: str, count: str) -> int:
    """Runs what ``roulette sim`` runs, checks and statistics included, without a warm-up.

    Returns:
        How many ``"pairings"`` or ``"events"`` there were, whichever is to be counted.
    """
    done = simulate(policy, _scenario(scenario, users), SEED, 0, seconds, 0.0, engine)
    if not done.ok:
        raise AssertionError(f"a self-check failed: {done.checks}")
    return int(getattr(done.figures, count))


def kernel_alone(policy: str, scenario: str, users: int, seconds: float) -> int:
    """Runs the kernel, in whose rows nothing is looked at but what happened. Returns the number of pairings."""
    counted = _Pairings()
    rows = Rows([counted])
    kernel.run(_scenario(scenario, users), policy, SEED, np.random.SeedSequence(SEED), seconds, rows)
    rows.flush()
    return counted.pairings


def simpy_plain(version: int, users: int, seconds: float) -> int:
    """Runs the model as one writes it first for SimPy. Returns the number of pairings."""
    from benchmarks.suites.simpy_closed import PlainModel, PlainUniform

    random = Random(SEED)
    chat_seconds = partial(random.expovariate, 1 / MEAN_CHAT_SECONDS)
    model = PlainModel(users, chat_seconds) if version == 1 else PlainUniform(users, chat_seconds, random)
    return model.run(seconds)


def simpy_tuned(users: int, seconds: float) -> int:
    """Runs the tuned model for SimPy, version 1. Returns the number of pairings."""
    from benchmarks.suites.simpy_closed import ClosedModel as TunedModel

    return TunedModel(users, exponentials(np.random.SeedSequence(SEED), MEAN_CHAT_SECONDS)).run(seconds)


JOBS: dict[str, Callable[..., int]] = {job.__name__: job for job in (whole, kernel_alone, simpy_plain, simpy_tuned)}
"""All of them, by the name of their function."""


class _Pairings:
    """Counts pairings."""

    pairings = 0

    def take(self, rows: Rows) -> None:
        codes = np.frombuffer(rows.codes, np.int8)[: rows.count]
        self.pairings += int(np.count_nonzero((codes & KIND) == PAIRED))


def _scenario(name: str, users: int) -> Scenario:
    return ClosedModel(users, MEAN_CHAT_SECONDS) if name == "closed" else load(name, users)
