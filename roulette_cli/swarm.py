"""``roulette swarm``: many short runs over faulty networks, each with its own mix of everything that can go wrong."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from roulette_cli.durations import read_duration
from roulette_cli.errors import BadUsage, CommandError
from roulette_cli.json_file import STDOUT, JsonFile, require_writable, write_json
from roulette_cli.option_groups import grouped
from roulette_cli.policies import require_policy
from roulette_cli.progress import NoProgress, Track, progress_bar
from roulette_cli.shown import show

if TYPE_CHECKING:
    from sim.swarm.campaign import SwarmCampaign
    from sim.swarm.command import Fixed

MOST_SEEDS = 10_000_000
MOST_PROCESSES = 1024
MOST_USERS = 1000
MOST_SECONDS = 86_400

SHRINKING_SECONDS = 30.0
"""For how long to look for smaller cases that fail like the first."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """Which cases.

    Attributes:
        seeds: how many.
        first: the seed of the first.
        seed: the seed of the only one.
        budget: after how long no more are begun, as typed.
        processes: how many are run at a time.
        keep_going: whether to go on after a failure.
    """

    seeds: Annotated[
        int | None,
        typer.Option(help="How many cases to run; by default 1000.", metavar="N", min=1, max=MOST_SEEDS),
    ] = None
    first: Annotated[
        int | None, typer.Option("--from", help="The seed of the first; by default 0.", metavar="S", min=0)
    ] = None
    seed: Annotated[int | None, typer.Option(help="Run the case of this seed alone.", metavar="S", min=0)] = None
    budget: Annotated[str | None, typer.Option(help="After how long to begin no more: 60s, 10m …", metavar="TIME")] = (
        None
    )
    processes: Annotated[
        int | None,
        typer.Option(
            help="How many to run at a time; by default one on each core.", metavar="N", min=1, max=MOST_PROCESSES
        ),
    ] = None
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Go on after a failure.")] = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What is the same in all cases, instead of being drawn.

    Attributes:
        policy: who meets whom.
        users: how many users there are.
        seconds: for how long there are faults.
        faults: what befalls connections, as typed; so are the others.
        personas: the kinds of users.
        rude_clients: misbehaving clients beside them.
        limits: what the server is stricter about.
        dialects: how users speak.
    """

    policy: Annotated[str | None, typer.Option(help="Who meets whom: v1, my_module:MyPolicy …", metavar="P")] = None
    users: Annotated[int | None, typer.Option(help="How many users there are.", metavar="N", min=1, max=MOST_USERS)] = (
        None
    )
    seconds: Annotated[
        int | None,
        typer.Option(help="For how many virtual seconds there are faults.", metavar="N", min=1, max=MOST_SECONDS),
    ] = None
    faults: Annotated[
        str | None, typer.Option(help="What befalls connections: latency,resets … or none.", metavar="NAMES")
    ] = None
    personas: Annotated[str | None, typer.Option(help="Personas of the users: talker,hopper …", metavar="NAMES")] = None
    rude_clients: Annotated[
        str | None, typer.Option(help="Misbehaving clients: babbler,paster … or none.", metavar="NAMES")
    ] = None
    limits: Annotated[
        str | None, typer.Option(help="What the server is stricter about: rate,room … or none.", metavar="NAMES")
    ] = None
    dialects: Annotated[str | None, typer.Option(help="How users speak: json,text,french.", metavar="NAMES")] = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown.

    Attributes:
        json_file: where figures and failures are written.
        no_progress: whether there is no progress bar.
    """

    json_file: JsonFile = None
    no_progress: NoProgress = False


@grouped
def swarm(seeds: Seeds, parts: Parts, shown: Shown) -> int:
    """Run many small worlds in which everything goes wrong.

    Each seed draws users, policy, limits and faults; then the faults stop, and progress is demanded. Exit status 1 if
    anything is wrong, or if after 1000 cases something has never happened that should sometimes.
    """
    fixed = _fixed(parts)
    which = _which(seeds)
    budget = float("inf") if seeds.budget is None else float(read_duration(seeds.budget))
    require_writable(shown.json_file)
    with progress_bar(enabled=not shown.no_progress) as track:
        campaign = _run(fixed, which, seeds, budget, track)
    _publish(campaign, shown.json_file)
    if campaign.interrupted and campaign.ok:
        return 130
    return 0 if campaign.ok else 1


def _fixed(parts: Parts) -> Fixed:
    from sim.swarm.command import NAMES, BadName, Fixed, option, read_names

    if parts.policy is not None:
        require_policy(parts.policy)
    given: dict[str, Any] = {"policy": parts.policy, "users": parts.users, "seconds": parts.seconds}
    for field, known in NAMES.items():
        typed = getattr(parts, field)
        try:
            given[field] = None if typed is None else read_names(field, typed)
        except BadName as error:
            hint = f"choose from {', '.join(known)}, separated by commas"
            raise BadUsage(f"{option(field)} does not take {error.name!r}", hint) from error
    return Fixed(**given)


def _which(seeds: Seeds) -> range:
    if seeds.seed is None:
        first = seeds.first or 0
        return range(first, first + (1000 if seeds.seeds is None else seeds.seeds))
    for option, value in (("--seeds", seeds.seeds), ("--from", seeds.first), ("--budget", seeds.budget)):
        if value is not None:
            raise BadUsage(f"{option} means nothing beside --seed", "one case is run, to its end; leave it out")
    return range(seeds.seed, seeds.seed + 1)


def _run(fixed: Fixed, which: range, seeds: Seeds, budget: float, track: Track) -> SwarmCampaign:
    from concurrent.futures.process import BrokenProcessPool

    from sim.swarm.campaign import run_all
    from sim.swarm.shrink import shrink

    processes = min(seeds.processes or _cores(), len(which))
    try:
        campaign = run_all(fixed, which, processes, budget, seeds.keep_going, track("cases", len(which)))
    except BrokenProcessPool as error:
        raise CommandError("one of the processes was ended from outside", "try again with fewer --processes") from error
    if campaign.failures and seeds.seed is None:
        first = campaign.failures[0]
        campaign.failures[0] = shrink(
            first, SHRINKING_SECONDS, track("shrinking", None), fixed_policy=fixed.policy is not None
        )
    return campaign


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _publish(campaign: SwarmCampaign, json_file: str | None) -> None:
    """The report on stdout, unless the findings go there as data."""
    from roulette_cli.swarm_report import to_data, to_text

    if json_file != STDOUT:
        show(to_text(campaign))
    write_json(to_data(campaign), json_file)
