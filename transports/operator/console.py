"""The operator's terminal: reads commands, prints answers."""

import contextlib
import os
import signal
from asyncio import AbstractEventLoop
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from roulette_core import harmless
from transports.lines import LineSplitter
from transports.operator.commands import Operator
from transports.operator.tables import rendered


class _Printer(Console):
    def on_broken_pipe(self) -> None:
        """Raises, as rich itself would end the program here."""
        raise BrokenPipeError


class OperatorConsole:
    """Reads commands from a terminal while the server runs, and prints the operator's answers."""

    def __init__(self, operator: Operator, source: TextIO, target: TextIO) -> None:
        self._operator = operator
        self._descriptor = source.fileno()
        self._printer = _Printer(file=target, highlight=False, markup=False)
        self._lines = LineSplitter()
        self._loop: AbstractEventLoop | None = None

    def attach(self, loop: AbstractEventLoop) -> None:
        """Starts reading commands."""
        # A background job that reads its terminal is stopped by SIGTTIN, and the chat with it; ignored, reading fails.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
        loop.add_reader(self._descriptor, self._readable)
        self._loop = loop

    def detach(self) -> None:
        """Stops reading commands; the server runs on."""
        if self._loop is not None:
            self._loop.remove_reader(self._descriptor)
            self._loop = None

    def say(self, line: str) -> None:
        """Prints an unsolicited line."""
        self._print(Text(harmless.line(line)))

    def _readable(self) -> None:
        data = b""
        with contextlib.suppress(OSError):  # the terminal was closed, or this is a background job
            data = os.read(self._descriptor, 4096)
        if not data:
            self.detach()
            self.say("The console is closed; the server runs on until Ctrl-C.")
        for line in self._lines.feed(data):
            if line is not None and line.strip():
                self._print(rendered(self._operator.obey(line)))

    def _print(self, what: RenderableType) -> None:
        try:
            self._printer.print(what)
        except OSError:  # the reader of the answers is gone
            self.detach()
