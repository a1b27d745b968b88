"""What a campaign of the swarm has found: in lines for people, and as data for programs."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from roulette_core.testing import overall
from sim.report import duration, significant
from sim.swarm.campaign import SwarmCampaign
from sim.swarm.case_run import Outcome
from sim.swarm.command import command_of
from sim.swarm.sometimes import GROUPS

FORMAT = 1
WIDTH = 80
_COUNT = 11
_MOST_TOLD = 5


def campaign_data(campaign: SwarmCampaign) -> dict[str, Any]:
    """Returns all of it as one object, format 1. But for ``seconds``, the same command gives the same data."""
    return {
        "format": FORMAT,
        "verdict": overall(campaign.results()),
        "checks": [asdict(result) for result in campaign.results()],
        "cases": campaign.cases,
        "seconds": campaign.wall_seconds,
        "simulated_seconds": campaign.simulated_seconds,
        "counts": {group: {name: campaign.counts[group, name] for name in names} for group, names in GROUPS.items()},
        "failures": [
            {**outcome.failure._asdict(), "command": command_of(outcome.case)}
            for outcome in campaign.failures
            if outcome.failure is not None
        ],
    }


def campaign_lines(campaign: SwarmCampaign) -> Iterator[str]:
    """Yields all of it; failures come last, where they are seen."""
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
        yield from _failed(outcome)
    if len(campaign.failures) > _MOST_TOLD:
        yield ""
        yield f"{len(campaign.failures) - _MOST_TOLD:,} more failures; --json shows them."


def _summary(campaign: SwarmCampaign) -> Iterator[str]:
    wall, simulated = campaign.wall_seconds, campaign.simulated_seconds
    speed = f": {significant(campaign.cases / wall)} a second" if wall else ""
    pace = f": {significant(simulated / wall)} hours an hour" if wall else ""
    rows = [
        ("cases", f"{campaign.cases:,} in {duration(wall)}{speed}"),
        ("simulated", f"{duration(simulated)}{pace}"),
        ("failures", f"{len(campaign.failures):,}, see below" if campaign.failures else "none"),
    ]
    if campaign.interrupted:
        rows.append(("ended", "before the last case"))
    rows += [("not asked", f"{result.name.replace('_', ' ')} ({result.detail})") for result in campaign.unasked()]
    yield from (f"  {label:<12} {text}" for label, text in rows)


def _counted(campaign: SwarmCampaign, group: str, names: Sequence[str]) -> Iterator[str]:
    """Yields the counts of a group in as many columns as fit, read downwards."""
    never = "never" if campaign.reason_not_to_demand else "NEVER"
    width = max(map(len, names))
    cells = []
    for name in names:
        count = campaign.counts[group, name]
        cells.append(f"  {name.replace('_', ' '):<{width}}{f'{count:,}' if count else never:>{_COUNT}}")
    rows = -(-len(cells) // max(1, WIDTH // (width + _COUNT + 2)))
    for row in range(rows):
        yield "".join(cells[row::rows])


def _about_never(campaign: SwarmCampaign) -> str:
    if not campaign.reason_not_to_demand:
        return "NEVER: what did not happen in so many cases was not tested by them, which is a failure."
    return f"never: not a failure of this campaign: {campaign.reason_not_to_demand}."


def _failed(outcome: Outcome) -> Iterator[str]:
    failure = outcome.failure
    assert failure is not None, "only failures are shown"
    yield ""
    wrong = f"FAILED at {failure.at:.3f} s: {failure.kind.replace('_', ' ')}: {failure.detail}"
    yield from textwrap.wrap(wrong, WIDTH, subsequent_indent="  ")
    if failure.story:
        yield ""
        yield "Last actions and observations of the clients involved:"
        yield ""
        for line in failure.story:
            yield from textwrap.wrap(line, WIDTH, subsequent_indent=" " * 12)
    yield ""
    yield "To see it again:"
    yield ""
    yield f"  {command_of(outcome.case)}"
