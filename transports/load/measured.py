"""A server in a process of its own, which reports what it has used."""

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from transports.load.server_process import ServerFailed, ServerProcess, server_process


class Used(NamedTuple):
    """What a process has used since it began."""

    cpu_seconds: float  # by itself and by the system on its behalf
    resident_bytes: int  # memory, now


class MeasuredServer(ServerProcess):
    """A server that is running, and reports what it uses."""

    def used(self) -> Used:
        """Returns what the server has used until now. Raises ``ServerFailed``."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None and stdout is not None, "they are pipes"
        try:
            os.write(stdin.fileno(), b".")
            return Used(**json.loads(stdout.readline()))
        except (OSError, ValueError) as error:  # a closed pipe, or no answer
            raise self.failure() or ServerFailed("the server does not answer") from error


@contextmanager
def measured_server(loop: str = "asyncio", policy: str = "no-repeat", **limits: Any) -> Iterator[MeasuredServer]:
    """Starts a server, and ends it.

    Args:
        loop: ``asyncio``, or ``uvloop`` where that is installed.
        policy: the policy's specification.
        limits: the fields of ``Limits`` that differ from their defaults.

    Raises:
        ServerFailed: it did not start.
    """
    _allow_descriptors()
    options = json.dumps({"loop": loop, "policy": policy, "limits": limits})
    with server_process("from transports.load.served import main; main()", options) as server:
        yield MeasuredServer(server.process, server.port)


def _allow_descriptors() -> None:
    """Raises the limit on open files, of both processes, as far as the system allows: 1,024 is a common default."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
