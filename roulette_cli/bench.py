"""``roulette bench``: the benchmark report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from roulette_cli.errors import BadUsage
from roulette_cli.json_file import STDOUT, require_writable, write_json

if TYPE_CHECKING:
    from benchmarks.results import Report


def bench(
    suites: Annotated[
        list[str] | None, typer.Argument(help="core, memory, sim, server; by default all of them.", metavar="SUITE")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Small populations only, in seconds.")] = False,
    json: Annotated[
        str | None, typer.Option(help="Write the figures as JSON too; - for standard output alone.", metavar="FILE")
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option(
            help="How often each timing is repeated; by default 5, or 3 if quick.", metavar="N", min=1, max=1000
        ),
    ] = None,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Do not show what is being measured.")] = False,
) -> None:
    """Measure speed and memory: core, simulator beside SimPy, server.

    All of it takes some four minutes. Whatever is compared runs in turn, so that ratios hold on a busy machine too.
    """
    from benchmarks.export import to_data
    from benchmarks.run import run
    from benchmarks.suites import SUITES

    chosen = list(dict.fromkeys(suites or SUITES))
    for name in chosen:
        if name not in SUITES:
            raise BadUsage(
                f"there is no suite {name!r}", f"choose from {', '.join(SUITES)}; without a name, all are run"
            )
    require_writable(json)
    with _status_line(enabled=not no_progress) as tell:
        report = run(chosen, quick, runs, tell)
    if json != STDOUT:
        _print(report)
    write_json(to_data(report), json)


def _print(report: Report) -> None:
    from rich.console import Console

    from benchmarks.render import render

    render(report, Console(file=sys.stdout, highlight=False, markup=False))


@contextmanager
def _status_line(enabled: bool) -> Iterator[Callable[[str], None]]:
    """One line on a terminal: what is being measured, and how long all of it has taken.

    It is drawn when a measurement begins, and not by a thread that would take its share of the time measured.
    """
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    shown = enabled and console.is_terminal
    with Progress(*columns, console=console, transient=True, auto_refresh=False, disable=not shown) as line:
        task = line.add_task("")
        yield lambda what: line.update(task, description=what, refresh=True)
