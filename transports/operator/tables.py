"""Renders answers for a terminal: harmless whatever a pseudonym holds, and readable without colour."""

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from roulette_core import harmless
from transports.operator.answers import Answer, Cell


def rendered(answer: Answer) -> RenderableType:
    """Returns an answer as something that rich prints."""
    parts: list[RenderableType] = [_table(answer)] if answer.columns else []
    hidden = answer.total - len(answer.rows)
    if answer.columns and hidden > 0:
        parts.append(Text(f"  … and {hidden} more"))
    parts += (Text(harmless.line(remark)) for remark in answer.remarks)
    return Group(*parts)


def _table(answer: Answer) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=True)
    for number, title in enumerate(answer.columns):
        figures = bool(answer.rows) and all(isinstance(row[number], int | float | None) for row in answer.rows)
        table.add_column(title, justify="right" if figures else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text(_shown(cell)) for cell in row))
    if not answer.total:
        table.add_row("none")
    return table


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:.1f}" if isinstance(cell, float) else harmless.line(str(cell))
