"""Accepts TCP connections, even when the system runs out of file descriptors.

``loop.create_server`` would do but for that case: up to Python 3.13 it tries to accept as often as its backlog is long,
and every failure schedules another round a second later, which soon takes all processor time.
"""

import asyncio
import contextlib
import errno
import logging
import os
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from transports.gateway import Gateway
from transports.tcp import sockets
from transports.tcp.tls import Certificate, shake_hands

ACCEPTED_PER_TURN = 64
"""How many connections are accepted before the open ones get their turn."""

PAUSE = 1.0
"""How long to wait before accepting again when the system lacks memory for connections, in seconds."""

QUIET = 60.0
"""The least time between two warnings, in seconds: a shortage comes and goes with every connection."""

SERVER_FULL = b"* The server is full. Try again later.\r\n"

_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""A name such as ``localhost`` may resolve to an IPv6 address on a machine without IPv6: the other addresses do."""

_NO_DESCRIPTORS = (errno.EMFILE, errno.ENFILE)

logger = logging.getLogger(__name__)


class Listener:
    """Listens on every address of a host.

    Args:
        gateway: decides which addresses may start a TLS handshake, which is expensive.
        factory: makes the protocol of a connection from the peer's numeric address.
        certificate: for TLS; without it, connections are plain text.
        handshake: how long a TLS handshake may take, in seconds.
    """

    def __init__(
        self,
        gateway: Gateway,
        factory: Callable[[str], asyncio.BaseProtocol],
        certificate: Certificate | None = None,
        handshake: float = 10.0,
    ) -> None:
        self._gateway = gateway
        self._factory = factory
        self._certificate = certificate
        self._handshake = handshake
        self._loop = asyncio.get_running_loop()
        self._sockets: list[socket.socket] = []
        self._pauses: dict[socket.socket, asyncio.TimerHandle] = {}
        self.arriving: set[asyncio.Task[None]] = set()  # one for each accepted connection that has no protocol yet
        self._reserve: int | None = None
        self._quiet_until = 0.0

    async def bind(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """Binds a port; and returns its addresses, as of ``socket.getsockname``."""
        places = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        missing = None
        for family, *_, address in dict.fromkeys(places):
            try:
                self._sockets.append(sockets.listen(family, address))
            except OSError as error:
                missing = error
                if error.errno not in _NOT_HERE:
                    self.close()
                    break
        if missing is not None and not self._sockets:
            raise missing
        return [listening.getsockname() for listening in self._sockets]

    def start(self) -> None:
        """Starts accepting connections."""
        self._reserve = _spare_descriptor()
        for listening in self._sockets:
            self._loop.add_reader(listening, self._accept, listening)

    def close(self) -> None:
        """Stops accepting. Connections still in the TLS handshake are dropped; established ones are kept."""
        for listening in self._sockets:
            self._loop.remove_reader(listening)
            listening.close()
        self._sockets.clear()
        for pause in self._pauses.values():
            pause.cancel()
        for task in self.arriving:
            task.cancel()
        self._give_up_reserve()

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(ACCEPTED_PER_TURN):
            try:
                connection, (host, *_) = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _NO_DESCRIPTORS or not self._turn_away(listening):
                    self._pause(listening, error)
                    return
                continue
            task = self._loop.create_task(self._let_in(connection, sockets.numeric(host)))
            self.arriving.add(task)
            task.add_done_callback(self.arriving.discard)

    async def _let_in(self, connection: socket.socket, address: str) -> None:
        """Connects an accepted socket with its protocol, after the TLS handshake if there is one."""
        factory = partial(self._factory, address)
        try:
            sockets.prepare(connection)
            if self._certificate is None:
                await self._loop.connect_accepted_socket(factory, connection)
            elif self._gateway.may_handshake(address):
                try:
                    await shake_hands(connection, factory(), self._certificate.context, self._handshake)
                finally:
                    self._gateway.handshake_done(address)
            else:
                connection.close()
        except OSError as error:  # includes timeouts and the errors of TLS
            logger.debug("a connection failed: %s", error)
            connection.close()

    # When descriptors or memory run out.

    def _turn_away(self, listening: socket.socket) -> bool:
        """Refuses one client by means of the reserved descriptor. Returns whether there was one."""
        if self._reserve is None:
            return False
        self._warn("out of file descriptors: new connections are refused; raise the limit (ulimit -n)")
        self._give_up_reserve()
        with contextlib.suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.setblocking(False)
                if self._certificate is None:
                    connection.send(SERVER_FULL)
        with contextlib.suppress(OSError):
            self._reserve = _spare_descriptor()
        return self._reserve is not None

    def _give_up_reserve(self) -> None:
        if self._reserve is not None:
            os.close(self._reserve)
            self._reserve = None

    def _pause(self, listening: socket.socket, error: OSError) -> None:
        """Stops accepting for a while: new connections wait in the system's backlog."""
        self._warn(f"new connections have to wait: {error.strerror}")
        self._loop.remove_reader(listening)
        self._pauses[listening] = self._loop.call_later(PAUSE, self._resume, listening)

    def _resume(self, listening: socket.socket) -> None:
        if self._reserve is None:
            with contextlib.suppress(OSError):
                self._reserve = _spare_descriptor()
        self._loop.add_reader(listening, self._accept, listening)

    def _warn(self, message: str) -> None:
        if self._loop.time() >= self._quiet_until:
            self._quiet_until = self._loop.time() + QUIET
            logger.warning(message)


def _spare_descriptor() -> int:
    return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
