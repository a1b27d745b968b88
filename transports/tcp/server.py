"""The thin driver under the gateway: TCP connections, one timer, and the end of it all, on asyncio."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any, cast

from transports.gateway import Connection, Gateway, Order, Output
from transports.tcp.listener import Listener

OUTPUT_LIMIT = 1 << 20
"""How many bytes may wait for a slow reader before the connection is dropped: 1 MiB, the default of InspIRCd's
``hardsendq``."""

LINGER = 5.0
"""How long a closed connection may take to read the rest, in seconds."""


READ_SIZE = 2048
"""How many bytes of one connection are handled in a turn: a flood of short lines waits in the flooder's own system,
while everybody else has their turn."""


class Link(asyncio.BufferedProtocol):
    """One TCP connection. What goes to it is gathered, and written once per turn of the loop.

    While the other side does not read, the transport holds one piece at most and the rest waits here, up to the
    server's limit.
    """

    __slots__ = ("_gathered", "_linger", "_paused", "_server", "_size", "_transport", "identity")

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._gathered: list[bytes] = []
        self._size = 0
        self._paused = False
        self._linger: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection has been accepted."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=0)
        self.identity = self._server.admit(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Where to put the next bytes: one place for all connections, as they are handled at once."""
        return self._server.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Bytes have come."""
        data = bytes(self._server.buffer[:nbytes])
        self._server.advance(self._server.gateway.received, self.identity, data)

    def eof_received(self) -> None:
        """The other side will say no more: they leave, whether or not they read the rest."""
        self._server.advance(self._server.gateway.disconnected, self.identity)
        self.close()

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone, closed or reset by anybody."""
        if self._linger is not None:
            self._linger.cancel()
        self._server.forget(self)

    def pause_writing(self) -> None:
        """The other side is slow to read."""
        self._paused = True

    def resume_writing(self) -> None:
        """The other side has read all we wrote."""
        self._paused = False
        self.write()

    def gather(self, data: bytes) -> None:
        """Takes bytes to be written at the end of the turn, or drops the connection if too many wait already.

        What is gathered in one turn is no fault of a reader who has kept up until now.
        """
        self._gathered.append(data)
        self._size += len(data)
        if self._paused and self._size > self._server.output_limit:
            self.abort()

    def write(self) -> None:
        """Writes all that was gathered, in one piece, unless the piece before is still unread."""
        if not self._paused:
            self._write_all()

    def close(self) -> None:
        """Closes the connection when all before has been read, or ``LINGER`` has passed."""
        if not self._transport.is_closing():
            self._write_all()
            self._transport.close()
            self._linger = asyncio.get_running_loop().call_later(LINGER, self._transport.abort)

    def abort(self) -> None:
        """Drops the connection and what was not yet written."""
        self._transport.abort()
        self._write_all()

    def _write_all(self) -> None:
        if self._gathered and not self._transport.is_closing():
            self._transport.write(b"".join(self._gathered))
        self._gathered.clear()
        self._size = 0


class Server:
    """Serves a gateway on TCP until it is stopped.

    Args:
        gateway: the chat server.
        turn_ended: is called once at the end of every turn of the loop in which something happened.
        output_limit: how many bytes may wait for a slow reader before the connection is dropped.

    Attributes:
        failure: what the gateway raised, if it did: a bug or a broken policy, after which it is not to be trusted.
    """

    def __init__(
        self,
        gateway: Gateway,
        turn_ended: Callable[[], None] = lambda: None,
        output_limit: int = OUTPUT_LIMIT,
    ) -> None:
        self.gateway = gateway
        self.output_limit = output_limit
        self.buffer = bytearray(READ_SIZE)
        self.failure: Exception | None = None
        self._turn_ended = turn_ended
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()
        self._listener = Listener(lambda: Link(self))
        self._links: dict[Connection, Link] = {}
        self._admitted = 0
        self._written_to: dict[Link, None] = {}
        self._turn_open = False
        self._timer: asyncio.TimerHandle | None = None
        self._deadline: float | None = None
        self._stop = asyncio.Event()
        self._empty = asyncio.Event()

    async def bind(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """Takes the port; nobody is served before ``start``.

        Args:
            host: an address or name of this machine.
            port: 0 for any free one.

        Returns:
            The addresses it will listen on, as ``socket.getsockname`` tells them.

        Raises:
            OSError: the port is in use, or there is no such address here.
        """
        return await self._listener.bind(host, port)

    def start(self) -> None:
        """Lets people in from now on."""
        self._listener.start()

    async def run(self) -> None:
        """Serves until ``stop``, then says goodbye to everybody, and returns once they are gone."""
        await self._stop.wait()
        self._listener.close()
        self.carry_out(self.gateway.goodbye(self.clock()))
        self._end_turn()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER if self._links else 0):
                await self._empty.wait()
        for link in self._links.values():
            link.abort()
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.sleep(0)  # for the last connections to be lost

    def stop(self) -> None:
        """Has ``run`` end; the second time, without waiting for those who are slow to read."""
        if self._stop.is_set():
            self._empty.set()
        self._stop.set()

    def clock(self) -> float:
        """The gateway's time: seconds since this server was made, never running back."""
        return self._loop.time() - self._started

    # What the links say.

    def admit(self, link: Link) -> Connection:
        """Gives a new connection its id."""
        self._admitted += 1
        self._links[self._admitted] = link
        self.advance(self.gateway.connected, self._admitted)
        return self._admitted

    def forget(self, link: Link) -> None:
        """A connection is gone."""
        self.advance(self.gateway.disconnected, link.identity)
        del self._links[link.identity]
        self._written_to.pop(link, None)
        if not self._links and self._stop.is_set():
            self._empty.set()

    def advance(self, step: Callable[..., Sequence[Output]], *what: Any) -> None:
        """Has the gateway take a step, now, and does what it says."""
        if self.failure is not None:
            return
        try:
            self.carry_out(step(*what, self.clock()))
            self._set_timer()
        except Exception as error:
            self.failure = error
            self._stop.set()
        if not self._turn_open:
            self._turn_open = True
            self._loop.call_soon(self._end_turn)

    def carry_out(self, outputs: Sequence[Output]) -> None:
        """Gathers bytes for their connections, and closes those that are to be closed."""
        for connection, data in outputs:
            link = self._links.get(connection)
            if link is None:
                continue
            if data is Order.CLOSE:
                link.close()
            elif isinstance(data, bytes):
                link.gather(data)
                self._written_to[link] = None

    def _end_turn(self) -> None:
        self._turn_open = False
        written_to, self._written_to = self._written_to, {}
        for link in written_to:
            link.write()
        self._turn_ended()

    # The one timer.

    def _set_timer(self) -> None:
        deadline = self.gateway.next_deadline()
        if deadline == self._deadline:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._deadline = deadline
        self._timer = None if deadline is None else self._loop.call_at(self._started + deadline, self._tick)

    def _tick(self) -> None:
        """The loop may call a hair too early; then there is the same deadline once more, and another call."""
        self._timer = self._deadline = None
        self.advance(self.gateway.tick)
