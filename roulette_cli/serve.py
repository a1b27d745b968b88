"""``roulette serve``: a chat server on a TCP port, put together from its parts."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from roulette_cli.errors import BadUsage, CommandError
from roulette_cli.option_groups import grouped
from roulette_cli.serve_options import Chatting, Limiting, Listening, Operating

if TYPE_CHECKING:
    from roulette_core import Roulette

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)  # where it listens is told whatever else is logged


@grouped
def serve(listening: Listening, chatting: Chatting, limiting: Limiting, operating: Operating) -> None:
    """Serve the chat: anybody can join with nc, telnet or roulette chat.

    On a terminal, the operator can type commands, such as help. Ctrl-C and SIGTERM say goodbye to everybody, the
    second time at once; SIGHUP reads the certificate again.
    """
    import asyncio
    import secrets

    from roulette_core import BadPolicy, Roulette

    seed = secrets.randbits(32) if chatting.seed is None else chatting.seed
    try:
        roulette = Roulette(chatting.policy, seed)
    except BadPolicy as error:
        raise BadUsage(str(error), "see roulette serve --help, or docs/policies.md for what policies take") from error
    asyncio.run(_serve(roulette, seed, listening, chatting, limiting, operating))


async def _serve(
    roulette: Roulette,
    seed: int,
    listening: Listening,
    chatting: Chatting,
    limiting: Limiting,
    operating: Operating,
) -> None:
    """Takes the port, opens everything else, and serves until told to stop."""
    from roulette_cli import process, serve_parts
    from transports.gateway import Gateway
    from transports.operator.commands import Operator
    from transports.operator.statistics import Statistics
    from transports.tcp.server import Server

    with contextlib.ExitStack() as opened:
        attended = process.is_attended()
        serve_parts.open_log(operating, attended, opened)
        certificate = serve_parts.certificate(listening)
        recorder = serve_parts.recorder(chatting.record, roulette, seed)
        statistics = Statistics()
        observers = [statistics, *serve_parts.chat_log(operating), *([recorder] if recorder else [])]
        gateway = Gateway(roulette, limiting.limits(), observers, chatting.lang)
        server = Server(gateway, recorder.flush if recorder else lambda: None, certificate)
        operator = Operator(server, statistics)
        lines = await serve_parts.listen(server, listening)
        lines += serve_parts.export_metrics(operating, statistics, gateway, opened)
        await serve_parts.open_admin_socket(operating.admin_socket, operator, opened)
        serve_parts.open_recording(recorder, opened)
        tell = serve_parts.open_console(operator, opened) if attended else logger.info
        process.hear_signals(server, certificate, attended)
        server.start()
        lines.append(f"policy {roulette.policy.specification}; Ctrl-C stops")
        for line in (*lines, "help lists what you can type") if attended else lines:
            tell(line)
        serve_parts.warn_of_plain_text(listening)
        process.make_room(gateway.limits.users)
        await server.run(limiting.grace)
    if server.failure is not None:
        kind = type(server.failure).__name__
        raise CommandError(f"the server had to stop: {kind}: {server.failure}", "report this, or the policy's bug")
