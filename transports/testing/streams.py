"""The client's end of a connection, as an author of a transport hands it to the tests."""

import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Protocol, TypeAlias

SEND_PATIENCE = 60.0
"""How long a socket may not take what is sent, in seconds: more than any test holds a client back."""

READ_SIZE = 1 << 16
"""How many bytes a socket is asked for at a time."""


class Stream(Protocol):
    """One connection, seen from the client: bytes in both directions, in order, however they are cut on the way.

    No two methods are called at the same time but ``close``, which may be called at any time and more than once.
    """

    def send(self, data: bytes) -> None:
        """Sends all of it; waits while the other side takes nothing. Raises ``OSError`` if the connection is gone."""

    def receive(self, timeout: float) -> bytes:
        """Waits for bytes, any number of them; ``b""`` once the connection has come to its end, whatever that was.

        Args:
            timeout: how long to wait, in seconds.

        Raises:
            TimeoutError: nothing has come.
        """

    def close(self) -> None:
        """Hangs up."""

    def half_close(self) -> None:
        """Says that nothing more will be sent, and may still receive. Only for who claims ``half_close``."""

    def reset(self) -> None:
        """Breaks the connection off without a proper end. Only for who claims ``reset``."""


Connect: TypeAlias = Callable[[], Stream]
"""Opens another connection to the transport."""


class SocketStream:
    """A stream on a connected socket, of whatever family, inside TLS or not.

    Args:
        connected: the socket; it belongs to the stream from here on.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def send(self, data: bytes) -> None:
        """Sends all of it."""
        self._socket.settimeout(SEND_PATIENCE)
        self._socket.sendall(data)

    def receive(self, timeout: float) -> bytes:
        """Waits for bytes."""
        self._socket.settimeout(timeout)
        try:
            return self._socket.recv(READ_SIZE)
        except TimeoutError:
            raise
        except OSError:  # it was reset, or TLS has ended without a word
            return b""

    def close(self) -> None:
        """Hangs up, also on a thread that waits to send."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def half_close(self) -> None:
        """Says that nothing more will be sent."""
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Breaks off, with RST where the protocol below has one."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()
