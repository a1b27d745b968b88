"""The server as a process: its terminal, its signals, and its limit of open files."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transports.serving import Server
    from transports.tcp import Certificate

OTHER_FILES = 64
"""Files that are open beside the connections: standard streams, listening sockets, libraries …"""

logger = logging.getLogger(__name__)


def is_attended() -> bool:
    """Returns whether stdin is a terminal, where an operator can type."""
    return sys.stdin is not None and sys.stdin.isatty()


def handle_signals(server: Server, certificate: Certificate | None, attended: bool) -> None:
    """Stops the server on SIGINT and SIGTERM, reloads its certificate on SIGHUP; logs errors of the loop in a line.

    Where the server is ``attended`` and has no TLS, SIGHUP means that its terminal is gone, and ends it.
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
    """Raises the limit of open files for so many connections, 0 for as many as possible; warns if it stays too low."""
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
        with contextlib.suppress(OSError, ValueError):  # macOS allows less than its hard limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
            soft = allowed
    if connections and soft < wanted:
        logger.warning("the open-file limit (%d) allows about %d connections", soft, soft - OTHER_FILES)


def _reload(certificate: Certificate) -> None:
    from transports.tcp import BadCertificate

    try:
        certificate.reload()
    except BadCertificate as error:
        logger.error("certificate not reloaded: %s", error)
    else:
        logger.info("certificate reloaded")


def _tell(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    logger.warning("%s%s", context["message"], f": {error!r}" if error else "")
