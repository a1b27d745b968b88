"""A TCP or TLS connection of asyncio as a pipe of the driver."""

import asyncio
import contextlib
import socket
from typing import cast

from transports.driver import Driver, Link


class TcpPipe(asyncio.BufferedProtocol):
    """One connection: the loop's calls go to the link, and the link's calls to asyncio's transport.

    The loop puts what it reads into the buffer. All connections share one, as input is copied at once.
    """

    __slots__ = ("_buffer", "link", "transport")

    def __init__(self, driver: "Driver[TcpPipe]", buffer: memoryview, address: str) -> None:
        self.link = Link(driver, self, address)
        self.transport: asyncio.Transport  # from ``connection_made`` on
        self._buffer = buffer

    # Called by the loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=1)  # with 0, asyncio's TLS would be full when it is empty
        self.link.opened()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.link.received(bytes(self._buffer[:nbytes]))

    def eof_received(self) -> None:
        self.link.eof()  # and as this returns None, asyncio closes the transport once its buffer is flushed

    def connection_lost(self, error: Exception | None) -> None:
        self.link.lost()

    def pause_writing(self) -> None:
        self.link.pause_writing()

    def resume_writing(self) -> None:
        self.link.resume_writing()

    # Called by the link.

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def write_eof(self) -> None:
        with contextlib.suppress(OSError):  # the connection is reset, which will be reported soon
            if self.transport.can_write_eof():
                self.transport.write_eof()
            else:  # TLS cannot be half-closed
                self.transport.close()

    def pause_reading(self) -> None:
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        self.transport.resume_reading()

    def abort(self) -> None:
        self.transport.abort()

    def unsent(self) -> int:
        return self.transport.get_write_buffer_size()

    def is_reset(self) -> bool:
        ours: socket.socket = self.transport.get_extra_info("socket")
        return ours.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0
