"""The server as a process among others: its terminal, its signals, and how many files it may open."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transports.tcp.server import Server
    from transports.tcp.tls import Certificate

OTHER_FILES = 64
"""How many files are open beside the connections: standard streams, sockets that listen, libraries …"""

logger = logging.getLogger(__name__)


def is_attended() -> bool:
    """Whether there is a terminal at which an operator may sit."""
    return sys.stdin is not None and sys.stdin.isatty()


def handle_signals(server: Server, certificate: Certificate | None, attended: bool) -> None:
    """Ctrl-C and SIGTERM stop the server, SIGHUP renews its certificate; trouble in the loop is told in a line.

    Args:
        server: the server.
        certificate: what it speaks TLS with, if it does.
        attended: whether there is a terminal; a SIGHUP may mean that it is gone, and without TLS nothing else.
    """
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_tell)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    if certificate is not None:
        loop.add_signal_handler(signal.SIGHUP, _reload, certificate)
    elif not attended:
        loop.add_signal_handler(signal.SIGHUP, logger.info, "SIGHUP ignored: TLS is not configured")


def raise_open_file_limit(connections: int) -> None:
    """Has the system allow as many open files as there may be connections, as far as it lets us; else warns.

    Args:
        connections: how many there may be; 0 for any number.
    """
    try:
        import resource
    except ModuleNotFoundError:  # not a Unix
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return
    wanted = connections + OTHER_FILES if connections else hard
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if allowed > soft:
        with contextlib.suppress(OSError, ValueError):  # some systems allow less than they say
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
            soft = allowed
    if connections and soft < wanted:
        logger.warning("the open-file limit (%d) allows about %d connections", soft, soft - OTHER_FILES)


def _reload(certificate: Certificate) -> None:
    from transports.tcp.tls import BadCertificate

    try:
        certificate.reload()
    except BadCertificate as error:
        logger.error("the certificate stays as it was: %s", error)
    else:
        logger.info("the certificate has been read again")


def _tell(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    logger.warning("%s%s", context["message"], f": {error!r}" if error else "")
