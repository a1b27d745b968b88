"""What ``roulette swarm`` has found: in words, and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.formats import duration, significant
from sim.swarm.command import command
from sim.swarm.sometimes import GROUPS

if TYPE_CHECKING:
    from sim.swarm.campaign import SwarmCampaign
    from sim.swarm.case_run import Outcome

FORMAT = 1
WIDTH = 80
_COUNT = 11
_MOST_TOLD = 5


def to_data(campaign: SwarmCampaign) -> dict[str, Any]:
    """All of it as one object for programs, format 1. But for ``seconds``, the same command gives the same data."""
    return {
        "format": FORMAT,
        "cases": campaign.cases,
        "seconds": campaign.wall_seconds,
        "simulated_seconds": campaign.simulated_seconds,
        "counts": {group: {name: campaign.counts[group, name] for name in names} for group, names in GROUPS.items()},
        "failures": [
            {
                "kind": outcome.failure.kind,
                "detail": outcome.failure.detail,
                "at": outcome.failure.at,
                "story": list(outcome.failure.story),
                "command": command(outcome.case),
            }
            for outcome in campaign.failures
            if outcome.failure is not None
        ],
    }


def to_text(campaign: SwarmCampaign) -> Iterator[str]:
    """All of it in lines for people; failures come last, where they are seen."""
    yield from _summary(campaign)
    for group, names in GROUPS.items():
        shown = names if campaign.cases > 1 else [name for name in names if campaign.counts[group, name]]
        if shown:
            yield ""
            yield f"{group.capitalize()}, how often"
            yield from _counted(campaign, group, shown)
    if campaign.never and campaign.cases > 1:
        yield ""
        yield from textwrap.wrap(_about_never(campaign), WIDTH)
    for outcome in campaign.failures[:_MOST_TOLD]:
        yield from _told(outcome)
    if len(campaign.failures) > _MOST_TOLD:
        yield ""
        yield f"{len(campaign.failures) - _MOST_TOLD:,} more failures are told by --json."


def _summary(campaign: SwarmCampaign) -> Iterator[str]:
    wall, simulated = campaign.wall_seconds, campaign.simulated_seconds
    speed = f": {significant(campaign.cases / wall)} a second" if wall else ""
    pace = f": {significant(simulated / wall)} hours an hour" if wall else ""
    rows = {
        "cases": f"{campaign.cases:,} in {duration(wall)}{speed}",
        "simulated": f"{duration(simulated)}{pace}",
        "failures": f"{len(campaign.failures):,}, see below" if campaign.failures else "none",
    }
    if campaign.interrupted:
        rows["ended"] = "by Ctrl-C"
    yield from (f"  {label:<12} {text}" for label, text in rows.items())


def _counted(campaign: SwarmCampaign, group: str, names: Sequence[str]) -> Iterator[str]:
    """A group's counts, in as many columns as there is room for, read downwards."""
    never = "NEVER" if campaign.complete else "never"
    width = max(map(len, names))
    cells = []
    for name in names:
        count = campaign.counts[group, name]
        cells.append(f"  {name.replace('_', ' '):<{width}}{f'{count:,}' if count else never:>{_COUNT}}")
    rows = -(-len(cells) // max(1, WIDTH // (width + _COUNT + 2)))
    for row in range(rows):
        yield "".join(cells[row::rows])


def _about_never(campaign: SwarmCampaign) -> str:
    if campaign.complete:
        return "NEVER: what has not happened in so many cases is not tested by them, which is a failure."
    return "never: not a failure where cases are few, or not drawn in all their parts."


def _told(outcome: Outcome) -> Iterator[str]:
    failure = outcome.failure
    assert failure is not None, "only failures are told"
    yield ""
    wrong = f"WRONG at {failure.at:.3f} s: {failure.kind.replace('_', ' ')}: {failure.detail}"
    yield from textwrap.wrap(wrong, WIDTH, subsequent_indent="  ")
    if failure.story:
        yield ""
        yield "The last that those concerned did and saw:"
        yield ""
        for line in failure.story:
            yield from textwrap.wrap(line, WIDTH, subsequent_indent=" " * 12)
    yield ""
    yield "To see it again:"
    yield ""
    yield f"  {command(outcome.case)}"
