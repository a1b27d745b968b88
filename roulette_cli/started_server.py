"""``roulette serve`` in a process of its own, for the tcp world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from roulette_cli.errors import CommandError

_OPTIONS = ("--users", "0", "--per-address", "0", "--rate", "0", "--grace", "0", "--log-level", "error")
"""No limits on the number of users, all from this machine, or on their rate."""

_PROGRAM = "from roulette_cli.__main__ import run; run()"

_HINT = "run roulette serve with the same policy to see more"


@contextmanager
def started_server(policy: str, seed: int) -> Iterator[tuple[str, int]]:
    """Starts a server on a free port of this machine, yields its address and port, and ends it whatever happens.

    Raises:
        CommandError: the server did not start, or ended by itself and so made the block fail.
    """
    from transports.load import ServerFailed, server_process

    options = ("--port", "0", *_OPTIONS, "--policy", policy, "--seed", str(seed))
    try:
        with server_process(_PROGRAM, "serve", *options) as server:
            try:
                yield "127.0.0.1", server.port
            except CommandError as error:
                raise server.failure() or error from None
    except ServerFailed as error:
        raise CommandError(str(error), _HINT) from error
