"""``roulette chat``: a chatter's end of the server, on a screen or line by line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from roulette_cli.errors import BadUsage, CommandError, reason

if TYPE_CHECKING:
    from ssl import SSLContext

    from transports.client.address import Address
    from transports.client.connection import Connection


def chat(
    server: Annotated[
        str, typer.Argument(help="Where the server is; port 12000 unless named.", metavar="HOST[:PORT]")
    ] = "127.0.0.1",
    name: Annotated[str | None, typer.Option(help="Pseudonym; by default asked for.", metavar="NAME")] = None,
    lang: Annotated[str, typer.Option(help="Language.", metavar="en|fr")] = "en",
    tls: Annotated[bool, typer.Option("--tls", help="Encrypt, and verify the server's certificate.")] = False,
    tls_ca: Annotated[
        str | None, typer.Option("--tls-ca", help="The same, with a private authority's certificates.", metavar="FILE")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Line in, line out; always so at a pipe.")] = False,
) -> None:
    """Chat with strangers.

    On the screen, keys start, leave and quit, and /help lists commands. Line by line, start, next, lobby, close and
    help are typed as words; the end of the input is close. Exit status 1 if the server cannot be reached or hangs up.
    """
    import asyncio

    from transports.client.address import parse_address

    if lang not in ("en", "fr"):
        raise BadUsage(f"--lang must be en or fr, not {lang!r}", "try --lang fr")
    try:
        address = parse_address(server)
    except ValueError as error:
        raise BadUsage(f"{server!r} is no address of a server", "write it like example.org or [::1]:12000") from error
    security = _security(tls_ca) if tls or tls_ca is not None else None
    asyncio.run(_chat(address, security, name, lang, plain or not _has_screen()))


def _has_screen() -> bool:
    at_terminal = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
    return at_terminal and os.environ.get("TERM") != "dumb"


def _security(authorities: str | None) -> SSLContext:
    import ssl

    try:
        return ssl.create_default_context(cafile=authorities)
    except (ssl.SSLError, OSError) as error:
        what = "no certificates in it" if isinstance(error, ssl.SSLError) else reason(error)
        raise BadUsage(
            f"cannot use {authorities!r}: {what}", "name a file of certificates (PEM) with --tls-ca"
        ) from error


async def _chat(address: Address, security: SSLContext | None, name: str | None, lang: str, plain: bool) -> None:
    from transports.client.connection import Connection
    from transports.client.conversation import Conversation

    connection = Connection(address, Conversation(name, lang), security)
    try:
        await connection.open()
    except OSError as error:
        what, hint = _trouble(error, security is not None)
        raise CommandError(f"cannot reach {address}: {what}", hint) from error
    if plain:
        await _chat_plainly(connection)
    else:
        await _chat_on_screen(connection)


async def _chat_on_screen(connection: Connection) -> None:
    import asyncio
    import signal

    from transports.client.screen import ChatScreen

    screen = ChatScreen(connection)
    # Whoever is told to end gives the terminal back first.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, screen.exit)
    await screen.run_async()
    await connection.close()


async def _chat_plainly(connection: Connection) -> None:
    from transports.client.plain import PlainChat

    with open(os.devnull) if sys.stdin is None else sys.stdin as typed:
        await PlainChat(connection, typed, sys.stdout).run()
    presence = connection.conversation.presence
    if presence.refusal:
        raise CommandError("the name was refused, as said above", "choose another with --name")
    if presence.closing != "asked":
        raise CommandError("the server has hung up", "try again in a while")


def _trouble(error: OSError, secure: bool) -> tuple[str, str]:
    """Why a server cannot be reached, and what to do about it."""
    import ssl

    from transports.client.connection import NoGreeting

    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message.lower().rstrip("."), "name a private authority's certificates with --tls-ca"
    if isinstance(error, ssl.SSLError):
        return "it does not speak TLS", "leave out --tls"
    if isinstance(error, TimeoutError | NoGreeting):
        return "it does not greet", "check host and port" + ("" if secure else ", and whether it wants --tls")
    return reason(error), "check host and port; roulette serve starts a server"
