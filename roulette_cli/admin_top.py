"""``roulette admin top``: a live view of a server, redrawn every second."""

import contextlib
import os
import select
import sys
import termios
import tty
from collections.abc import Iterator

from rich.live import Live

from roulette_cli.output import console
from transports.operator import AdminClient, view

PERIOD = 1.0
"""Seconds between two redraws."""


def top(client: AdminClient) -> None:
    """Shows the view until q or Ctrl-C. Without a terminal, prints it once."""
    screen = console()
    before = client.ask("stats").counts
    drawing = view(None, before, client.ask("research"))
    if not screen.is_terminal or sys.stdin is None or not sys.stdin.isatty():
        screen.print(drawing)
        return
    live = Live(drawing, console=screen, screen=True, auto_refresh=False)
    with contextlib.suppress(KeyboardInterrupt), _keys(), live:
        while not _quits(PERIOD):
            now = client.ask("stats").counts
            live.update(view(before, now, client.ask("research")), refresh=True)
            before = now


@contextlib.contextmanager
def _keys() -> Iterator[None]:
    """Reads keys as they are pressed, without echo."""
    descriptor = sys.stdin.fileno()
    settings = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, settings)


def _quits(seconds: float) -> bool:
    """Returns whether q is pressed within ``seconds``, or the terminal is closed."""
    descriptor = sys.stdin.fileno()
    readable, _, _ = select.select([descriptor], [], [], seconds)
    # A key may be several bytes: that of F2 ends in Q. Nothing at all is EOF.
    return bool(readable) and os.read(descriptor, 64)[:1] in (b"q", b"Q", b"")
