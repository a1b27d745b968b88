"""The view of a running server, redrawn every second."""

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from roulette_core import harmless
from transports.operator.answers import Answer

WAITING_SHOWN = 10
"""How many of the longest-waiting users are shown."""

Counts = Mapping[str, float]


def view(before: Counts | None, now: Counts, searching: Answer) -> RenderableType:
    """Returns one frame, from two counts of ``stats`` and the answer to ``research``.

    Without earlier counts, rates are averages since the server's start.
    """
    return Group(_figures(before, now), Text(), _waiting(searching))


def rate(name: str, before: Counts | None, now: Counts) -> float:
    """Returns the increase per second of a counter between two answers to ``stats``."""
    earlier = before or {}
    seconds = now["served"] - earlier.get("served", 0.0)
    return (now[name] - earlier.get(name, 0)) / seconds if seconds > 0 else 0.0


def _figures(before: Counts | None, now: Counts) -> RenderableType:
    grid = Table.grid(padding=(0, 3))
    grid.add_row("lobby", "searching", "private", "unregistered", "turned away", "memory")
    memory = f"{now['memory'] / 2**20:.1f} MiB" if "memory" in now else "unknown"
    grid.add_row(*(f"{now[name]:.0f}" for name in ("lobby", "searching", "private", "nameless", "turned_away")), memory)
    lines = rate("lobby_lines", before, now) + rate("private_lines", before, now)
    since = "a second" if before else "a second, on average since the start"
    speed = f"{lines:.1f} lines and {rate('pairings', before, now):.1f} pairings {since}"
    return Group(grid, Text(), Text(speed))


def _waiting(searching: Answer) -> RenderableType:
    if not searching.rows:
        return Text("no user is searching")
    table = Table("waiting longest", "seconds", "why", box=SIMPLE_HEAD, show_edge=False)
    table.columns[1].justify = "right"
    for row in searching.rows[:WAITING_SHOWN]:
        table.add_row(*_cells(row))
    return table


def _cells(row: Sequence[object]) -> list[Text]:
    return [Text(f"{cell:.0f}" if isinstance(cell, float) else harmless.line(str(cell))) for cell in row]
