"""Policies beside each other: a table for each scenario, a row for each policy; and the same as data."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from roulette_core import harmless
from sim.comparison import FEW, Comparison
from sim.measure import Longest
from sim.report.data import to_json
from sim.report.figures import Row
from sim.report.formats import UNKNOWN, duration


def _interval(ends: Sequence[float], scale: float, form: str) -> str:
    low, high = scale * ends[0], scale * ends[1]
    return f"{low:{form}} to {high:{form}}" if low <= high else UNKNOWN  # as with NaN


def _longest(waits: Sequence[Longest]) -> str:
    return duration(waits[0].seconds) if waits else UNKNOWN


COLUMNS = (
    Row("re-pairs, %", lambda ends: _interval(ends, 100, ".1f"), "repair.ci95"),
    Row("longest", _longest, "wait.longest"),
    Row("mean wait, s", lambda ends: _interval(ends, 1, ".3g"), "wait.ci95"),
    Row("Jain", "{:.2f} ({:.2f})".format, "fairness.jain_wait", "fairness.jain_wait_by_chance"),
)
"""In the closed model, the exact re-pair probability takes the place of the longest wait, which says less there."""


def comparison_to_json(compared: Sequence[Comparison]) -> dict[str, Any]:
    """Returns exact re-pair probabilities as texts, and the runs in the form of ``roulette sim --json``."""
    return {
        "exact": {each.policy: None if each.exact is None else str(each.exact) for each in compared},
        "simulated": to_json([run for each in compared for run in each.runs]) if compared else None,
    }


def render_comparison(compared: Sequence[Comparison], console: Console) -> None:
    """Prints the tables."""
    for number in range(len(compared[0].runs)):
        console.print(_table(compared, number, console.encoding))
    console.print("Re-pairs and mean waits: 95 % intervals. Jain's index of waiting, by chance in", soft_wrap=True)
    console.print(f"brackets: 1 if all wait alike. Exact re-pairs: for {FEW} users, if states are few.", soft_wrap=True)


def _table(compared: Sequence[Comparison], number: int, encoding: str) -> Table:
    run = compared[0].runs[number]
    closed = run.setting.mean_chat_seconds is not None
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, collapse_padding=True)
    people = f"{run.setting.scenario}, {run.setting.users} users, {duration(run.simulated_seconds)}"
    table.add_column(people, overflow="fold", min_width=26)
    for column in COLUMNS:
        table.add_column("exact" if closed and column.label == "longest" else column.label, justify="right")
    for each in compared:
        table.add_row(*(Text(harmless.cell(cell, encoding)) for cell in _cells(each, number, closed)))
    return table


def _cells(each: Comparison, number: int, closed: bool) -> Iterator[str]:
    yield each.policy
    for column in COLUMNS:
        if closed and column.label == "longest":
            yield UNKNOWN if each.exact is None else str(each.exact)
        else:
            yield column.cell(each.runs[number])
