"""One client's connection on a real socket, which nobody ever waits for."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import struct
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeAlias

from sim.worlds.interfaces import Client

if TYPE_CHECKING:
    from sim.worlds.tcp.sockets import Sockets

Address: TypeAlias = tuple[str, int]
"""A numeric address of this machine, and a port."""

_READ_SIZE: Final = 1 << 16
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time


class NoServer(Exception):
    """Where a server should be, there is none that can be talked to."""


class Stream:
    """A client's connection, which never waits for its socket.

    Args:
        sockets: to which it belongs.
        client: hears what comes.
        server: whom to connect with.
    """

    __slots__ = ("_client", "_connected", "_events", "_greeted", "_over", "_server", "_socket", "_sockets", "_unsent")

    def __init__(self, sockets: Sockets, client: Client, server: Address) -> None:
        self._sockets = sockets
        self._client = client
        self._server = server
        self._socket: socket.socket | None = None
        self._unsent = b""
        self._events = 0
        self._connected = self._greeted = self._over = False

    @property
    def up(self) -> Stream:
        """The way to the server."""
        return self

    def open(self) -> bool:
        """Begins to connect: whether there is still somebody who wants to. Raises as ``Sockets.listen``."""
        if self._over:
            return False
        family = socket.AF_INET6 if ":" in self._server[0] else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._require(self._socket.connect_ex(self._server))
        self._listen_for(selectors.EVENT_READ | selectors.EVENT_WRITE)
        return True

    def write(self, data: bytes) -> None:
        """Sends bytes, as soon as there is room for them."""
        self._unsent += data
        if self._connected and not self._over:
            self._flush()

    def finish(self) -> None:
        """Closes the side to the server."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)

    def fall_silent(self) -> None:
        """Nobody reads any more; the server is not told."""
        self._over = True
        self._listen_for(0)
        self._greet()
        self._client.vanished()

    def notice(self) -> None:
        """The server is told at last, by a reset."""
        if self._socket is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close()

    def close(self) -> None:
        """Hangs up."""
        self._over = True
        self._listen_for(0)
        self._greet()
        if self._socket is not None:
            self._socket.close()
        self._sockets.closed(self)

    def ready(self, events: int) -> None:
        """The socket can be read or written. Raises ``NoServer`` if nobody is at its other end."""
        assert self._socket is not None, "it has been opened"
        if events & selectors.EVENT_WRITE and not self._over:
            if not self._connected:
                self._require(self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
                self._connected = True
            self._flush()
        if events & selectors.EVENT_READ and not self._over:
            self._read(self._socket)

    def _read(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(_READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            self.close()
            self._client.lost()
            return
        if not data:
            self.close()
            self._client.ended()
            return
        self._sockets.heard = perf_counter()
        self._greet()
        self._client.received(data)

    def _flush(self) -> None:
        assert self._socket is not None, "it has been opened"
        try:
            sent = self._socket.send(self._unsent) if self._unsent else 0
        except BlockingIOError:
            sent = 0
        except OSError:  # reset: reading will tell
            sent = len(self._unsent)
        self._unsent = self._unsent[sent:]
        self._listen_for(selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0))

    def _listen_for(self, events: int) -> None:
        selector, before, self._events = self._sockets.selector, self._events, events
        if events == before:
            return
        assert self._socket is not None, "it has been opened"
        if not before:
            selector.register(self._socket, events, self)
        elif not events:
            selector.unregister(self._socket)
        else:
            selector.modify(self._socket, events, self)

    def _greet(self) -> None:
        if self._socket is not None and not self._greeted:
            self._greeted = True
            self._sockets.greeted()

    def _require(self, trouble: int) -> None:
        if trouble == errno.ECONNREFUSED:
            raise NoServer("nobody listens there")
        if trouble not in (0, errno.EINPROGRESS, errno.ECONNRESET):
            raise OSError(trouble, os.strerror(trouble))
