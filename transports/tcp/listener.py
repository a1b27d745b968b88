"""Accepts TCP connections, also when there are more than the system has room for.

``loop.create_server`` would do, but for what happens when no file descriptors are left: up to Python 3.13 it tries
as often as its backlog is long, and has each failure begin anew after a second, which soon takes all the time.
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
"""How many connections are accepted before those that there are have their turn."""

PAUSE = 1.0
"""How long to wait when the system has no memory for more connections, in seconds."""

QUIET = 60.0
"""How long not to warn again that newcomers are turned away, in seconds: a shortage comes and goes with each."""

SERVER_FULL = b"* The server is full. Try again later.\r\n"

_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""A name such as ``localhost`` may have an address of IPv6 on a machine without: the others will do."""

_NO_DESCRIPTORS = (errno.EMFILE, errno.ENFILE)

logger = logging.getLogger(__name__)


class Listener:
    """Listens on every address of a host.

    Args:
        gateway: is asked whether somebody may even agree on TLS, which is costly.
        factory: makes the protocol of a new connection from the numeric address of the other side.
        certificate: for TLS; without it, connections are plain text.
        handshake: how long a connection may take to agree on TLS, in seconds.

    Attributes:
        arriving: those who have been accepted, and are about to be let in.
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
        self.arriving: set[asyncio.Task[None]] = set()
        self._reserve: int | None = None
        self._quiet_until = 0.0

    async def bind(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """Takes a port; see ``Server.bind``."""
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
        """Accepts connections from now on."""
        self._reserve = _spare_descriptor()
        for listening in self._sockets:
            self._loop.add_reader(listening, self._accept, listening)

    def close(self) -> None:
        """Accepts no more, and drops those that have not yet agreed on TLS; the others stay."""
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
        """Gives a connection its protocol, after the handshake if there is TLS."""
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
        except OSError as error:  # a time that has run out, and whatever is wrong with TLS, are such errors too
            logger.debug("a connection came to nothing: %s", error)
            connection.close()

    # When there is no room.

    def _turn_away(self, listening: socket.socket) -> bool:
        """With no file descriptor left, takes the one in reserve to tell somebody so: whether that was possible."""
        if self._reserve is None:
            return False
        self._warn("no file descriptors left: newcomers are turned away; raise the limit (ulimit -n)")
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
        """The system is short of something: whoever comes now waits in the backlog."""
        self._warn(f"newcomers have to wait: {error.strerror}")
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
