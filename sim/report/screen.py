"""The report for people: policies side by side, each beside its difference from the first, as wide as the terminal."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from roulette_core import harmless
from roulette_core.testing import Result, Verdict, overall
from sim.report.figure import Sample
from sim.report.histogram import histogram
from sim.report.notes import notes
from sim.report.rows import BY_KIND, CHECKS, ENGINE, HISTOGRAM, SECTIONS, Columns, Row, kinds
from sim.results import PolicyRuns, Results

LABEL_WIDTH = 21
CELL_WIDTH = 17
DIFFERENCE_WIDTH = 19
BAR_WIDTH = CELL_WIDTH - 8
GAP = 1


class Column(NamedTuple):
    """A policy by number, or its difference from the first."""

    policy: int
    is_difference: bool

    @property
    def width(self) -> int:
        """Characters that it takes at most."""
        return GAP + (DIFFERENCE_WIDTH if self.is_difference else CELL_WIDTH)


def render_results(results: Results, console: Console) -> None:
    """Prints the report. What does not fit beside the rest comes beneath."""
    columns = Columns([Sample(results.setting, policy) for policy in results.policies])
    for page in _pages(len(results.policies), console.width):
        console.print(_table(results, columns, page, console))
    for note in notes(results, columns):
        console.print(Text(harmless.cell(note, console.encoding)))


def _pages(policies: int, width: int) -> Iterator[list[Column]]:
    """Yields the columns that fit beside each other, at least one."""
    page: list[Column] = []
    for number in range(policies):
        for column in [Column(number, False), *([Column(number, True)] if number else [])]:
            if page and 2 + LABEL_WIDTH + sum(each.width for each in (*page, column)) > width:
                yield page
                page = []
            page.append(column)
    if page:
        yield page


def _table(results: Results, columns: Columns, page: Sequence[Column], console: Console) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False, header_style="bold")
    table.add_column("", min_width=LABEL_WIDTH if console.width >= 2 + LABEL_WIDTH + page[0].width else None)
    for column in page:
        heading = results.policies[column.policy].policy
        if column.is_difference:
            heading = "difference" if len(results.policies) == 2 else f"{heading} minus {results.policies[0].policy}"
        table.add_column(
            Text(harmless.cell(heading, console.encoding)),
            overflow="fold",
            min_width=column.width - GAP if console.width >= 2 + LABEL_WIDTH + column.width else None,
            max_width=None if len(page) == 1 else column.width - GAP,
        )
    for title, rows in _sections(results, columns, page, console.options.ascii_only):
        filled = [(label, cells) for label, cells in rows if any(cells)]
        if title and filled:
            table.add_section()
            table.add_row(Text(title, style="bold"))
        for label, cells in filled:
            table.add_row(
                Text(harmless.cell(label, console.encoding)), *(_cell(cell, console.encoding) for cell in cells)
            )
    return table


_Rows = list[tuple[str, list[str]]]


def _sections(
    results: Results, columns: Columns, page: Sequence[Column], ascii_only: bool
) -> Iterator[tuple[str, _Rows]]:
    """Yields each title with its labels, and a cell per column. Rows without any cell are left out later."""
    for title, rows in SECTIONS.items():
        if title == HISTOGRAM:
            yield title, _bars(columns, page, ascii_only)
        elif title == CHECKS:
            yield title, _checks(results.policies, page)
        else:
            all_rows = [each for row in rows for each in (kinds(results.setting) if row.label == BY_KIND else [row])]
            yield title, [(row.label, [_shown(row, columns, column) for column in page]) for row in all_rows]
            if title == "Speed":
                engines = ["" if each.is_difference else results.policies[each.policy].engine for each in page]
                yield "", [(ENGINE, engines)]


def _shown(row: Row, columns: Columns, column: Column) -> str:
    return row.difference(columns, column.policy) if column.is_difference else row.cell(columns, column.policy)


def _bars(columns: Columns, page: Sequence[Column], ascii_only: bool) -> _Rows:
    shown = [column.policy for column in page if not column.is_difference]
    found = [columns.figures[policy]["wait.histogram"].value for policy in shown]
    drawn = histogram([[each["searches"] for each in bins] for bins in found], ascii_only, BAR_WIDTH)
    return [(label, [_take(cells, shown, column) for column in page]) for label, cells in drawn]


def _take(cells: Sequence[str], shown: Sequence[int], column: Column) -> str:
    return "" if column.is_difference else cells[shown.index(column.policy)]


def _cell(text: str, encoding: str) -> Text:
    """Returns a cell in which colour only repeats what the words say."""
    if encoding == "ascii":
        text = text.replace("±", "+-")
    cell = Text(harmless.cell(text, encoding))
    cell.highlight_regex(r"^ok( \(\d+ (of \d+ )?rules\))?$|\(agrees\)$|^beyond chance$", "green")
    cell.highlight_regex(r"^FAILED$|\(DIFFERS\)$|^UNFAIR$", "bold red")
    return cell


def _checks(policies: Sequence[PolicyRuns], page: Sequence[Column]) -> _Rows:
    """Returns one row for each check of any run, in their order, and only one for each group of checks."""
    checks = [[check for run in each.runs for check in run.checks] for each in policies]
    names = dict.fromkeys(_group(check) for each in checks for check in each)
    return [
        (
            name.replace("_", " "),
            ["" if column.is_difference else _verdict(checks[column.policy], name) for column in page],
        )
        for name in names
    ]


def _verdict(checks: Sequence[Result], group: str) -> str:
    """Returns the verdict on a group of checks, and how many rules were asked; empty if there is no such group."""
    of_group = [check for check in checks if _group(check) == group]
    names = {check.name for check in of_group}
    verdict = overall(of_group)
    if len(names) < 2 or verdict is not Verdict.OK:
        return verdict.label if of_group else ""
    asked = len({check.name for check in of_group if check.verdict is Verdict.OK})
    return f"ok ({asked}{'' if asked == len(names) else f' of {len(names)}'} rules)"


def _group(check: Result) -> str:
    """Returns what stands before the colon, which is common to a group."""
    return check.name.partition(":")[0]
