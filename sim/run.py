"""One run from beginning to end: a scenario or a recording under a policy, on an engine, measured and judged.

Whatever makes a run writes rows (``sim.rows``), and the same sinks read them: the tally measures, the watcher watches.
The kernel is the fast engine; the core is the reference, which runs all that the kernel does not know.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from roulette_core import (
    BadPolicy,
    BadRecording,
    Effect,
    Event,
    Policy,
    Refused,
    Roulette,
    make_built_in,
    make_policy,
)
from roulette_core.testing import Checker
from sim import engine, kernel
from sim.engine import EventCallback, Progress
from sim.judgement import judge_again
from sim.measure import SOUND, Tally, close, watcher_of, watcher_results
from sim.population import ClosedModel, Recording, Replay, Scenario, ScenarioPopulation, cast
from sim.results import Run
from sim.rows import EffectRows, Kept, Rows, Sink
from sim.run_check import FIRST_EVENTS, first_events_agree

AUTO: Final = "auto"
KERNEL: Final = "kernel"
CORE: Final = "core"
ENGINES: Final = (AUTO, KERNEL, CORE)


class UnknownToKernel(Exception):
    """The kernel was asked for, and does not know this policy or scenario; the text says why."""


class Seeds(NamedTuple):
    """The seeds of one run. Policies share those of the users, so that all have the same users in the same run."""

    policy: np.random.SeedSequence
    users: np.random.SeedSequence
    world: np.random.SeedSequence

    @property
    def choices(self) -> int:
        """The seed of the policy's choices, as ``Roulette`` takes it."""
        return int(self.policy.generate_state(1)[0])

    def fresh_users(self) -> np.random.SeedSequence:
        """Returns the seed of the users as it was at first: spawning of one changes it."""
        return np.random.SeedSequence(self.users.entropy, spawn_key=self.users.spawn_key)


def seeds_of(seed: int, run: int) -> Seeds:
    """Returns the seeds of one run of an experiment; runs are numbered from 0."""
    return Seeds(*np.random.SeedSequence(seed, spawn_key=(run,)).spawn(3))


def simulate(
    policy: str,
    scenario: Scenario,
    seed: int,
    run: int,
    duration_seconds: float,
    warmup_seconds: float | None = None,
    engine: str = AUTO,
    progress: Progress | None = None,
) -> Run:
    """Simulates a scenario under a policy. If a policy of one's own has a cast, users play its roles in turn.

    Args:
        policy: its specification.
        scenario: who lives there.
        seed: of the experiment.
        run: which of its runs, from 0.
        duration_seconds: length of the window in which is measured.
        warmup_seconds: what is simulated before that; by default as long as the scenario needs.
        engine: one of ``ENGINES``; by default the kernel wherever it knows policy and scenario.
        progress: called now and then with the time reached, warm-up included; returns true to end the run there.

    Raises:
        BadPolicy: the policy's specification is invalid.
        BrokenPolicy: the policy broke its contract.
        UnknownToKernel: the kernel was asked for and cannot do this run.
    """
    seeds = seeds_of(seed, run)
    like = make_policy(policy)
    warmup = scenario.warmup_seconds if warmup_seconds is None else warmup_seconds
    until = warmup + duration_seconds
    unknown = "the core was asked for" if engine == CORE else kernel.unknown(scenario, policy)
    if engine == KERNEL and unknown is not None:
        raise UnknownToKernel(unknown)
    tally = Tally(scenario.users, len(scenario.kinds), warmup, until)
    if unknown is None:
        return _run_kernel(like, scenario, seeds, tally, until, progress)
    population = cast(scenario.population(seeds.users), like)
    return run_core(Roulette(like, seed=seeds.choices), population, tally, until, progress=progress)


class ForeignPolicy(BadRecording):
    """A recording names a policy that is not built in; data must not say which code to import."""


def replay(recording: Recording, policy: str | None = None, progress: Progress | None = None) -> Run:
    """Replays a recording, with its own seed, on the core.

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
    as_recorded = policy is None or roulette.policy.specification == recorded
    population = Replay(recording, ticking=as_recorded)
    refused = _Refusals()
    tally = Tally(0, 1, population.start)
    made = run_core(
        roulette, population, tally, ticking=not as_recorded, progress=progress, observers=[refused.observe]
    )
    return replace(made, skipped=population.impossible, refused=refused.count)


class _Refusals:
    """Counts refusals."""

    def __init__(self) -> None:
        self.count = 0

    def observe(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Counts those among the effects of an event."""
        self.count += sum(type(effect) is Refused for effect in effects)


def run_core(
    roulette: Roulette,
    population: ScenarioPopulation,
    tally: Tally,
    until: float = math.inf,
    ticking: bool = True,
    progress: Progress | None = None,
    observers: Sequence[EventCallback] = (),
) -> Run:
    """Runs a population on a roulette, measures it and checks the invariants; most arguments are the engine's.

    At the end, the core's own answers are compared with its effects.
    """
    checker = Checker(roulette.policy)
    rows = Rows([tally])
    writer = EffectRows(rows, population.kind_of)
    began = time.perf_counter()
    end = engine.run(roulette, population, until, (writer.observe, checker.check, *observers), ticking, progress)
    rows.flush()
    figures = close(tally, end, population.initial_users)
    wall_seconds = time.perf_counter() - began
    checker.compare(roulette)
    checks = (*checker.results(), *figures.checks)
    return Run(roulette.policy.specification, CORE, figures, checks, wall_seconds)


def _run_kernel(
    policy: Policy, scenario: Scenario, seeds: Seeds, tally: Tally, until: float, progress: Progress | None
) -> Run:
    """Runs a scenario on the kernel. Where that is not plainly sound, the same run is judged on the core."""
    name = policy.specification
    watcher, beginning = watcher_of(policy, scenario.users, _interests(scenario)), Kept(FIRST_EVENTS)

    def play(sinks: Sequence[Sink], until: float, progress: Progress | None = None) -> float:
        rows = Rows(sinks)
        end = kernel.run(scenario, name, seeds.choices, seeds.fresh_users(), until, rows, progress)
        rows.flush()
        return end

    began = time.perf_counter()
    end = play([tally, watcher, beginning], until, progress)
    figures = close(tally, end, scenario.users)
    wall_seconds = time.perf_counter() - began
    core_seeds = (seeds.policy, seeds.users)
    if watcher.unsound == SOUND:
        agrees = first_events_agree(beginning.columns(), name, scenario, core_seeds, end)
        checks = [agrees, *watcher_results(watcher, name)]
    else:
        checks = judge_again(name, scenario, core_seeds, end, lambda sinks: play(sinks, end))
    return Run(name, KERNEL, figures, (*checks, *figures.checks), wall_seconds)


def _interests(scenario: Scenario) -> list[tuple[str, ...]]:
    """Returns the interests of the users of each kind."""
    return [()] if isinstance(scenario, ClosedModel) else [persona.interests for persona in scenario.personas]
