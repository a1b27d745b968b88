"""``roulette prove``: everything that can happen to a few users, or exact probabilities."""

from __future__ import annotations

import sys
import time
from typing import Annotated, Any, NamedTuple

import typer

from roulette_cli.errors import BadUsage
from roulette_cli.json_file import STDOUT, JsonFile, require_writable, write_json
from roulette_cli.policies import blaming, require_policy
from roulette_cli.progress import NoProgress, Track, progress_bar
from roulette_cli.shown import show

MOST_USERS = 8
MOST_DEPTH = 100


class _Found(NamedTuple):
    """What there is to tell: in words, as data, and whether nothing is wrong."""

    texts: list[str]
    data: dict[str, Any]
    sound: bool = True


def prove(
    users: Annotated[int, typer.Option(help="How many users there may be.", metavar="N", min=1, max=MOST_USERS)] = 4,
    depth: Annotated[
        int | None,
        typer.Option(help="How many events to follow; by default 10.", metavar="N", min=1, max=MOST_DEPTH),
    ] = None,
    policy: Annotated[
        str, typer.Option(help="Who meets whom: v1, fresh:patience=9, my_module:MyPolicy …", metavar="P")
    ] = "no-repeat",
    states: Annotated[
        int | None,
        typer.Option(
            help="After how many states to stop; by default a million, or 500 beside --exact.", metavar="N", min=1
        ),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Exact probabilities of the closed model, as fractions, instead.")
    ] = False,
    json_file: JsonFile = None,
    no_progress: NoProgress = False,
) -> int:
    """Prove a policy for a few users: all that can happen to them.

    Every sequence of events up to the depth, every random choice, up to renaming of users. Exit status 1 if anything is
    wrong; deadlocks and starvation are told.
    """
    require_policy(policy)
    if exact and depth is not None:
        raise BadUsage("--depth means nothing beside --exact", "exact values are of the long run; leave it out")
    require_writable(json_file)
    with progress_bar(enabled=not no_progress) as track, blaming(policy):
        if exact:
            found = _exact(policy, users, states)
        else:
            found = _explore(policy, users, 10 if depth is None else depth, states, track)
    if json_file != STDOUT:
        show(found.texts)
    write_json(found.data, json_file)
    return 0 if found.sound else 1


def _explore(policy: str, users: int, depth: int, states: int | None, track: Track) -> _Found:
    from roulette_cli.prove_report import to_data, to_text
    from roulette_core.testing import explore, find_starvation
    from roulette_core.testing.exploring import MOST_STATES

    began = time.perf_counter()
    found = explore(policy, users, depth, states or MOST_STATES, track(policy, None))
    starvation = None if found.counterexample else find_starvation(found)
    seconds = time.perf_counter() - began
    texts, data = list(to_text(found, starvation, seconds)), to_data(found, starvation, seconds)
    return _Found(texts, data, not found.counterexample)


def _exact(policy: str, users: int, states: int | None) -> _Found:
    from roulette_cli.exact_report import to_data, to_text
    from sim.theory.chain import NotExactError
    from sim.theory.exact import MOST_STATES, closed_loop, partners

    try:
        found = closed_loop(policy, users, states or MOST_STATES)
    except NotExactError as error:
        raise BadUsage(error.message, error.hint) from error
    try:
        met = partners(policy, users, most_states=states or MOST_STATES)
    except NotExactError as error:
        met = None
        print(f"whom users are paired with is left out: {error.message}; {error.hint}", file=sys.stderr)
    return _Found(list(to_text(found, met)), to_data(found, met))
