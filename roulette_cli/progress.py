"""A progress bar on stderr, shown on a terminal after a short wait."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, TypeAlias

import typer

NoProgress: TypeAlias = Annotated[bool, typer.Option("--no-progress", help="Show no progress bar.")]

Advance: TypeAlias = Callable[[float], object]
"""Takes the amount of work done."""

Track: TypeAlias = Callable[[str, float | None], Advance]
"""Starts a bar, given its label and the total amount of work, None if unknown."""

QUIET_SECONDS = 1.0
"""Seconds of work before the bar appears."""


@contextmanager
def progress_bar(enabled: bool) -> Iterator[Track]:
    """Shows one bar after another, if enabled and stderr is a terminal, and removes the last at the end."""
    with ExitStack() as shown:

        def track(label: str, total: float | None) -> Advance:
            shown.close()
            return _tracked(shown, label, total) if enabled and sys.stderr.isatty() else lambda done: None

        yield track


def _tracked(shown: ExitStack, label: str, total: float | None) -> Advance:
    began = time.monotonic()
    update: Advance | None = None

    def advance(done: float) -> None:
        nonlocal update
        if update is None and time.monotonic() - began > QUIET_SECONDS:
            update = _show_bar(shown, label, total)
        if update is not None:
            update(done)

    return advance


def _show_bar(shown: ExitStack, label: str, total: float | None) -> Advance:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    bar = shown.enter_context(Progress(console=Console(stderr=True), transient=True))
    task = bar.add_task(escape(label), total=total)
    return lambda done: bar.update(task, completed=done)
