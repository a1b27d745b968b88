"""Runs a scenario or a recording under a policy, and summarises it."""

import time
from typing import NamedTuple

import numpy as np

from roulette_core import BadPolicy, BadRecording, Roulette, make_built_in, make_policy
from roulette_core.testing import Checker, Result
from sim import engine
from sim.engine import Progress
from sim.measure import Setting, Summary, summarise
from sim.population import Recording, Replay, Scenario, cast
from sim.trace import Trace, TraceRecorder


class Observed(NamedTuple):
    """The trace of a run, the verdicts on the invariants, and the wall time in seconds."""

    trace: Trace
    checks: list[Result]
    wall_seconds: float


def simulate(
    policy: str, scenario: Scenario, seed: int, duration_seconds: float, progress: Progress | None = None
) -> Summary:
    """Simulates a scenario under a policy.

    The policy and the users have random streams of their own, so that runs of one scenario and seed under several
    policies have the same users. If a policy of one's own has a cast, users play its roles in turn.

    Raises:
        BadPolicy: the policy's specification is invalid.
        BrokenPolicy: the policy broke its contract.
    """
    for_policy, for_users = np.random.SeedSequence(seed).spawn(2)
    roulette = Roulette(policy, seed=int(for_policy.generate_state(1)[0]))
    name = roulette.policy.specification
    population = cast(scenario.population(for_users), roulette.policy)
    observed = observe(roulette, population, 0.0, duration_seconds, progress=progress)
    setting = Setting(name, scenario.name, scenario.users, seed, scenario.mean_chat_seconds)
    return summarise(observed.trace, setting, observed.checks, observed.wall_seconds)


class Replayed(NamedTuple):
    """A replayed recording, with the numbers of skipped lines: unreadable ones, and events that could not happen."""

    summary: Summary
    unreadable: int
    impossible: int


class ForeignPolicy(BadRecording):
    """A recording names a policy that is not built in; data must not say which code to import."""


def replay(recording: Recording, policy: str | None = None, progress: Progress | None = None) -> Replayed:
    """Replays a recording, with its own seed.

    Under the policy that it was recorded with, exactly the same happens again. Under another, the recorded ticks are
    left out, and those of the other policy take their place.

    Raises:
        OSError: the file cannot be read.
        BadRecording: it holds no events, or (``ForeignPolicy``) names a policy that the caller has to name.
        BadPolicy: the policy's specification, given or recorded, is invalid.
        BrokenPolicy: the policy broke its contract.
    """
    recorded = recording.header.policy
    try:
        chosen = make_built_in(recorded) if policy is None else make_policy(policy)
    except BadPolicy as error:
        if policy is None:
            raise ForeignPolicy(f"its policy, {recorded!r}, is not built in") from error
        raise
    roulette = Roulette(chosen, recording.header.seed)
    name = roulette.policy.specification
    as_recorded = policy is None or name == recorded
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
    """Runs a population on a roulette, records a trace and checks the invariants; the arguments are the engine's.

    At the end, the core's own answers are compared with its effects.
    """
    checker = Checker(roulette.policy.specification)
    recorder = TraceRecorder(checker.ledger.pool)
    began = time.perf_counter()
    end = engine.run(roulette, population, until, (recorder.observe, checker.check), ticking, progress)
    wall_seconds = time.perf_counter() - began
    checker.compare(roulette)
    return Observed(recorder.trace(start, end), checker.results(), wall_seconds)
