"""A server in a process of its own, for as long as it is needed."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

PATIENCE = 10.0
"""How long the server may take to end, in seconds, before it is killed."""


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
        why = _last_words(process) if process.returncode >= 0 else f"signal {-process.returncode}"
        return ServerFailed(f"the server has ended by itself: {why.removeprefix('error: ')}")


@contextmanager
def server_process(command: Sequence[str]) -> Iterator[ServerProcess]:
    """Starts a server, and ends it whatever happens.

    Args:
        command: starts it. Its first line on standard error is to say ``listening on ADDRESS port NUMBER``, and SIGTERM
            is to end it. Environment variables that configure ``roulette serve`` are not passed on.

    Raises:
        ServerFailed: it did not start.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROULETTE_SERVE_")}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,  # Ctrl-C is for the caller alone, who then ends the server
    ) as process:
        try:
            yield ServerProcess(process, _port(process))
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stderr is not None, "it is a pipe"
    line = process.stderr.readline()
    found = re.search(r"listening on \S+ port (\d+)", line)
    if found is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(1.0)
        process.terminate()  # or the rest of its standard error might never end
        raise ServerFailed(f"the server did not start: {_last_words(process, line)}")
    return int(found[1])


def _last_words(process: subprocess.Popen[str], first: str = "") -> str:
    """Returns the error that an ended process reported: the line that says so, or the last, as of a traceback."""
    assert process.stderr is not None, "it is a pipe"
    lines = [first.strip(), *process.stderr.read().splitlines()]
    return next((line for line in reversed(lines) if line.startswith("error: ")), lines[-1]) or "it said nothing"
