"""``roulette admin``: operator's commands for a server that runs on this machine."""

from __future__ import annotations

import contextlib
import errno
import json as json_format
import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from roulette_cli.errors import BadUsage, CommandError, reason
from roulette_cli.output import console

if TYPE_CHECKING:
    from transports.operator import AdminClient, Answer


def admin(
    command: Annotated[
        list[str], typer.Argument(help="Operator's command; help lists them. top is a live view.", metavar="COMMAND")
    ],
    socket: Annotated[
        str | None, typer.Option(help="Admin socket of the server (its --admin-socket).", metavar="FILE")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Send an operator's command to a running server, or watch it.

    Commands are those of the server's console. top shows the state of the server every second; q quits. Exit status 1
    if the server refuses the command.
    """
    if socket is None:
        raise BadUsage("--socket is required", "name the file that the server was given as --admin-socket")
    with _connected(socket) as client:
        if command == ["top"]:
            from roulette_cli.admin_top import top

            top(client)
            return
        answer = client.ask(" ".join(command))
    _print(answer, json)
    if answer.refused:
        raise typer.Exit(1)


@contextlib.contextmanager
def _connected(path: str) -> Iterator[AdminClient]:
    from transports.operator import AdminClient, NotAnswered

    try:
        client = AdminClient(path)
    except OSError as error:
        kind = CommandError if error.errno == errno.ECONNREFUSED and _is_socket(path) else BadUsage
        raise kind(
            f"no server at {path!r}: {reason(error)}", "start it with roulette serve --admin-socket FILE"
        ) from error
    try:
        yield client
    except (NotAnswered, TimeoutError, ConnectionError) as error:
        raise CommandError(f"the server at {path!r} does not answer", "see its log; is it still running?") from error
    finally:
        client.close()


def _is_socket(path: str) -> bool:
    return stat.S_ISSOCK(os.stat(path).st_mode)


def _print(answer: Answer, as_json: bool) -> None:
    if as_json:
        print(json_format.dumps(answer.to_data()))
        return
    from transports.operator import rendered

    console().print(rendered(answer))
