"""``roulette serve`` as a process of our own, for as long as somebody needs it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from roulette_cli.errors import CommandError

_OPTIONS = ("--users", "0", "--per-address", "0", "--rate", "0", "--grace", "0", "--log-level", "error")
"""Any number of users, all from here, and as fast as they like."""

_COMMAND = (sys.executable, "-c", "from roulette_cli.main import run; run()", "serve", "--port", "0", *_OPTIONS)

_HINT = "try roulette serve itself, with the same policy"

PATIENCE = 10.0
"""How long it may take to end, in seconds, before it is made to."""


@contextmanager
def started_server(policy: str, seed: int) -> Iterator[tuple[str, int]]:
    """Starts a server on a free port of this machine, and ends it whatever happens.

    Args:
        policy: who meets whom.
        seed: where the policy's chance starts.

    Yields:
        Its address and port.

    Raises:
        CommandError: it did not start, or ended by itself before anybody could tell what is wrong.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROULETTE_SERVE_")}
    command = (*_COMMAND, "--policy", policy, "--seed", str(seed))
    before = signal.signal(signal.SIGTERM, _end)  # or nobody would be left to end it
    # In a session of its own, Ctrl-C is not for it: it is ended once nobody needs it any more.
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        yield "127.0.0.1", _port(process)
    except CommandError as error:
        raise _its_own_end(process) or error from None
    finally:
        _stop(process)
        signal.signal(signal.SIGTERM, before)


def _port(process: subprocess.Popen[str]) -> int:
    """The port that a server's first line names."""
    assert process.stderr is not None, "it is a pipe"
    line = process.stderr.readline()
    found = re.search(r"listening on \S+ port (\d+)", line)
    if found is None:
        raise CommandError(f"the server did not start: {line.strip() or 'it said nothing'}", _HINT)
    return int(found[1])


def _its_own_end(process: subprocess.Popen[str]) -> CommandError | None:
    """Why a server has ended, if it has and its first line is read: in its own words, if it had any."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(1.0)
    if process.returncode is None or process.stderr is None:
        return None
    said = [line for line in process.stderr.read().splitlines() if line.startswith("error: ")]
    if not said and process.returncode > 0:
        return None
    why = said[-1].removeprefix("error: ") if said else f"signal {-process.returncode}"
    return CommandError(f"the server has ended by itself: {why}", _HINT)


def _stop(process: subprocess.Popen[str]) -> None:
    with process:  # which waits for it
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


def _end(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)
