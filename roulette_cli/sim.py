"""``roulette sim``: simulates users, or replays a recorded session, under one or more policies."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from roulette_cli.durations import read_duration
from roulette_cli.errors import BadUsage, reason
from roulette_cli.interrupts import Interruption, stop_requested
from roulette_cli.option_groups import grouped, option
from roulette_cli.output import JsonFile, console, publish, require_json_file
from roulette_cli.policies import policy_errors, require_policy
from roulette_cli.progress import Advance, NoProgress, Track, progress_bar
from roulette_cli.sim_worlds import World, find_world

if TYPE_CHECKING:
    from sim.engine import Progress
    from sim.measure import Summary
    from sim.run import Replayed


@dataclass(frozen=True, kw_only=True)
class SimOptions:
    """Who is simulated, for how long, under which policies, and in which world; or what is replayed instead."""

    users: int | None = option(None, "Initial number of users; default 1000, or the scenario file's.", "N")
    duration: str | None = option(None, "Simulated time: 90s, 10m, 1h30m …; default 1h, wire 10m, tcp 1m.", "TIME")
    policy: list[str] | None = option(
        None, "Pairing policy: v1, v2, uniform:minimum=5 …; repeatable; default v1 and v2.", "P"
    )
    seed: int | None = option(None, "Random seed; default 0.", "S")
    scenario: str | None = option(None, "Scenario: closed, mixed or a TOML file; default mixed.", "NAME")
    world: str | None = option(
        None, "World: core (default, no I/O), wire (simulated network) or tcp (real sockets).", "NAME"
    )
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
    from sim.report import render, to_json

    _refuse_nonsense(options)
    place = find_world(options.world, options.faults, options.connect, options.speed, options.policy)
    seconds = read_duration(place.duration if options.duration is None else options.duration)
    for specification in options.policy or ():
        require_policy(specification)
    require_json_file(json_file)
    with progress_bar(enabled=not no_progress) as track, stop_requested() as stop:
        if options.replay is None:
            summaries = _simulate(options, place, seconds, track, stop)
        else:
            summaries = _replay(options.replay, options.policy, track, stop)
    publish(lambda: render(summaries, console()), to_json(summaries), json_file, stop.happened)
    return stop.status or (0 if all(summary.ok for summary in summaries) else 1)


def _refuse_nonsense(options: SimOptions) -> None:
    from sim.population import MOST_USERS

    for name, value in vars(options).items():
        if options.replay is not None and value is not None and name not in ("replay", "policy"):
            raise BadUsage(f"--{name} cannot be combined with --replay", "leave it out: the recording determines it")
    if options.users is not None and not 1 <= options.users <= MOST_USERS:
        raise BadUsage(f"--users must be from 1 to {MOST_USERS:,}, not {options.users}", "try --users 1000")
    if options.seed is not None and options.seed < 0:
        raise BadUsage(f"--seed must be 0 or more, not {options.seed}", "try --seed 0")


def _simulate(options: SimOptions, place: World, seconds: int, track: Track, stop: Interruption) -> list[Summary]:
    from sim.population import ScenarioError, load

    try:
        scenario = load("mixed" if options.scenario is None else options.scenario, options.users)
    except ScenarioError as error:
        raise BadUsage(error.message, error.hint) from error
    summaries = []
    for policy in options.policy or place.policies:
        with policy_errors(policy):
            progress = _stopping(track(policy, seconds), stop)
            summaries.append(place.simulate(policy, scenario, options.seed or 0, seconds, progress=progress))
        if stop.happened:
            break
    return summaries


def _stopping(advance: Advance, stop: Interruption) -> Progress:
    """Returns a callback of a simulation that shows its progress, and ends it once that is requested."""

    def progress(now: float) -> bool:
        advance(now)
        return stop.happened

    return progress


def _replay(path: str, policies: list[str] | None, track: Track, stop: Interruption) -> list[Summary]:
    from roulette_core import BadRecording
    from sim.population import open_recording
    from sim.run import ForeignPolicy, replay

    hint = "name a file that roulette serve --record wrote, as it was written"
    try:
        with open_recording(path) as recording:
            replays = []
            for policy in policies or (None,):
                with policy_errors(policy or f"recorded in {path}"):
                    replays.append(replay(recording, policy, _stopping(track(policy or path, None), stop)))
                if stop.happened:
                    break
    except ForeignPolicy as error:
        hint = "if you know and trust that policy, name it: --policy module:Class"
        raise BadUsage(f"cannot replay {path!r}: {error}", hint) from error
    except BadRecording as error:
        raise BadUsage(f"cannot replay {path!r}: {error}", hint) from error
    except OSError as error:
        raise BadUsage(f"cannot read {path!r}: {reason(error)}", hint) from error
    _report_skipped(path, replays[0])
    return [replayed.summary for replayed in replays]


def _report_skipped(recording: str, replayed: Replayed) -> None:
    for count, trouble in ((replayed.unreadable, "cannot be read"), (replayed.impossible, "cannot have happened")):
        if count:
            what = "1 line that" if count == 1 else f"{count:,} lines that"
            print(f"skipped {what} {trouble} in {recording!r}", file=sys.stderr)
