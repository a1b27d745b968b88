"""A server in a process of its own, which tells what it has used."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

PATIENCE = 30.0
"""How long the server may take to end, in seconds."""


class Used(NamedTuple):
    """What a process has used since it began.

    Attributes:
        cpu_seconds: by itself and by the system on its behalf.
        resident_bytes: memory, now.
    """

    cpu_seconds: float
    resident_bytes: int


@dataclass(frozen=True, slots=True)
class Host:
    """A server that runs.

    Attributes:
        process: its process.
        port: where it listens, on 127.0.0.1.
    """

    process: subprocess.Popen[bytes]
    port: int

    def used(self) -> Used:
        """Asks what it has used until now. Raises ``ServerFailed``."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(b".")
        except OSError as error:
            raise ServerFailed("the server has ended") from error
        return Used(**json.loads(_answer(self.process)))


class ServerFailed(Exception):
    """The server has ended by itself; it said why on stderr."""


@contextmanager
def hosting(loop: str = "asyncio", policy: str = "no-repeat", **limits: Any) -> Iterator[Host]:
    """Starts a server, and ends it.

    Args:
        loop: ``asyncio``, or ``uvloop`` where that is installed.
        policy: who meets whom.
        limits: what is other than in ``Limits``.
    """
    _allow_descriptors()
    options = json.dumps({"loop": loop, "policy": policy, "limits": limits})
    command = [sys.executable, "-m", "benchmarks.load.served", options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    with process:
        try:
            yield Host(process, int(_answer(process)))
            assert process.stdin is not None
            process.stdin.close()
            process.wait(PATIENCE)
        finally:
            process.kill()


def _allow_descriptors() -> None:
    """As many connections as the system lets us have, in both processes: often there are 1,024 unless one asks."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _answer(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise ServerFailed("the server has ended")
    return line
