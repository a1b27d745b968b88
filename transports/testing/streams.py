"""The client's end of a connection, as the author of a transport gives it to the tests."""

import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Protocol, TypeAlias

SEND_TIMEOUT = 60.0
"""Seconds that a socket may take to send; longer than any test holds a client back."""

READ_SIZE = 1 << 16
"""The most bytes that one call of ``recv`` asks for."""


class Stream(Protocol):
    """One connection as its client has it: bytes in both directions, in order, however they are cut on the way.

    The tests call one method at a time, except ``close``, which they may call at any time and more than once.
    """

    def send(self, data: bytes) -> None:
        """Sends all bytes, and waits while the peer accepts none. Raises ``OSError`` if the connection is gone."""

    def receive(self, timeout: float) -> bytes:
        """Waits for bytes and returns any number of them; ``b""`` at the end of the connection, orderly or not.

        Raises ``TimeoutError`` if nothing arrives within ``timeout`` seconds.
        """

    def close(self) -> None:
        """Closes the connection."""


class HalfCloses(Stream, Protocol):
    """The additional method of a stream whose transport claims ``half_close``."""

    def half_close(self) -> None:
        """Sends EOF and goes on receiving."""


class Resets(Stream, Protocol):
    """The additional method of a stream whose transport claims ``reset``."""

    def reset(self) -> None:
        """Breaks the connection off without an orderly end."""


Connect: TypeAlias = Callable[[], Stream]
"""Opens another connection to the transport."""


class SocketStream:
    """A stream on a connected socket of any family, with or without TLS; it owns the socket from now on."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def send(self, data: bytes) -> None:
        """Sends all bytes."""
        self._socket.settimeout(SEND_TIMEOUT)
        self._socket.sendall(data)

    def receive(self, timeout: float) -> bytes:
        """Waits for bytes."""
        self._socket.settimeout(timeout)
        try:
            return self._socket.recv(READ_SIZE)
        except TimeoutError:
            raise
        except OSError:  # a reset, or TLS that ended without close_notify
            return b""

    def close(self) -> None:
        """Closes the socket. ``shutdown`` comes first because it also wakes a thread that is blocked in ``send``."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def half_close(self) -> None:
        """Sends EOF."""
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Breaks the connection off, with RST where the protocol below has one."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()
