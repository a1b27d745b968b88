"""A server in a process of its own, for as long as it is needed."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from roulette_core.testing.processes import last_words, python_process


class ServerFailed(Exception):
    """The server did not start, or has ended by itself; the reason in its own words, if it gave one."""


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that runs on this machine."""

    process: subprocess.Popen[str]  # with pipes for all three standard streams
    port: int  # where it listens, on 127.0.0.1

    def failure(self) -> ServerFailed | None:
        """Returns why the server has ended by itself; None if it still runs a second later."""
        process = self.process
        with suppress(subprocess.TimeoutExpired):
            process.wait(1.0)
        if process.returncode is None:
            return None
        assert process.stderr is not None, "it is a pipe"
        why = last_words(process.returncode, process.stderr.read())
        return ServerFailed(f"the server has ended by itself: {why.removeprefix('error: ')}")


@contextmanager
def server_process(program: str, *arguments: str) -> Iterator[ServerProcess]:
    """Starts a server, and ends it whatever happens.

    Args:
        program: the source of a Python program. Its first line on standard error is to say ``listening on ADDRESS port
            NUMBER``, and SIGTERM is to end it. Environment variables that configure ``roulette serve`` are not passed
            on.
        arguments: ``sys.argv[1:]`` of the program.

    Raises:
        ServerFailed: it did not start.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROULETTE_SERVE_")}
    with python_process(program, *arguments, environment=environment) as process:
        yield ServerProcess(process, _port(process))


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stderr is not None, "it is a pipe"
    line = process.stderr.readline()
    found = re.search(r"listening on \S+ port (\d+)", line)
    if found is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(1.0)
        status = process.returncode or 0
        process.terminate()  # or the rest of its standard error might never end
        raise ServerFailed(f"the server did not start: {last_words(status, line + process.stderr.read())}")
    return int(found[1])
