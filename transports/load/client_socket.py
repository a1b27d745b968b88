"""One client's TCP connection, which never blocks."""

import errno
import os
import selectors
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol, TypeAlias

Address: TypeAlias = tuple[str, int]
"""A numeric address of this machine, and a port."""

_READ_SIZE: Final = 1 << 16
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER on, with timeout 0: close() sends RST instead of FIN


class NoServer(Exception):
    """There is no server at the address, or none that can be talked to."""


class SocketClient(Protocol):
    """Receives what arrives on one connection."""

    def received(self, data: bytes) -> None:
        """Takes bytes from the server, at least one."""

    def ended(self) -> None:
        """Handles EOF: the server has closed the connection."""

    def lost(self) -> None:
        """Handles a reset."""


class ClientSocket:
    """A client's connection; it never blocks, and calls ``forget`` with itself once it is closed."""

    __slots__ = (
        *("_client", "_connected", "_events", "_forget", "_over", "_selector", "_server"),
        *("settled", "socket", "unsent"),
    )

    def __init__(
        self,
        client: SocketClient,
        server: Address,
        selector: selectors.BaseSelector,
        forget: Callable[["ClientSocket"], object],
    ) -> None:
        self.unsent = b""  # what the system has not taken yet
        self.settled = False  # whether it is no longer in the making: the server has greeted, or never will
        self._client = client
        self._server = server
        self._selector = selector
        self._forget = forget
        self.socket: socket.socket | None = None  # once ``open`` was called
        self._events = 0
        self._connected = self._over = False

    def open(self) -> None:
        """Starts to connect, unless the client has given up. Raises as ``ClientSockets.listen`` does."""
        if self._over:
            return
        family = socket.AF_INET6 if ":" in self._server[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _raise_for(self.socket.connect_ex(self._server))
        self._register(selectors.EVENT_READ | selectors.EVENT_WRITE)

    def write(self, data: bytes) -> None:
        """Sends bytes; what the system does not take at once is sent later."""
        self.unsent += data
        if self._connected and not self._over:
            self._flush()

    def finish(self) -> None:
        """Half-closes: sends EOF, and goes on reading."""
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)

    def stop_reading(self) -> None:
        """Reads and sends nothing any longer, without closing: to the server the client is silent."""
        self._over = self.settled = True
        self._register(0)

    def reset(self) -> None:
        """Closes with a TCP reset."""
        if self.socket is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close()

    def close(self) -> None:
        """Closes the connection."""
        self.stop_reading()
        if self.socket is not None:
            self.socket.close()
        self._forget(self)

    def ready(self, events: int) -> bool:
        """Reads and writes what is possible. Returns whether bytes came; raises as ``ClientSockets.listen`` does."""
        assert self.socket is not None, "it is open"
        if events & selectors.EVENT_WRITE and not self._over:
            if not self._connected:
                _raise_for(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
                self._connected = True
            self._flush()
        return bool(events & selectors.EVENT_READ) and not self._over and self._read(self.socket)

    def _read(self, connection: socket.socket) -> bool:
        try:
            data = connection.recv(_READ_SIZE)
        except BlockingIOError:
            return False
        except OSError:
            self.close()
            self._client.lost()
            return False
        if not data:
            self.close()
            self._client.ended()
            return False
        self.settled = True
        self._client.received(data)
        return True

    def _flush(self) -> None:
        assert self.socket is not None, "it is open"
        try:
            sent = self.socket.send(self.unsent) if self.unsent else 0
        except BlockingIOError:
            sent = 0
        except OSError:  # the connection was reset, which reading will report
            sent = len(self.unsent)
        self.unsent = self.unsent[sent:]
        self._register(selectors.EVENT_READ | (selectors.EVENT_WRITE if self.unsent else 0))

    def _register(self, events: int) -> None:
        before, self._events = self._events, events
        if events == before:
            return
        assert self.socket is not None, "it is open"
        if not before:
            self._selector.register(self.socket, events, self)
        elif not events:
            self._selector.unregister(self.socket)
        else:
            self._selector.modify(self.socket, events, self)


def _raise_for(error: int) -> None:
    if error == errno.ECONNREFUSED:
        raise NoServer("no server listens there")
    if error not in (0, errno.EINPROGRESS, errno.ECONNRESET):
        raise OSError(error, os.strerror(error))
