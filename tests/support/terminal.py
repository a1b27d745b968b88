"""Commands in a real terminal: a pseudo-terminal of 80 columns, and an emulator that shows what a person sees."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pexpect
import pyte

COLUMNS, LINES = 80, 24
ROULETTE = str(Path(sys.executable).with_name("roulette"))
"""The installed command ``roulette``."""


class Ended(NamedTuple):
    """What a command left behind.

    Attributes:
        status: its exit status, or minus the signal that ended it.
        screen: what is to be seen, scrolled-away lines included, without trailing blanks.
        raw: all that it wrote, escape codes included.
    """

    status: int
    screen: str
    raw: str


def environment(**more: str) -> dict[str, str]:
    """The environment of somebody in front of a plain terminal."""
    unwanted = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "CLICOLOR_FORCE", "TTY_COMPATIBLE")
    inherited = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**inherited, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **more}


def start(*arguments: str, timeout: float = 60, **more: str) -> pexpect.spawn:
    """Starts ``roulette`` with these arguments in a terminal.

    Args:
        arguments: what is typed behind ``roulette``.
        timeout: how long to wait for anything at all, in seconds.
        more: environment variables on top.
    """
    return pexpect.spawn(
        ROULETTE,
        list(arguments),
        env=environment(**more),
        dimensions=(LINES, COLUMNS),
        encoding="utf-8",
        timeout=timeout,
    )


def finish(child: pexpect.spawn, before: str = "") -> Ended:
    """Waits for a command to end, and looks at the terminal.

    Args:
        child: the command.
        before: what has been read from it already.
    """
    child.expect(pexpect.EOF)
    child.close()
    raw = before + child.before
    status = -child.signalstatus if child.exitstatus is None else child.exitstatus
    return Ended(status, shown(raw), raw)


def run(*arguments: str, timeout: float = 60, **more: str) -> Ended:
    """Runs ``roulette`` with these arguments in a terminal until it ends."""
    return finish(start(*arguments, timeout=timeout, **more))


def run_plain(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command line as documentation shows it, without a terminal, at 80 columns and without colour.

    Args:
        command: ``roulette …``, with ``uv run`` in front or not; the installed command is what runs.
        folder: where to run it.
    """
    words = shlex.split(command.removeprefix("uv run "))
    assert words[0] == "roulette", command
    plain = environment(NO_COLOR="1", COLUMNS=str(COLUMNS))
    return subprocess.run([ROULETTE, *words[1:]], cwd=folder, env=plain, capture_output=True, text=True, timeout=120)


def shown(raw: str) -> str:
    """What a terminal of 80 columns makes of this output."""
    screen = pyte.Screen(COLUMNS, raw.count("\n") + LINES)
    pyte.Stream(screen).feed(raw)
    return "\n".join(line.rstrip() for line in screen.display).rstrip()
