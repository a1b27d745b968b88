"""One connection: how much is read from it, how much may wait for it, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, cast

from transports.gateway import CloseReason, Connection, Order

if TYPE_CHECKING:
    from transports.tcp.server import Server

READ_SIZE = 2048
"""How many bytes of one connection are handled in a turn: a flood of short lines waits in the flooder's own system,
while everybody else has their turn."""

WATCH_EVERY = 1.0
"""How often a connection that is not read from is asked whether it was reset, in seconds."""

LINGER = 1.0
"""How long the other side may take to hang up when it has been sent everything, in seconds. To close at once would
reset the connection if more has come from there, and the last words might be lost (RFC 9112, section 9.6)."""


class Link(asyncio.BufferedProtocol):
    """One connection. What goes to it is gathered, and written once per turn of the loop.

    While the other side does not read, the transport holds one piece at most and the rest waits here. Above the
    soft limit nothing more is read from it until all is written, so that its own commands cannot pile up answers;
    above the hard limit it is dropped.

    Args:
        server: whom it belongs to.
        address: the numeric address of the other side.

    Attributes:
        address: as given.
        identity: how the gateway knows it; the server gives it one.
        ending: what its end will be called when it comes without an order.
    """

    identity: Connection

    __slots__ = (
        "_closing",
        "_full",
        "_gathered",
        "_held",
        "_left",
        "_server",
        "_size",
        "_slow",
        "_timer",
        "_transport",
        "_watched",
        "address",
        "ending",
        "identity",
    )

    def __init__(self, server: Server, address: str) -> None:
        self.address = address
        self.ending = CloseReason.LOST
        self._server = server
        self._gathered: list[bytes] = []
        self._size = 0
        self._full = False
        self._slow = False
        self._held = False
        self._left = False
        self._watched = False
        self._closing = False
        self._timer: asyncio.TimerHandle | None = None

    # What the loop says.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection has been accepted and, if it speaks TLS, has shaken hands."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=1)  # with 0, asyncio's TLS would be full when it is empty
        self._server.admit(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to put the next bytes: one place for all connections, as they are handled at once."""
        return self._server.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Bytes have come; from a connection that is closing they mean nothing."""
        if not self._closing:
            data = bytes(self._server.buffer[:nbytes])
            self._server.advance(self._server.gateway.received, self.identity, data)

    def eof_received(self) -> None:
        """The other side will say no more: they leave, but may read the rest. asyncio closes when that is sent."""
        self._leave(CloseReason.HUNG_UP)
        self._write_all()
        self._close_within(self._server.patience)

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone, closed or reset by anybody."""
        if self._timer is not None:
            self._timer.cancel()
        self._leave(self.ending)
        self._server.forget(self)

    def pause_writing(self) -> None:
        """The other side is slow to read."""
        self._full = True

    def resume_writing(self) -> None:
        """The other side has read all we wrote."""
        self._full = False
        self.write()
        if self._slow and not self._full:
            self._slow = False
            self._read_or_not()
        if self._closing and not self._full:
            self._close_within(LINGER)

    # What the server says.

    def gather(self, data: bytes) -> None:
        """Takes bytes to be written at the end of the turn, and holds a slow reader to the limits.

        What is gathered in one turn is no fault of a reader who has kept up until now.
        """
        if self._closing:
            return
        self._gathered.append(data)
        self._size += len(data)
        if self._full:
            self._hold_to_limits()

    def write(self) -> None:
        """Writes all that was gathered, in one piece, unless the piece before is still unread."""
        if not self._full:
            self._write_all()

    def obey(self, order: Order) -> None:
        """Carries out an order of the gateway."""
        if order is Order.CLOSE:
            self.close()
        else:
            self._held = order is Order.PAUSE
            self._read_or_not()
            if not self._watched:
                self._watch()

    def close(self) -> None:
        """Has the other side read all before, and hang up; what it says meanwhile means nothing."""
        if self._closing:
            return
        self._write_all()
        self._closing = True
        self._read_or_not()
        with contextlib.suppress(OSError):  # the connection is gone, and will soon be lost
            if self._transport.can_write_eof():
                self._transport.write_eof()
            else:
                self._transport.close()
        self._close_within(self._server.patience if self._full else LINGER)

    def abort(self) -> None:
        """Drops the connection and what was not yet written."""
        self._closing = True
        self._gathered.clear()
        self._transport.abort()

    def _leave(self, ending: CloseReason) -> None:
        """Nothing more will come, which is said once."""
        if not self._left:
            self._left = True
            self._server.dismiss(self, ending)

    def _watch(self) -> None:
        """Sees whether a connection that is not read from was reset, of which reading would have told."""
        self._watched = self._held and not self._closing
        if self._watched:
            ours: socket.socket = self._transport.get_extra_info("socket")
            if ours.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self._transport.abort()
            else:
                asyncio.get_running_loop().call_later(WATCH_EVERY, self._watch)

    def _hold_to_limits(self) -> None:
        waiting = self._size + self._transport.get_write_buffer_size()
        if waiting > self._server.output_limit:
            self.ending = CloseReason.SLOW
            self.abort()
        elif waiting > self._server.output_soft and not self._slow:
            self._slow = True
            self._read_or_not()

    def _read_or_not(self) -> None:
        if self._closing or not (self._held or self._slow):
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _close_within(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._closing = True
        self._timer = asyncio.get_running_loop().call_later(seconds, self._transport.abort)

    def _write_all(self) -> None:
        if self._gathered and not self._closing:
            self._transport.write(b"".join(self._gathered))
        self._gathered.clear()
        self._size = 0
