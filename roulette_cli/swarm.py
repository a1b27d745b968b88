"""``roulette swarm``: many short runs over faulty networks, each with its own mix of everything that can go wrong."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from roulette_cli.durations import read_duration
from roulette_cli.errors import BadUsage, CommandError
from roulette_cli.interrupts import interruptible
from roulette_cli.option_groups import grouped, option
from roulette_cli.output import JsonFile, publish, require_json_file, show
from roulette_cli.policies import require_policy
from roulette_cli.progress import NoProgress, Track, progress_bar

if TYPE_CHECKING:
    from sim.swarm import Fixed, SwarmCampaign

SHRINKING_SECONDS = 30.0
"""For how long to look for smaller cases that fail like the first."""


@dataclass(frozen=True, kw_only=True)
class CaseOptions:
    """Which cases are run."""

    seeds: int | None = option(None, "Number of cases; default 1000.", "N", least=1, most=10_000_000)
    first: int | None = option(None, "Seed of the first case; default 0.", "S", name="--from", least=0)
    seed: int | None = option(None, "Run only the case of this seed.", "S", least=0)
    budget: str | None = option(None, "Start no new case after this time: 60s, 10m …", "TIME")
    processes: int | None = option(None, "Number of processes; one per core by default.", "N", least=1, most=1024)
    keep_going: bool = option(False, "Continue after a failure.")


@dataclass(frozen=True, kw_only=True)
class FixedOptions:
    """What is fixed in all cases instead of being drawn."""

    policy: str | None = option(None, "Pairing policy: v1, my_module:MyPolicy …", "P")
    users: int | None = option(None, "Number of users.", "N", least=1, most=1000)
    seconds: int | None = option(None, "Virtual seconds for which faults last.", "N", least=1, most=86_400)
    faults: str | None = option(None, "Network faults: latency,resets … or none.", "NAMES")
    personas: str | None = option(None, "Personas of the users: talker,hopper …", "NAMES")
    rude_clients: str | None = option(None, "Misbehaving clients: babbler,paster … or none.", "NAMES")
    limits: str | None = option(None, "Limits below their defaults: rate,room … or none.", "NAMES")
    dialects: str | None = option(None, "Dialects of the users: json,text,french.", "NAMES")


@grouped
def swarm(
    cases: Annotated[CaseOptions, "Cases"],
    parameters: Annotated[FixedOptions, "Parameters fixed for every case instead of being drawn from its seed"],
    json_file: JsonFile = None,
    no_progress: NoProgress = False,
) -> int:
    """Run many randomised fault-injection cases.

    Each seed draws users, policy, limits and faults; after the faults stop, the server must make progress. Exit status
    1 if a check fails, or if something that should happen sometimes never happened in 1000 cases.
    """
    from sim.swarm import SwarmCampaign, campaign_data, campaign_lines

    fixed = _fixed(parameters)
    which = _which(cases)
    budget = float("inf") if cases.budget is None else float(read_duration(cases.budget))
    require_json_file(json_file)
    with progress_bar(enabled=not no_progress) as track:
        campaign = SwarmCampaign(fixed)
        with interruptible() as interruption:
            _run(campaign, which, cases, budget, track)
    publish(lambda: show(campaign_lines(campaign)), campaign_data(campaign), json_file, interruption.happened)
    return interruption.status or (0 if campaign.ok else 1)


def _fixed(parts: FixedOptions) -> Fixed:
    from sim.swarm import NAMES, BadName, Fixed, option_of, read_names

    if parts.policy is not None:
        require_policy(parts.policy)
    given: dict[str, Any] = {"policy": parts.policy, "users": parts.users, "seconds": parts.seconds}
    for field, known in NAMES.items():
        typed = getattr(parts, field)
        try:
            given[field] = None if typed is None else read_names(field, typed)
        except BadName as error:
            hint = f"choose from {', '.join(known)}, separated by commas"
            raise BadUsage(f"{option_of(field)} does not take {str(error)!r}", hint) from error
    return Fixed(**given)


def _which(cases: CaseOptions) -> range:
    if cases.seed is None:
        first = cases.first or 0
        return range(first, first + (1000 if cases.seeds is None else cases.seeds))
    for name, value in (("--seeds", cases.seeds), ("--from", cases.first), ("--budget", cases.budget)):
        if value is not None:
            raise BadUsage(f"{name} cannot be combined with --seed", f"--seed runs a single case; leave out {name}")
    return range(cases.seed, cases.seed + 1)


def _run(campaign: SwarmCampaign, which: range, cases: CaseOptions, budget: float, track: Track) -> None:
    from concurrent.futures.process import BrokenProcessPool

    from sim.swarm import run_cases, shrink

    processes = min(cases.processes or _cores(), len(which))
    try:
        run_cases(campaign, which, processes, budget, cases.keep_going, track("cases", len(which)))
    except BrokenProcessPool as error:
        raise CommandError("one of the processes was killed", "try again with fewer --processes") from error
    if campaign.failures and cases.seed is None:
        first = campaign.failures[0]
        campaign.failures[0] = shrink(
            first, SHRINKING_SECONDS, track("shrinking", None), fixed_policy=campaign.fixed.policy is not None
        )


def _cores() -> int:
    """Returns how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
