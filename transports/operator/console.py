"""The operator's terminal: who is there, who is waiting, who is with whom, and the end of it all."""

import contextlib
import os
import signal
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from roulette_core import Roulette, State, User
from transports.dialects.harmless import harmless
from transports.dialects.lines import LineSplitter
from transports.gateway import Gateway

ROWS_LIMIT = 100
"""How many rows a table shows: a console should never keep a full server from its work."""

HELP = """list       everybody: where they are, and with whom
research   those searching: for how long, and why they wait
private    the pairs in private
close      say goodbye to everybody and stop
help       this"""


def answer(command: str, gateway: Gateway, now: float) -> RenderableType:
    """Answers what an operator asks; ``close`` is not for this function, as it takes a server.

    Args:
        command: what was typed.
        gateway: what is asked about; it is only looked at.
        now: the time, in seconds on the gateway's clock.

    Returns:
        Something for rich to print, safe for a terminal whatever people call themselves.
    """
    roulette = gateway.roulette
    if command == "list":
        return _everybody(gateway)
    if command == "research":
        rows = (_waiting(roulette, user, now) for user in roulette.users(State.SEARCHING))
        return _table(("searching", "for", "why"), rows, roulette.counts()[State.SEARCHING])
    if command == "private":
        pairs = roulette.pairs()
        return _table(("in private", "with"), (tuple(map(roulette.name, pair)) for pair in pairs), len(pairs))
    if command == "help":
        return Text(HELP)
    return Text(f"There is no command {harmless(command)!r}.\n{HELP}")


def _everybody(gateway: Gateway) -> RenderableType:
    roulette = gateway.roulette
    table = _table(("who", "where", "with"), (_place(roulette, user) for user in roulette.users()), len(roulette))
    unnamed = len(gateway) - len(roulette)
    where = ", ".join(f"{state.name.lower()} {count}" for state, count in roulette.counts().items())
    return Group(table, Text(f"{where}, without a pseudonym yet {unnamed}"))


def _place(roulette: Roulette, user: User) -> tuple[str, str, str]:
    partner = roulette.partner(user)
    return (
        roulette.name(user),
        roulette.state(user).name.lower(),
        "" if partner is None else roulette.name(partner),
    )


def _waiting(roulette: Roulette, user: User, now: float) -> tuple[str, str, str]:
    since = roulette.policy.pool[user]
    return roulette.name(user), f"{now - since:.0f} s", roulette.explain(user).text


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], count: int) -> Table:
    table = Table(*columns, box=SIMPLE_HEAD)
    for _, row in zip(range(ROWS_LIMIT), rows, strict=False):
        table.add_row(*(Text(harmless(cell)) for cell in row))
    if count > ROWS_LIMIT:
        table.add_row(f"… and {count - ROWS_LIMIT} more")
    elif not count:
        table.add_row("nobody")
    return table


class _Printer(Console):
    def on_broken_pipe(self) -> None:
        """Rich itself would end the program here."""
        raise BrokenPipeError


class OperatorConsole:
    """Reads commands from a terminal while the server runs, and prints the answers.

    Args:
        gateway: what the operator asks about.
        clock: tells the time on the gateway's clock, in seconds.
        stop: what ``close`` does.
        source: the terminal to read from.
        target: where to print.
    """

    def __init__(
        self, gateway: Gateway, clock: Callable[[], float], stop: Callable[[], None], source: TextIO, target: TextIO
    ) -> None:
        self._gateway = gateway
        self._clock = clock
        self._stop = stop
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

    def _readable(self) -> None:
        data = b""
        with contextlib.suppress(OSError):  # the terminal is gone, or this is a background job
            data = os.read(self._descriptor, 4096)
        if not data:
            self.detach()
            self._print(Text("The console is closed; the server goes on until Ctrl-C."))
        for line in self._lines.feed(data):
            if line is not None:
                self._obey(line.strip().removesuffix("()"))

    def _obey(self, command: str) -> None:
        if command == "close":
            self._stop()
        elif command:
            self._print(answer(command, self._gateway, self._clock()))

    def _print(self, what: RenderableType) -> None:
        try:
            self._printer.print(what)
        except OSError:  # nobody reads the answers
            self.detach()
