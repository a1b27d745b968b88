"""The report for people: runs side by side, as many as the width of the terminal allows."""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from roulette_core import harmless
from roulette_core.testing import Result, Verdict, overall
from sim.measure import Summary
from sim.report.figures import CHECKS, FIGURES, HISTOGRAM, SECTIONS
from sim.report.histogram import histogram

LABEL_WIDTH = 27
RUN_WIDTH = 25


def render(summaries: Sequence[Summary], console: Console) -> None:
    """Prints the report, one column per run. Runs that do not fit beside the others come beneath."""
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
        heading = harmless.cell(run.setting.policy, console.encoding)
        table.add_column(Text(heading), min_width=width, overflow="fold")
    for title, rows in _sections(runs, console.options.ascii_only):
        filled = [(label, cells) for label, cells in rows if any(cells)]
        if title and filled:
            table.add_section()
            table.add_row(Text(title, style="bold"))
        for label, cells in filled:
            table.add_row(
                Text(harmless.cell(label, console.encoding)), *(_cell(cell, console.encoding) for cell in cells)
            )
    return table


def _sections(runs: Sequence[Summary], ascii_only: bool) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Yields each title with its labels, and a cell per run. Rows that are empty for all runs are left out later."""
    for title, rows in SECTIONS.items():
        if title == HISTOGRAM:
            yield title, histogram([run.waits.histogram for run in runs], ascii_only)
        elif title == CHECKS:
            yield title, _checks(runs)
        else:
            yield title, [(row.label, [row.cell(run) for run in runs]) for row in rows]


def _cell(text: str, encoding: str) -> Text:
    """Returns a cell in which colour only repeats what the words say."""
    cell = Text(harmless.cell(text, encoding))
    cell.highlight_regex(r"^ok( \(\d+ (of \d+ )?rules\))?$|\(agrees\)$", "green")
    cell.highlight_regex(r"^FAILED$|\(DIFFERS\)$", "bold red")
    return cell


def _checks(runs: Sequence[Summary]) -> list[tuple[str, list[str]]]:
    """Returns one row for each check of any run, in their order, and only one for each group of checks."""
    names = dict.fromkeys(_group(check) for run in runs for check in run.checks)
    return [(_spaced(name), [_verdict(run, name) for run in runs]) for name in names]


def _verdict(run: Summary, group: str) -> str:
    """Returns the verdict on a group of checks, and how many of several were made; empty if there is no such group."""
    checks = [check for check in run.checks if _group(check) == group]
    verdict = overall(checks)
    if len(checks) < 2 or verdict is not Verdict.OK:
        return verdict.label if checks else ""
    asked = sum(check.verdict is Verdict.OK for check in checks)
    return f"ok ({asked}{'' if asked == len(checks) else f' of {len(checks)}'} rules)"


def _group(check: Result) -> str:
    """Returns what stands before the colon, which is common to a group."""
    return check.name.partition(":")[0]


def _spaced(name: str) -> str:
    """Returns the name in words: a check may be named after a function."""
    return name.replace("_", " ")


def _notes(summaries: Sequence[Summary]) -> Iterator[str]:
    """Yields what needs more words than fit into a cell."""
    unasked: dict[tuple[str, str], dict[str, None]] = {}
    for run in summaries:
        for check in run.checks:
            if check.verdict is Verdict.FAILED:
                yield f"FAILED for {run.setting.policy}: {_spaced(check.name)}: {check.detail}"
            elif check.verdict is Verdict.NOT_ASKED:
                group, colon, name = _spaced(check.name).rpartition(": ")
                unasked.setdefault((group + colon, check.detail), {})[name] = None
    yield from (f"not asked: {group}{', '.join(names)} ({reason})" for (group, reason), names in unasked.items())
    agreements = [figure for key, figure in FIGURES.items() if key.endswith(".agrees")]
    if any(figure.value(run) is False for figure in agreements for run in summaries):
        yield (
            "DIFFERS: theory lies outside the 95 % interval, as it does in one of 20 sound runs. "
            "Try other seeds; and a longer --duration, as theory is of the long run."
        )
