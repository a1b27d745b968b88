"""``roulette bench``: the benchmark report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from roulette_cli.errors import BadUsage
from roulette_cli.interrupts import interruptible
from roulette_cli.output import JsonFile, console, publish, require_json_file
from roulette_cli.progress import NoProgress


def bench(
    suites: Annotated[
        list[str] | None,
        typer.Argument(help="Suites to run: core, memory, saving, sim, server; default all.", metavar="SUITE"),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Small populations only; takes seconds.")] = False,
    runs: Annotated[
        int | None,
        typer.Option(help="Repetitions of each timing; default 5, or 3 with --quick.", metavar="N", min=1, max=1000),
    ] = None,
    json_file: JsonFile = None,
    no_progress: NoProgress = False,
) -> int:
    """Measure speed and memory of core, simulator and server.

    All suites take about four minutes. Programs that are compared run in turn, so ratios hold on a busy machine, too.
    """
    from benchmarks import SUITES, SuiteResult, render, report, run_suites, to_data

    chosen = list(dict.fromkeys(suites or SUITES))
    for name in chosen:
        if name not in SUITES:
            raise BadUsage(f"unknown suite {name!r}", f"choose from {', '.join(SUITES)}; without a name, all are run")
    require_json_file(json_file)
    measured: list[SuiteResult] = []
    with _status_line(enabled=not no_progress) as tell, interruptible() as interruption:
        for result in run_suites(chosen, quick, runs, tell):
            measured.append(result)
    found = report(measured, quick, runs)
    publish(lambda: render(found, console()), to_data(found), json_file, interruption.happened)
    return interruption.status or 0


@contextmanager
def _status_line(enabled: bool) -> Iterator[Callable[[str], None]]:
    """Shows on a terminal what is being measured, and the time since the start.

    The line is drawn when a measurement begins: a thread that refreshed it would take its share of the time measured.
    """
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    shown = enabled and console.is_terminal
    with Progress(*columns, console=console, transient=True, auto_refresh=False, disable=not shown) as line:
        task = line.add_task("")
        yield lambda what: line.update(task, description=what, refresh=True)
