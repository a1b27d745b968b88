"""``roulette serve`` in a process of its own, and people at ``nc`` who use it."""

import contextlib
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support import terminal

PATIENCE = 30.0
"""How long to wait for anything, in seconds, before the test fails."""


class Running(NamedTuple):
    """A server in its own process, and where it listens."""

    process: subprocess.Popen[str]
    port: int

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Sends a signal: the exit status, and what was said on stderr since the first line."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, err


@contextlib.contextmanager
def serving(*options: str, stdin: int | None = subprocess.DEVNULL, folder: Path | None = None) -> Iterator[Running]:
    """``roulette serve`` on a free port, killed in the end if it has not been stopped."""
    port = () if "--port" in options else ("--port", "0")
    process = subprocess.Popen(
        [terminal.ROULETTE, "serve", *port, *options],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=terminal.environment(),
        cwd=folder,
    )
    assert process.stderr is not None
    with process:
        try:
            yield Running(process, port_in(process.stderr.readline()))
        finally:
            process.kill()


def port_in(line: str) -> int:
    """The port that a server's first line names."""
    found = re.search(r"listening on \S+ port (\d+)", line)
    assert found, line
    return int(found[1])


class Netcat:
    """Somebody at ``nc``: types lines, reads lines."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\r\n")

    def type(self, line: str) -> None:
        """Types a line and the return key."""
        self.socket.sendall(f"{line}\n".encode())

    def read(self) -> str:
        """The next line; empty once the server has closed."""
        return self.lines.readline().removesuffix("\r\n")

    def hears(self, wanted: str) -> None:
        """Reads on until a line holds what is wanted."""
        assert any(wanted in line for line in self.lines), f"never heard {wanted!r}"

    def is_alone(self) -> bool:
        """Whether the server has closed, without another word."""
        return self.lines.read() == ""

    def leave(self) -> None:
        """Closes the window."""
        self.lines.close()
        self.socket.close()


@contextlib.contextmanager
def people(port: int, *names: str) -> Iterator[list[Netcat]]:
    """People who have connected and been welcomed, one after the other."""
    with contextlib.ExitStack() as stack:
        persons = []
        for name in names:
            person = Netcat(port)
            stack.callback(person.leave)
            person.type(name)
            person.hears(f"Welcome, <{name}>")
            persons.append(person)
        yield persons
