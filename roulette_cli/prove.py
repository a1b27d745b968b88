"""``roulette prove``: explores everything that can happen to a few users, or calculates exact probabilities."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from roulette_cli.errors import BadUsage
from roulette_cli.interrupts import Interruption, stop_requested
from roulette_cli.option_groups import grouped, option
from roulette_cli.output import JsonFile, publish, require_json_file, show
from roulette_cli.policies import policy_errors, require_policy
from roulette_cli.progress import NoProgress, Track, progress_bar


class _Found(NamedTuple):
    """The result as text lines, as JSON data, and whether it passed."""

    lines: Iterable[str]
    data: dict[str, Any]
    holds: bool = True


@dataclass(frozen=True, kw_only=True)
class ProofOptions:
    """What is proved, of which policy, and how far."""

    users: int = option(4, "Largest number of users.", "N", least=1, most=8)
    depth: int | None = option(None, "Longest history to explore, in events; default 10.", "N", least=1, most=100)
    policy: str = option("no-repeat", "Pairing policy: v1, fresh:patience=9, my_module:MyPolicy …", "P")
    special: int | None = option(
        None, "Try special requests among the first N events; default 3, more for fewer users.", "N", least=0
    )
    interest: list[str] | None = option(None, "Interest that users may name beside the policy's cast; repeatable.", "I")
    states: int | None = option(None, "Stop after N states; default a million, with --exact 500.", "N", least=1)
    exact: bool = option(False, "Calculate exact probabilities of the closed model instead.")


@grouped
def prove(
    options: Annotated[ProofOptions, "Options"],
    json_file: JsonFile = None,
    no_progress: NoProgress = False,
) -> int:
    """Prove a pairing policy by exploring all that a few users can do.

    Every sequence of events up to the depth and every random choice is tried, up to renaming of users. Exit status 1 if
    something is wrong, or no users were ever paired; deadlocks and starvation are reported, but are no failures.
    """
    require_policy(options.policy)
    if options.exact and options.depth is not None:
        raise BadUsage("--depth cannot be combined with --exact", "leave it out: exact values are of the long run")
    require_json_file(json_file)
    with progress_bar(enabled=not no_progress) as track, policy_errors(options.policy):
        if options.exact:
            found, stop = _exact(options), Interruption()  # half an exact result is none
        else:
            with stop_requested() as stop:
                found = _explore(options, track, stop)
    publish(lambda: show(found.lines), found.data, json_file, stop.happened)
    return stop.status or (0 if found.holds else 1)


def _explore(options: ProofOptions, track: Track, stop: Interruption) -> _Found:
    from roulette_core.testing import Verdict, explore, find_starvation
    from roulette_core.testing.exploring import MOST_STATES, exploration_data, exploration_lines, verdict_of

    began, states = time.perf_counter(), options.states or MOST_STATES
    progress, depth = track(options.policy, None), options.depth or 10
    found = explore(
        options.policy,
        options.users,
        depth,
        states,
        progress,
        lambda: stop.happened,
        wide=options.special,
        interests=options.interest or (),
    )
    starvation = None if found.counterexample or stop.happened else find_starvation(found)
    result = found, starvation, time.perf_counter() - began
    return _Found(list(exploration_lines(*result)), exploration_data(*result), verdict_of(found) is Verdict.OK)


def _exact(options: ProofOptions) -> _Found:
    from sim.theory import MOST_STATES, NotExactError, closed_loop, exact_data, exact_lines, partners

    policy, users, states = options.policy, options.users, options.states or MOST_STATES
    try:
        found = closed_loop(policy, users, states)
    except NotExactError as error:
        raise BadUsage(error.message, error.hint) from error
    try:
        met = partners(policy, users, most_states=states)
    except NotExactError as error:
        met = None
        print(f"probabilities of partners are left out: {error.message}; {error.hint}", file=sys.stderr)
    return _Found(exact_lines(found, met), exact_data(found, met))
