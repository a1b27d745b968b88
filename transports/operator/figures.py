"""The answer to ``stats``: the counters of a server, as a table and as plain numbers."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from transports.gateway import Gateway
from transports.operator.answers import Answer, Cell, table
from transports.operator.questions import present
from transports.operator.statistics import Statistics
from transports.operator.waits import WaitHistogram


def figures(statistics: Statistics, gateway: Gateway, served: float) -> Answer:
    """Returns the counters of a server, the gateway's present numbers, and how many seconds it has served."""
    counts = _counts(statistics, gateway, served)
    rows = list(_rows(statistics, counts))
    return table(("counter", "count", "breakdown"), rows, len(rows), counts=counts)


def resident_memory() -> int | None:
    """Returns the resident memory of this process, in bytes; None on systems other than Linux."""
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
    yield "uptime in seconds", counts["served"], ""
    yield "connections now", counts["connections"], _parts({"unregistered": int(counts["nameless"])})
    yield "users now", counts["users"], _parts(states)
    yield "connections accepted", statistics.accepted, ""
    yield "turned away", counts["turned_away"], _parts(statistics.turned_away)
    yield "connections ended", counts["ended"], _parts(statistics.ended)
    yield "lines", sum(lines.values()), _parts(lines)
    yield "pairings", statistics.pairings, ""
    yield "mean wait in seconds", statistics.waits.mean(), _quantiles(statistics.waits)
    yield "partings", counts["partings"], _parts(statistics.partings)
    yield "refusals", counts["refusals"], _parts(statistics.refusals)
    yield "throttled", statistics.throttled, ""
    yield "invalid lines", counts["garbage"], _parts(statistics.garbage)
    if "memory" in counts:
        yield "memory in MiB", counts["memory"] / 2**20, ""


def _parts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)


def _quantiles(waits: WaitHistogram) -> str:
    half, most = waits.quantile(0.5), waits.quantile(0.95)
    return "" if half is None else f"median {half:.1f}, 95 % under {most:.1f}"
