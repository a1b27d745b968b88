"""``roulette serve`` in a process of its own, for the tcp world."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from roulette_cli.errors import CommandError

_OPTIONS = ("--users", "0", "--per-address", "0", "--rate", "0", "--grace", "0", "--log-level", "error")
"""No limits on the number of users, all from this machine, or on their rate."""

_COMMAND = (sys.executable, "-c", "from roulette_cli.main import run; run()", "serve", "--port", "0", *_OPTIONS)

_HINT = "run roulette serve with the same policy to see more"


@contextmanager
def started_server(policy: str, seed: int) -> Iterator[tuple[str, int]]:
    """Starts a server on a free port of this machine, yields its address and port, and ends it whatever happens.

    Raises:
        CommandError: the server did not start, or ended by itself and so made the block fail.
    """
    from transports.load import ServerFailed, server_process

    before = signal.signal(signal.SIGTERM, _exit)  # without a handler this process would die and leave the server
    try:
        with server_process((*_COMMAND, "--policy", policy, "--seed", str(seed))) as server:
            try:
                yield "127.0.0.1", server.port
            except CommandError as error:
                raise server.failure() or error from None
    except ServerFailed as error:
        raise CommandError(str(error), _HINT) from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)
