"""``roulette prove``: explores everything that can happen to a few users, or calculates exact probabilities."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple

import typer

from roulette_cli.errors import BadUsage
from roulette_cli.json_file import JsonFile, require_writable
from roulette_cli.output import publish
from roulette_cli.policies import policy_errors, require_policy
from roulette_cli.progress import NoProgress, Track, progress_bar

MOST_USERS = 8
MOST_DEPTH = 100


class _Found(NamedTuple):
    """The result as text lines, as JSON data, and whether it passed."""

    lines: Iterable[str]
    data: dict[str, Any]
    holds: bool = True


def prove(
    users: Annotated[int, typer.Option(help="Largest number of users.", metavar="N", min=1, max=MOST_USERS)] = 4,
    depth: Annotated[
        int | None,
        typer.Option(help="Longest history to explore, in events; default 10.", metavar="N", min=1, max=MOST_DEPTH),
    ] = None,
    policy: Annotated[
        str, typer.Option(help="Pairing policy: v1, fresh:patience=9, my_module:MyPolicy …", metavar="P")
    ] = "no-repeat",
    states: Annotated[
        int | None,
        typer.Option(help="Stop after N states; default a million, with --exact 500.", metavar="N", min=1),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Calculate exact probabilities of the closed model instead.")
    ] = False,
    json_file: JsonFile = None,
    no_progress: NoProgress = False,
) -> int:
    """Prove a pairing policy by exploring all that a few users can do.

    Every sequence of events up to the depth and every random choice is tried, up to renaming of users. Exit status 1 if
    something is wrong; deadlocks and starvation are reported, but are no failures.
    """
    require_policy(policy)
    if exact and depth is not None:
        raise BadUsage("--depth cannot be combined with --exact", "leave it out: exact values are of the long run")
    require_writable(json_file)
    with progress_bar(enabled=not no_progress) as track, policy_errors(policy):
        if exact:
            found = _exact(policy, users, states)
        else:
            found = _explore(policy, users, 10 if depth is None else depth, states, track)
    publish(found.lines, found.data, json_file)
    return 0 if found.holds else 1


def _explore(policy: str, users: int, depth: int, states: int | None, track: Track) -> _Found:
    from roulette_core.testing import explore, find_starvation
    from roulette_core.testing.exploring import MOST_STATES, exploration_data, exploration_lines

    began = time.perf_counter()
    found = explore(policy, users, depth, states or MOST_STATES, track(policy, None))
    starvation = None if found.counterexample else find_starvation(found)
    result = found, starvation, time.perf_counter() - began
    return _Found(list(exploration_lines(*result)), exploration_data(*result), not found.counterexample)


def _exact(policy: str, users: int, states: int | None) -> _Found:
    from sim.theory import MOST_STATES, NotExactError, closed_loop, exact_data, exact_lines, partners

    try:
        found = closed_loop(policy, users, states or MOST_STATES)
    except NotExactError as error:
        raise BadUsage(error.message, error.hint) from error
    try:
        met = partners(policy, users, most_states=states or MOST_STATES)
    except NotExactError as error:
        met = None
        print(f"probabilities of partners are left out: {error.message}; {error.hint}", file=sys.stderr)
    return _Found(exact_lines(found, met), exact_data(found, met))
