"""``roulette chat``: a client for people, on a screen or line by line."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from roulette_cli.errors import BadUsage, CommandError, reason
from roulette_cli.option_groups import grouped, option

if TYPE_CHECKING:
    from ssl import SSLContext

    from transports.client import Address, ChatConnection


@dataclass(frozen=True, kw_only=True)
class ClientOptions:
    """Who chats, in which language, and how the client connects and shows it."""

    name: str | None = option(None, "Pseudonym; asked for if not given.", "NAME")
    lang: str = option("en", "Language: en or fr.", "en|fr")
    tls: bool = option(False, "Use TLS, and verify the server's certificate.")
    tls_ca: str | None = option(None, "Verify against the CA certificates in this PEM file (implies --tls).", "FILE")
    plain: bool = option(False, "Plain line mode; implied if stdin or stdout is not a terminal.")


@grouped
def chat(
    server: Annotated[
        str, typer.Argument(help="Server to connect to; default port 12000.", metavar="HOST[:PORT]")
    ] = "127.0.0.1",
    *,
    options: Annotated[ClientOptions, "Options"],
) -> None:
    """Chat with strangers.

    On the screen, keys start, leave and quit; /help lists the commands. In plain mode, type start, next, lobby, close
    or help; the end of the input closes. Exit status 1 if the server cannot be reached or closes the connection.
    """
    import asyncio

    from transports.client import parse_address

    if options.lang not in ("en", "fr"):
        raise BadUsage(f"--lang must be en or fr, not {options.lang!r}", "use --lang en or --lang fr")
    try:
        address = parse_address(server)
    except ValueError as error:
        raise BadUsage(f"{server!r} is not a server address", "write it like example.org or [::1]:12000") from error
    asyncio.run(_chat(address, options))


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


async def _chat(address: Address, options: ClientOptions) -> None:
    from transports.client import ChatConnection, Conversation

    security = _security(options.tls_ca) if options.tls or options.tls_ca is not None else None
    connection = ChatConnection(address, Conversation(options.name, options.lang), security)
    try:
        await connection.open()
    except OSError as error:
        what, hint = _trouble(error, security is not None)
        raise CommandError(f"cannot reach {address}: {what}", hint) from error
    if options.plain or not _has_screen():
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
