"""``roulette serve``: a chat server on a TCP port, with a console for its operator."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from roulette_cli.errors import BadUsage, CommandError, reason

if TYPE_CHECKING:
    from roulette_core import Roulette
    from transports.operator.recorder import Recorder
    from transports.tcp.server import Server


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.", metavar="ADDRESS")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 for any free one.", metavar="N", min=0, max=65535)] = 12000,
    policy: Annotated[
        str, typer.Option(help="Who meets whom: v1, v2, no-repeat, uniform:minimum=5 …", metavar="P")
    ] = "v1",
    record: Annotated[
        str | None,
        typer.Option(help="Record what happens, not what is said; for roulette sim --replay.", metavar="FILE"),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Where the policy's chance starts; by default anywhere.", metavar="S", min=0)
    ] = None,
) -> None:
    """Serve the chat: anybody can join with nc or telnet.

    On a terminal, the operator can type list, research, private, close or help. Ctrl-C and SIGTERM say goodbye to
    everybody.
    """
    import asyncio
    import secrets

    from roulette_core import BadPolicy, Roulette

    seed = secrets.randbits(32) if seed is None else seed
    try:
        roulette = Roulette(policy, seed)
    except BadPolicy as error:
        raise BadUsage(str(error), "see roulette serve --help, or docs/policies.md for what policies take") from error
    asyncio.run(_serve(roulette, _recorder(record, roulette, seed), host, port))


def _recorder(path: str | None, roulette: Roulette, seed: int) -> Recorder | None:
    from roulette_core.recording import Header
    from transports.operator.recorder import Recorder

    return None if path is None else Recorder(path, Header(roulette.policy.specification, seed), _say)


async def _serve(roulette: Roulette, recorder: Recorder | None, host: str, port: int) -> None:
    """Puts the server together: takes the port, opens the recording, and serves until told to stop."""
    from transports.gateway import Gateway
    from transports.tcp.server import Server

    if recorder is None:
        server = Server(Gateway(roulette))
    else:
        server = Server(Gateway(roulette, recorder.record), recorder.flush)
    addresses = await _listen(server, host, port)
    if recorder is not None:
        _open(recorder)
    _hear_signals(server)
    server.start()
    for address, number, *_ in addresses:
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
        _say(f"listening on {address} port {number}; to join: nc {here} {number}")
    _say(f"policy {roulette.policy.specification}; Ctrl-C stops")
    _attach_console(server)
    await server.run()
    if recorder is not None:
        recorder.close()
    if server.failure is not None:
        kind = type(server.failure).__name__
        raise CommandError(f"the server had to stop: {kind}: {server.failure}", "report this, or the policy's bug")


async def _listen(server: Server, host: str, port: int) -> list[tuple[Any, ...]]:
    import errno

    try:
        return await server.bind(host, port)
    except OSError as error:
        hint = "choose another with --port" if error.errno == errno.EADDRINUSE else "check --host and --port"
        raise CommandError(f"cannot listen on {host} port {port}: {reason(error)}", hint) from error


def _open(recorder: Recorder) -> None:
    try:
        recorder.open()
    except OSError as error:
        message = f"cannot record to {error.filename!r}: {reason(error)}"
        raise CommandError(message, "name another file with --record") from error


def _hear_signals(server: Server) -> None:
    """Ctrl-C and SIGTERM stop the server; trouble that only the loop sees is told in one line."""
    import asyncio
    import signal

    def tell(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        _say(f"warning: {context['message']}: {context.get('exception')}")

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(tell)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)


def _attach_console(server: Server) -> None:
    """Where there is a terminal, listens to its operator."""
    if sys.stdin is None or not sys.stdin.isatty():
        return
    import asyncio

    from transports.operator.console import OperatorConsole

    console = OperatorConsole(server.gateway, server.clock, server.stop, sys.stdin, sys.stdout)
    console.attach(asyncio.get_running_loop())
    _say("type list, research, private, close or help")


def _say(line: str) -> None:
    """Tells the operator, and goes on serving should nobody be able to read it: the disk is full, the reader gone."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)
