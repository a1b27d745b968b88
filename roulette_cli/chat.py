"""``roulette chat``: a client for people, on a screen or line by line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from roulette_cli.errors import BadUsage, CommandError, reason

if TYPE_CHECKING:
    from ssl import SSLContext

    from transports.client import Address, ChatConnection


def chat(
    server: Annotated[
        str, typer.Argument(help="Server to connect to; default port 12000.", metavar="HOST[:PORT]")
    ] = "127.0.0.1",
    name: Annotated[str | None, typer.Option(help="Pseudonym; asked for if not given.", metavar="NAME")] = None,
    lang: Annotated[str, typer.Option(help="Language: en or fr.", metavar="en|fr")] = "en",
    tls: Annotated[bool, typer.Option("--tls", help="Use TLS, and verify the server's certificate.")] = False,
    tls_ca: Annotated[
        str | None,
        typer.Option(
            "--tls-ca", help="Verify against the CA certificates in this PEM file (implies --tls).", metavar="FILE"
        ),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Plain line mode; implied if stdin or stdout is not a terminal.")
    ] = False,
) -> None:
    """Chat with strangers.

    On the screen, keys start, leave and quit; /help lists the commands. In plain mode, type start, next, lobby, close
    or help; the end of the input closes. Exit status 1 if the server cannot be reached or closes the connection.
    """
    import asyncio

    from transports.client import parse_address

    if lang not in ("en", "fr"):
        raise BadUsage(f"--lang must be en or fr, not {lang!r}", "use --lang en or --lang fr")
    try:
        address = parse_address(server)
    except ValueError as error:
        raise BadUsage(f"{server!r} is not a server address", "write it like example.org or [::1]:12000") from error
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
        what = "it holds no certificates" if isinstance(error, ssl.SSLError) else reason(error)
        raise BadUsage(
            f"cannot use {authorities!r}: {what}", "name a PEM file of CA certificates with --tls-ca"
        ) from error


async def _chat(address: Address, security: SSLContext | None, name: str | None, lang: str, plain: bool) -> None:
    from transports.client import ChatConnection, Conversation

    connection = ChatConnection(address, Conversation(name, lang), security)
    try:
        await connection.open()
    except OSError as error:
        what, hint = _trouble(error, security is not None)
        raise CommandError(f"cannot reach {address}: {what}", hint) from error
    if plain:
        await _chat_plainly(connection)
    else:
        await _chat_on_screen(connection)


async def _chat_on_screen(connection: ChatConnection) -> None:
    import asyncio
    import signal

    from transports.client.terminal import ChatScreen

    screen = ChatScreen(connection)
    # On SIGTERM, restore the terminal before the process ends.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, screen.exit)
    await screen.run_async()
    await connection.close()


async def _chat_plainly(connection: ChatConnection) -> None:
    from transports.client import PlainChat

    with open(os.devnull) if sys.stdin is None else sys.stdin as typed:
        try:
            await PlainChat(connection, typed, sys.stdout).run()
        finally:  # stdout may be a closed pipe
            connection.hang_up()
    presence = connection.conversation.presence
    if presence.refusal:
        raise CommandError("the server refused the pseudonym (see above)", "choose another with --name")
    if presence.closing != "asked":
        raise CommandError("the server closed the connection", "try again later")


def _trouble(error: OSError, secure: bool) -> tuple[str, str]:
    """Returns why a server cannot be reached, and what to do about it."""
    import ssl

    from transports.client import NoGreeting

    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message.lower().rstrip("."), "name the certificates of a private CA with --tls-ca"
    if isinstance(error, ssl.SSLError):
        return "no TLS on this port", "leave out --tls"
    if isinstance(error, TimeoutError | NoGreeting):
        return "no greeting received", "check host and port" + ("" if secure else "; the server may need --tls")
    return reason(error), "check host and port; roulette serve starts a server"
