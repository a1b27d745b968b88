"""The operator's terminal: commands are typed there, and answers shown."""

import contextlib
import os
import signal
from asyncio import AbstractEventLoop
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from roulette_core import harmless
from transports.dialects.lines import LineSplitter
from transports.operator.commands import Operator
from transports.operator.tables import rendered


class _Printer(Console):
    def on_broken_pipe(self) -> None:
        """Rich itself would end the program here."""
        raise BrokenPipeError


class OperatorConsole:
    """Reads commands from a terminal while the server runs, and prints the answers.

    Args:
        operator: obeys the commands.
        source: the terminal to read from.
        target: where to print.
    """

    def __init__(self, operator: Operator, source: TextIO, target: TextIO) -> None:
        self._operator = operator
        self._descriptor = source.fileno()
        self._printer = _Printer(file=target, highlight=False, markup=False)
        self._lines = LineSplitter()
        self._loop: AbstractEventLoop | None = None

    def attach(self, loop: AbstractEventLoop) -> None:
        """Begins to listen to the operator."""
        # A background job that reads its terminal would be stopped, and the chat with it: rather have an error.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
        loop.add_reader(self._descriptor, self._readable)
        self._loop = loop

    def detach(self) -> None:
        """Listens no more; the server goes on."""
        if self._loop is not None:
            self._loop.remove_reader(self._descriptor)
            self._loop = None

    def say(self, line: str) -> None:
        """Tells the operator something that nobody asked for."""
        self._print(Text(harmless.line(line)))

    def _readable(self) -> None:
        data = b""
        with contextlib.suppress(OSError):  # the terminal is gone, or this is a background job
            data = os.read(self._descriptor, 4096)
        if not data:
            self.detach()
            self.say("The console is closed; the server goes on until Ctrl-C.")
        for line in self._lines.feed(data):
            if line is not None and line.strip():
                self._print(rendered(self._operator.obey(line)))

    def _print(self, what: RenderableType) -> None:
        try:
            self._printer.print(what)
        except OSError:  # nobody reads the answers
            self.detach()
