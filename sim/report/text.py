"""Summaries as one report for people: runs side by side, as many as the width of the terminal allows."""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from roulette_core import harmless
from sim.measure.checks import SelfCheck
from sim.measure.summary import Summary
from sim.report import rows
from sim.report.histogram import histogram
from sim.report.rows import Row

LABEL_WIDTH = 27
RUN_WIDTH = 25


def render(summaries: Sequence[Summary], console: Console) -> None:
    """Prints the report.

    Args:
        summaries: the runs, in the order of their columns. Runs that do not fit beside the others come beneath.
        console: where to; its width and encoding are kept to.
    """
    beside = max(1, (console.width - LABEL_WIDTH) // RUN_WIDTH)
    for start in range(0, len(summaries), beside):
        console.print(_table(summaries[start : start + beside], console))
    for note in _notes(summaries):
        console.print(Text(harmless.cell(note, console.encoding)))


def _table(runs: Sequence[Summary], console: Console) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column("")
    width = RUN_WIDTH - 3 if console.width >= LABEL_WIDTH + RUN_WIDTH else None
    for run in runs:
        table.add_column(Text(harmless.cell(run.setting.policy, console.encoding)), min_width=width, overflow="fold")
    for title, told in _sections(runs, console.options.ascii_only):
        filled = [(label, cells) for label, cells in told if any(cells)]
        if title and filled:
            table.add_section()
            table.add_row(Text(title, style="bold"))
        for label, cells in filled:
            table.add_row(
                Text(harmless.cell(label, console.encoding)), *(_cell(cell, console.encoding) for cell in cells)
            )
    return table


def _sections(runs: Sequence[Summary], ascii_only: bool) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Titles, and beneath each labels with one cell for each run. Rows that are empty for all runs are left out."""
    yield "", _told(rows.RUN, runs)
    yield "Re-pairs", _told(rows.REPAIRS, runs)
    yield "Waiting for a chat", _told(rows.WAITING, runs)
    yield "Searches by waiting time", histogram([run.waits.histogram for run in runs], ascii_only)
    yield "Fairness between users", _told(rows.FAIRNESS, runs)
    yield "Self-checks", _checks(runs)
    yield "Speed", _told(rows.SPEED, runs)


def _told(section: Sequence[Row], runs: Sequence[Summary]) -> list[tuple[str, list[str]]]:
    return [(label, [tell(run) for run in runs]) for label, tell in section]


def _cell(text: str, encoding: str) -> Text:
    """Colour repeats what the words say, so that nothing is lost without it."""
    cell = Text(harmless.cell(text, encoding))
    cell.highlight_regex(r"^ok( \(\d+ rules\))?$|\(agrees\)$", "green")
    cell.highlight_regex(r"^FAILED$|\(DIFFERS\)$", "bold red")
    return cell


def _checks(runs: Sequence[Summary]) -> list[tuple[str, list[str]]]:
    """One row for each check that any run made, in the order in which they were made; for each group of them, one."""
    names = dict.fromkeys(_group(check) for run in runs for check in run.checks)
    return [(_spaced(name), [_verdict(run, name) for run in runs]) for name in names]


def _verdict(run: Summary, group: str) -> str:
    checks = [check for check in run.checks if _group(check) == group]
    if not all(check.ok for check in checks):
        return "FAILED"
    return f"ok ({len(checks)} rules)" if len(checks) > 1 else "ok" if checks else ""


def _group(check: SelfCheck) -> str:
    """What stands before the colon is common to a group."""
    return check.name.partition(":")[0]


def _spaced(name: str) -> str:
    """A check may be named as the function that makes it."""
    return name.replace("_", " ")


def _notes(summaries: Sequence[Summary]) -> list[str]:
    """What needs more words than a cell has."""
    notes = [
        f"FAILED for {run.setting.policy}: {_spaced(check.name)}: {check.detail}"
        for run in summaries
        for check in run.checks
        if not check.ok
    ]
    compared = [cell for _, cells in _told((*rows.REPAIRS, *rows.WAITING), summaries) for cell in cells]
    if any(cell.endswith("(DIFFERS)") for cell in compared):
        notes.append(
            "DIFFERS: theory lies outside the 95 % interval, as it does in one of 20 sound runs. "
            "Try other seeds; and a longer --duration, as theory is of the long run."
        )
    return notes
