"""``roulette bench``: the benchmark report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from roulette_cli.errors import BadUsage, CommandError, reason
from roulette_cli.files import require_writable, write_file
from roulette_cli.interrupts import interruptible
from roulette_cli.output import JsonFile, console, publish, require_json_file
from roulette_cli.progress import NoProgress

if TYPE_CHECKING:
    from benchmarks import Report


def bench(
    suites: Annotated[
        list[str] | None,
        typer.Argument(help="Suites to run: core, memory, saving, sim, start, server; default all.", metavar="SUITE"),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Small populations only; takes less than a minute.")] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Also a million users for an hour: up to 1 GiB of memory.")
    ] = False,
    runs: Annotated[
        int | None,
        typer.Option(help="Repetitions of each timing; default 5, or 3 with --quick.", metavar="N", min=1, max=1000),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(help="Say what differs beyond noise from an earlier report, written by --json.", metavar="FILE"),
    ] = None,
    html: Annotated[
        str | None, typer.Option(help="Write the report as one self-contained page, with figures.", metavar="FILE")
    ] = None,
    json_file: JsonFile = None,
    no_progress: NoProgress = False,
) -> int:
    """Measure speed and memory of core, simulator and server.

    All suites take about ten minutes. Programs that are compared run in turn, so ratios hold on a busy machine, too.
    """
    from benchmarks import (
        SUITES,
        SuiteResult,
        how_much,
        render,
        render_comparison,
        report,
        run_suites,
        to_data,
        to_page,
    )
    from benchmarks import compare as compare_reports

    chosen = list(dict.fromkeys(suites or SUITES))
    for name in chosen:
        if name not in SUITES:
            raise BadUsage(f"unknown suite {name!r}", f"choose from {', '.join(SUITES)}; without a name, all are run")
    if quick and thorough:
        raise BadUsage("--quick cannot be combined with --thorough", "leave out one of them")
    earlier = None if compare is None else _read(compare)
    require_json_file(json_file)
    if html is not None:
        require_writable(html, "--html")
    measured: list[SuiteResult] = []
    effort = how_much(quick, thorough, runs)
    with _status_line(enabled=not no_progress) as tell, interruptible() as interruption:
        for result in run_suites(chosen, effort, tell):
            measured.append(result)
    found = report(measured, effort)
    comparison = None if earlier is None else compare_reports(earlier, found)
    if html is not None:
        _write(html, to_page(found, comparison))

    def show() -> None:
        render(found, console())
        if comparison is not None:
            render_comparison(comparison, console())

    publish(show, to_data(found, comparison), json_file, interruption.happened)
    return interruption.status or 0


def _read(path: str) -> Report:
    """Reads an earlier report. Raises ``BadUsage`` if it is none."""
    from benchmarks import NotAReport, from_data

    try:
        return from_data(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise BadUsage(f"cannot read {path!r}: {reason(error)}", "name a file that --json has written") from error
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, NotAReport) else "it is not JSON"
        raise BadUsage(f"cannot compare with {path!r}: {why}", "name a file that --json has written") from error


def _write(path: str, text: str) -> None:
    try:
        write_file(path, text)
    except OSError as error:
        raise CommandError(f"cannot write to {path!r}: {reason(error)}", "name another file with --html") from error


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
