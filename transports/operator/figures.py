"""What ``stats`` answers: the counts of a server as figures for people and for programs."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from transports.gateway import Gateway
from transports.operator.answers import Answer, Cell, table
from transports.operator.questions import present
from transports.operator.statistics import Statistics
from transports.operator.waits import WaitHistogram


def figures(statistics: Statistics, gateway: Gateway, served: float) -> Answer:
    """The counts of a server.

    Args:
        statistics: what has been counted.
        gateway: how many there are now.
        served: how long it has served, in seconds.
    """
    counts = _counts(statistics, gateway, served)
    rows = list(_rows(statistics, counts))
    return table(("what", "count", "of which"), rows, len(rows), counts=counts)


def resident_memory() -> int | None:
    """How many bytes of memory this process has, as Linux tells; None where it is not told."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _counts(statistics: Statistics, gateway: Gateway, served: float) -> dict[str, float]:
    counts = {
        "served": served,
        "connections": len(gateway),
        "users": len(gateway.roulette),
        **present(gateway),
        "accepted": statistics.accepted,
        "turned_away": statistics.turned_away.total(),
        "ended": statistics.ended.total(),
        "lobby_lines": statistics.lobby_lines,
        "private_lines": statistics.private_lines,
        "pairings": statistics.pairings,
        "partings": statistics.partings.total(),
        "refusals": statistics.refusals.total(),
        "throttled": statistics.throttled,
        "garbage": statistics.garbage.total(),
    }
    memory = resident_memory()
    return counts if memory is None else {**counts, "memory": memory}


def _rows(statistics: Statistics, counts: Mapping[str, float]) -> Iterator[tuple[str, Cell, str]]:
    lines = {"in the lobby": statistics.lobby_lines, "in private": statistics.private_lines}
    states = {name: int(counts[name]) for name in ("lobby", "searching", "private")}
    yield "seconds served", counts["served"], ""
    yield "connections now", counts["connections"], _parts({"without a name yet": int(counts["nameless"])})
    yield "users now", counts["users"], _parts(states)
    yield "connections accepted", statistics.accepted, ""
    yield "turned away", counts["turned_away"], _parts(statistics.turned_away)
    yield "ended", counts["ended"], _parts(statistics.ended)
    yield "lines", sum(lines.values()), _parts(lines)
    yield "pairings", statistics.pairings, ""
    yield "mean wait in seconds", statistics.waits.mean(), _quantiles(statistics.waits)
    yield "partings", counts["partings"], _parts(statistics.partings)
    yield "refusals", counts["refusals"], _parts(statistics.refusals)
    yield "too fast", statistics.throttled, ""
    yield "not understood", counts["garbage"], _parts(statistics.garbage)
    if "memory" in counts:
        yield "memory in MiB", counts["memory"] / 2**20, ""


def _parts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)


def _quantiles(waits: WaitHistogram) -> str:
    half, most = waits.quantile(0.5), waits.quantile(0.95)
    return "" if half is None else f"half under {half:.1f}, 95 % under {most:.1f}"
