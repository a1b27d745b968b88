"""A progress bar on stderr, for those who look at a terminal and have waited for a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, TypeAlias

import typer

NoProgress: TypeAlias = Annotated[bool, typer.Option("--no-progress", help="Show no progress bar.")]
"""The option."""

Advance: TypeAlias = Callable[[float], object]
"""Takes how far something has got."""

Track: TypeAlias = Callable[[str, float | None], Advance]
"""Begins a bar: its label, and how far there is to go, if that is known."""

QUIET_SECONDS = 1.0
"""How long something goes on before its bar appears."""


@contextmanager
def progress_bar(enabled: bool) -> Iterator[Track]:
    """Shows one bar after the other, and takes the last away at the end.

    Args:
        enabled: whether a bar is wanted at all; there is none either if stderr is no terminal.
    """
    with ExitStack() as shown:

        def track(label: str, total: float | None) -> Advance:
            shown.close()
            return _tracked(shown, label, total) if enabled and sys.stderr.isatty() else _show_nothing

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


def _show_nothing(done: float) -> None:
    """Instead of a bar."""
