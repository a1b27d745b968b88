"""``roulette admin``: the operator's commands to a server that runs elsewhere on this machine."""

from __future__ import annotations

import contextlib
import json as json_format
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from roulette_cli.errors import BadUsage, CommandError, reason

if TYPE_CHECKING:
    from transports.operator.admin_client import AdminClient
    from transports.operator.answers import Answer


def admin(
    command: Annotated[
        list[str], typer.Argument(help="What to do; help lists all there is, and top.", metavar="COMMAND")
    ],
    socket: Annotated[
        str | None, typer.Option(help="The server's --admin-socket.", metavar="FILE", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Command a running server, or watch it.

    Commands are those of the server's console; top shows what goes on, every second, until q. Exit status 1 where
    the server refuses.
    """
    if socket is None:
        raise BadUsage("which server?", "name the socket that it was started with: --socket FILE")
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
    from transports.operator.admin_client import AdminClient, NotAnswered

    try:
        client = AdminClient(path)
    except OSError as error:
        raise CommandError(f"no server at {path!r}: {reason(error)}", "start one with --admin-socket FILE") from error
    try:
        yield client
    except (NotAnswered, TimeoutError, ConnectionError) as error:
        raise CommandError(f"the server at {path!r} does not answer", "see its log; is it still running?") from error
    finally:
        client.close()


def _print(answer: Answer, as_json: bool) -> None:
    if as_json:
        print(json_format.dumps(answer.to_data()))
        return
    from rich.console import Console

    from transports.operator.tables import rendered

    Console(file=sys.stdout, highlight=False, markup=False).print(rendered(answer))
