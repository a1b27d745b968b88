"""One run from beginning to end: a scenario or a recording, under a policy, to a summary."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np

from roulette_core import Roulette
from roulette_core.testing import Checker, Result
from sim import engine
from sim.measure import Setting, Summary, summarise
from sim.population import Recording, Replay, Scenario
from sim.trace import Trace, TraceRecorder

Progress: TypeAlias = Callable[[float], object]
"""Called now and then with the time reached on the virtual clock, in seconds."""


class Observed(NamedTuple):
    """What was seen of a run: its columns, the thirteen invariants, and the wall time it took in seconds."""

    trace: Trace
    checks: list[Result]
    wall_seconds: float


def simulate(
    policy: str, scenario: Scenario, seed: int, duration_seconds: float, progress: Progress | None = None
) -> Summary:
    """Simulates a scenario under a policy.

    Chance comes from the seed by separate ways for the policy and for the users, so that runs of one scenario and
    seed under several policies meet the same users.

    Args:
        policy: the policy's specification.
        scenario: who lives there.
        seed: where all chance starts, at least 0.
        duration_seconds: how long, on the virtual clock.
        progress: told of the time reached.

    Raises:
        BadPolicy: the policy's specification cannot be understood.
        BrokenPolicy: the policy broke its contract.
    """
    for_policy, for_users = np.random.SeedSequence(seed).spawn(2)
    roulette = Roulette(policy, seed=int(for_policy.generate_state(1)[0]))
    name = roulette.policy.specification
    observed = observe(roulette, scenario.population(for_users), 0.0, duration_seconds, progress=progress)
    setting = Setting(name, scenario.name, scenario.users, seed, scenario.mean_chat_seconds)
    return summarise(observed.trace, setting, observed.checks, observed.wall_seconds)


class Replayed(NamedTuple):
    """A replayed recording.

    Attributes:
        summary: the run in numbers.
        unreadable: how many lines were not events and were skipped.
        impossible: how many events could not have happened and were skipped.
    """

    summary: Summary
    unreadable: int
    impossible: int


def replay(path: str | Path, policy: str | None = None, progress: Progress | None = None) -> Replayed:
    """Replays a recording, from its own seed.

    Under the policy that it was recorded with, exactly what was recorded happens again. Under another, the recorded
    ticks mean nothing, and those that the other policy needs are added.

    Args:
        path: the file.
        policy: a policy's specification; by default the recorded one.
        progress: told of the time reached.

    Raises:
        OSError: the file cannot be read.
        BadRecording: it is not a recording, or holds no events.
        BadPolicy: the policy's specification, given or recorded, cannot be understood.
        BrokenPolicy: the policy broke its contract.
    """
    recording = Recording(path)
    roulette = Roulette(recording.header.policy if policy is None else policy, recording.header.seed)
    name = roulette.policy.specification
    as_recorded = policy is None or name == recording.header.policy
    population = Replay(recording, ticking=as_recorded)
    observed = observe(roulette, population, population.start, ticking=not as_recorded, progress=progress)
    setting = Setting(name, "replay", observed.trace.users, recording.header.seed)
    summary = summarise(observed.trace, setting, observed.checks, observed.wall_seconds)
    return Replayed(summary, recording.unreadable, population.impossible)


def observe(
    roulette: Roulette,
    population: engine.Population,
    start: float,
    until: float = float("inf"),
    ticking: bool = True,
    progress: Progress | None = None,
) -> Observed:
    """Runs a population on a roulette with recorder and invariants watching; the arguments are the engine's."""
    checker = Checker(roulette.policy.specification)
    recorder = TraceRecorder(checker.ledger.pool)
    began = time.perf_counter()
    end = engine.run(roulette, population, until, (recorder.observe, checker.check), ticking, progress)
    wall_seconds = time.perf_counter() - began
    return Observed(recorder.trace(start, end), checker.results(), wall_seconds)
