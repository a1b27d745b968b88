"""``roulette sim``: simulates users, or replays a recorded session, under one or more policies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from roulette_cli.durations import read_duration
from roulette_cli.errors import BadUsage, CommandError, reason
from roulette_cli.interrupts import Interruption, stop_requested
from roulette_cli.option_groups import grouped, option
from roulette_cli.output import JsonFile, console, publish, require_json_file
from roulette_cli.policies import policy_errors, require_policy
from roulette_cli.progress import Advance, NoProgress, Track, progress_bar
from roulette_cli.sim_worlds import World, find_world

if TYPE_CHECKING:
    from sim.population import Scenario
    from sim.replications import Experiment
    from sim.results import Results, Run, Setting

MOST_RUNS = 10_000
MOST_JOBS = 1024


@dataclass(frozen=True, kw_only=True)
class SimOptions:
    """Who is simulated, for how long, under which policies, and in which world; or what is replayed instead."""

    users: int | None = option(None, "Initial number of users; default 1000, or the scenario file's.", "N")
    duration: str | None = option(None, "Simulated time: 90s, 10m, 1h30m …; default 1h, wire 10m, tcp 1m.", "TIME")
    policy: list[str] | None = option(
        None, "Pairing policy: v1, v2, uniform:minimum=5 …; repeatable; default v1 and v2.", "P"
    )
    runs: int | None = option(None, "Number of independent runs; default 10, wire 3, tcp 1.", "N")
    seed: int | None = option(None, "Random seed; default 0.", "S")
    scenario: str | None = option(None, "Scenario: closed, mixed or a TOML file; default mixed.", "NAME")
    warmup: str | None = option(
        None, "Simulated time before measuring begins; by default the scenario's, tcp 0s.", "TIME"
    )
    world: str | None = option(
        None, "World: core (default, no I/O), wire (simulated network) or tcp (real sockets).", "NAME"
    )
    engine: str | None = option(
        None, "For core: the reference (core), the fast one (kernel), or it where it can (auto, default).", "NAME"
    )
    jobs: int | None = option(None, "Number of processes; default one per core. Changes no figure.", "N")
    faults: str | None = option(None, "For wire: faults of the network: none, delays, mild (default) or rough.", "NAME")
    connect: str | None = option(
        None, "For tcp: a running server on this machine; by default, one is started.", "HOST:PORT"
    )
    speed: float | None = option(
        None, "For tcp: speed-up of the simulated users; server timeouts stay in real time.", "N"
    )
    replay: str | None = option(
        None, "Replay a recording of roulette serve --record, by default under its policy; - for stdin.", "FILE"
    )


@grouped
def sim(options: Annotated[SimOptions, "Options"], json_file: JsonFile = None, no_progress: NoProgress = False) -> int:
    """Simulate users and compare pairing policies.

    The same options and seed give the same figures, except in the tcp world. Exit status 1 if a self-check fails.
    """
    from sim.compiled import notice
    from sim.report import render_results, results_to_json

    _refuse_nonsense(options)
    place = find_world(options.world, options.faults, options.connect, options.speed, options.engine, options.policy)
    for specification in options.policy or ():
        require_policy(specification)
    require_json_file(json_file)
    experiment = None if options.replay is not None else _experiment(options, place)
    if notice():
        print(notice(), file=sys.stderr)
    with progress_bar(enabled=not no_progress) as track, stop_requested() as stop:
        if experiment is None:
            results = _replay(options.replay or "", options.policy, track, stop)
        else:
            results = _simulate(experiment, _jobs(options, place), track, stop)
    publish(lambda: render_results(results, console()), results_to_json(results), json_file, stop.happened)
    return stop.status or (0 if results.ok else 1)


def _refuse_nonsense(options: SimOptions) -> None:
    from sim.population import MOST_USERS

    for name, value in vars(options).items():
        if options.replay is not None and value is not None and name not in ("replay", "policy"):
            raise BadUsage(f"--{name} cannot be combined with --replay", "leave it out: the recording determines it")
    if options.users is not None and not 1 <= options.users <= MOST_USERS:
        raise BadUsage(f"--users must be from 1 to {MOST_USERS:,}, not {options.users}", "try --users 1000")
    if options.seed is not None and options.seed < 0:
        raise BadUsage(f"--seed must be 0 or more, not {options.seed}", "try --seed 0")
    if options.runs is not None and not 1 <= options.runs <= MOST_RUNS:
        raise BadUsage(f"--runs must be from 1 to {MOST_RUNS:,}, not {options.runs}", "try --runs 10")
    if options.jobs is not None and not 1 <= options.jobs <= MOST_JOBS:
        raise BadUsage(f"--jobs must be from 1 to {MOST_JOBS:,}, not {options.jobs}", "try --jobs 1")


def _jobs(options: SimOptions, place: World) -> int:
    import os

    if not place.in_real_time:
        return options.jobs or os.cpu_count() or 1
    if options.jobs not in (None, 1):
        raise BadUsage("--jobs cannot be combined with --world tcp", "leave it out: runs in real time come in turn")
    return 1


def _experiment(options: SimOptions, place: World) -> Experiment:
    """Returns what is to be run. Raises ``BadUsage``."""
    from sim.population import ScenarioError, load
    from sim.replications import Experiment

    _jobs(options, place)
    try:
        scenario = load("mixed" if options.scenario is None else options.scenario, options.users)
    except ScenarioError as error:
        raise BadUsage(error.message, error.hint) from error
    policies = tuple(options.policy or place.policies)
    if options.engine == "kernel":
        _require_known_to_kernel(scenario, policies)
    return Experiment(place.simulate, policies, scenario, _setting(options, place, scenario))


def _require_known_to_kernel(scenario: Scenario, policies: tuple[str, ...]) -> None:
    from sim.kernel import unknown

    for policy in policies:
        why = unknown(scenario, policy)
        if why is not None:
            raise BadUsage(f"the kernel cannot run this: {why}", "leave out --engine: the core runs everything")


def _setting(options: SimOptions, place: World, scenario: Scenario) -> Setting:
    from sim.results import Setting

    warmup = 0.0 if place.in_real_time else None
    return Setting.of(
        scenario,
        place.runs if options.runs is None else options.runs,
        options.seed or 0,
        float(read_duration(place.duration if options.duration is None else options.duration)),
        warmup if options.warmup is None else float(read_duration(options.warmup, least=0)),
        world=place.name,
        faults=place.faults,
        speed=place.speed,
        has_theory=place.has_theory,
    )


def _simulate(experiment: Experiment, jobs: int, track: Track, stop: Interruption) -> Results:
    from roulette_core.testing.processes import ChildFailed
    from sim.replications import replicate

    progress = _stopping(track(_label(experiment), experiment.total_seconds), stop)
    try:
        return replicate(experiment, jobs, progress, guard=policy_errors)
    except ChildFailed as error:
        raise CommandError(str(error), "try fewer --users, or --jobs 1") from error


def _label(experiment: Experiment) -> str:
    policies = experiment.policies
    return policies[0] if len(policies) == 1 else f"{len(policies)} policies"


def _stopping(advance: Advance, stop: Interruption) -> Callable[[float], bool]:
    """Returns a callback of a simulation that shows its progress, and ends it once that is requested."""

    def progress(now: float) -> bool:
        advance(now)
        return stop.happened

    return progress


def _replay(path: str, policies: list[str] | None, track: Track, stop: Interruption) -> Results:
    from roulette_core import BadRecording
    from sim.population import open_recording
    from sim.results import PolicyRuns, Results, Setting
    from sim.run import ForeignPolicy, replay

    hint = "name a file that roulette serve --record wrote, as it was written"
    runs: list[Run] = []
    try:
        with open_recording(path) as recording:
            seed = recording.header.seed
            for policy in policies or (None,):
                with policy_errors(policy or f"recorded in {path}"):
                    runs.append(replay(recording, policy, _stopping(track(policy or path, None), stop)))
                if stop.happened:
                    break
            unreadable = recording.unreadable
    except ForeignPolicy as error:
        hint = "if you know and trust that policy, name it: --policy module:Class"
        raise BadUsage(f"cannot replay {path!r}: {error}", hint) from error
    except BadRecording as error:
        raise BadUsage(f"cannot replay {path!r}: {error}", hint) from error
    except OSError as error:
        raise BadUsage(f"cannot read {path!r}: {reason(error)}", hint) from error
    _report_skipped(path, unreadable, runs[0].skipped)
    setting = Setting("replay", runs[0].figures.users, 1, seed, runs[0].figures.seconds, replay=True)
    return Results(setting, tuple(PolicyRuns(run.policy, (run,)) for run in runs))


def _report_skipped(recording: str, unreadable: int, impossible: int) -> None:
    for count, trouble in ((unreadable, "cannot be read"), (impossible, "cannot have happened")):
        if count:
            what = "1 line that" if count == 1 else f"{count:,} lines that"
            print(f"skipped {what} {trouble} in {recording!r}", file=sys.stderr)
