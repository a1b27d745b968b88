"""``roulette serve``: a chat server, on a TCP port or a transport of one's own."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Annotated

from roulette_cli.errors import BadUsage
from roulette_cli.option_groups import grouped
from roulette_cli.serve_options import ChatOptions, NetworkOptions, OperationOptions
from transports import Limits


@grouped
def serve(
    network: Annotated[NetworkOptions, "Network"],
    chat: Annotated[ChatOptions, "Chat"],
    limits: Annotated[Limits, "Limits (0: unlimited)"],
    operation: Annotated[OperationOptions, "Logging and operation"],
) -> None:
    """Serve the chat; users join with nc, telnet or roulette chat.

    On a terminal, the operator can type commands; help lists them. Ctrl-C and SIGTERM say goodbye to all clients and
    stop; a second one stops at once. SIGHUP reloads the TLS certificate.
    """
    import asyncio
    import secrets

    from roulette_cli.chat_server import ChatServer, start_logging
    from roulette_core import BadPolicy, Roulette

    seed = secrets.randbits(32) if chat.seed is None else chat.seed
    try:
        roulette = Roulette(chat.policy, seed)
    except BadPolicy as error:
        raise BadUsage(str(error), "docs/policies.md lists the policies and their parameters") from error

    async def run() -> None:
        async with AsyncExitStack() as opened:
            start_logging(operation, opened)
            server = ChatServer(roulette, seed, network, chat, limits, operation)
            await server.open(opened)
            await server.run()

    asyncio.run(run())
