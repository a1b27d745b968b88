"""``roulette sim``: simulates users, or replays a recorded session, under one or more policies."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from roulette_cli.durations import read_duration
from roulette_cli.errors import BadUsage, reason
from roulette_cli.json_file import STDOUT, JsonFile, require_writable, write_json
from roulette_cli.policies import policy_errors, require_policy
from roulette_cli.progress import NoProgress, Track, progress_bar
from roulette_cli.sim_worlds import Simulator, find_world

if TYPE_CHECKING:
    from sim.measure import Summary
    from sim.population import Scenario
    from sim.run import Replayed


def sim(
    users: Annotated[
        int | None,
        typer.Option(help="Initial number of users; default 1000, or the scenario file's.", metavar="N"),
    ] = None,
    duration: Annotated[
        str | None,
        typer.Option(help="Simulated time: 90s, 10m, 1h30m …; default 1h, wire 10m, tcp 1m.", metavar="TIME"),
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Pairing policy: v1, v2, uniform:minimum=5 …; repeatable; default v1 and v2.", metavar="P"),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Random seed; default 0.", metavar="S")] = None,
    scenario: Annotated[
        str | None,
        typer.Option(help="Scenario: closed, mixed or a TOML file; default mixed.", metavar="NAME"),
    ] = None,
    world: Annotated[
        str | None,
        typer.Option(
            help="World: core (default, no I/O), wire (simulated network) or tcp (real sockets).", metavar="NAME"
        ),
    ] = None,
    faults: Annotated[
        str | None,
        typer.Option(help="For wire: faults of the network: none, delays, mild (default) or rough.", metavar="NAME"),
    ] = None,
    connect: Annotated[
        str | None,
        typer.Option(
            help="For tcp: a running server on this machine; by default, one is started.", metavar="HOST:PORT"
        ),
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(help="For tcp: speed-up of the simulated users; server timeouts stay in real time.", metavar="N"),
    ] = None,
    json_file: JsonFile = None,
    no_progress: NoProgress = False,
    recording: Annotated[
        str | None,
        typer.Option(
            "--replay",
            help="Replay a recording of roulette serve --record, by default under its policy.",
            metavar="FILE",
        ),
    ] = None,
) -> int:
    """Simulate users and compare pairing policies.

    The same options and seed give the same figures, except in the tcp world. Exit status 1 if a self-check fails.
    """
    from sim.population import MOST_USERS

    if recording is not None:
        _refuse_beside_replay(users=users, duration=duration, seed=seed, scenario=scenario, world=world, faults=faults)
        _refuse_beside_replay(connect=connect, speed=speed)
    if users is not None and not 1 <= users <= MOST_USERS:
        raise BadUsage(f"--users must be from 1 to {MOST_USERS:,}, not {users}", "try --users 1000")
    if seed is not None and seed < 0:
        raise BadUsage(f"--seed must be 0 or more, not {seed}", "try --seed 0")
    place = find_world(world, faults, connect, speed, policy)
    seconds = read_duration(place.duration if duration is None else duration)
    for specification in policy or ():
        require_policy(specification)
    require_writable(json_file)
    with progress_bar(enabled=not no_progress) as track:
        if recording is not None:
            replays = [_replay(recording, one, track) for one in policy or (None,)]
            _report_skipped(recording, replays[0])
            summaries = [replayed.summary for replayed in replays]
        else:
            people = _load("mixed" if scenario is None else scenario, users)
            policies = policy or place.policies
            summaries = [_simulate(place.simulate, people, one, seed or 0, seconds, track) for one in policies]
    _publish(summaries, json_file)
    return 0 if all(summary.ok for summary in summaries) else 1


def _refuse_beside_replay(**options: object) -> None:
    for option, value in options.items():
        if value is not None:
            raise BadUsage(f"--{option} cannot be combined with --replay", "leave it out: the recording determines it")


def _load(scenario: str, users: int | None) -> Scenario:
    from sim.population import ScenarioError, load

    try:
        return load(scenario, users)
    except ScenarioError as error:
        raise BadUsage(error.message, error.hint) from error


def _simulate(simulate: Simulator, scenario: Scenario, policy: str, seed: int, seconds: int, track: Track) -> Summary:
    with policy_errors(policy):
        return simulate(policy, scenario, seed, seconds, progress=track(policy, seconds))


def _replay(recording: str, policy: str | None, track: Track) -> Replayed:
    from roulette_core import BadRecording
    from sim.run import replay

    hint = "name a file that roulette serve --record wrote"
    try:
        with policy_errors(policy or f"recorded in {recording}"):
            return replay(recording, policy, track(policy or recording, None))
    except BadRecording as error:
        raise BadUsage(f"{recording!r}: {error}", hint) from error
    except OSError as error:
        raise BadUsage(f"cannot read {recording!r}: {reason(error)}", hint) from error


def _report_skipped(recording: str, replayed: Replayed) -> None:
    for count, trouble in ((replayed.unreadable, "cannot be read"), (replayed.impossible, "cannot have happened")):
        if count:
            what = "1 line that" if count == 1 else f"{count:,} lines that"
            print(f"skipped {what} {trouble} in {recording!r}", file=sys.stderr)


def _publish(summaries: list[Summary], json_file: str | None) -> None:
    """Prints the report, unless the figures go to stdout as JSON."""
    from rich.console import Console

    from sim.report import render, to_json

    if json_file != STDOUT:
        render(summaries, Console(file=sys.stdout, highlight=False, markup=False))
    write_json(to_json(summaries), json_file)
