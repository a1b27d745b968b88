"""A complete transport without the driver: Unix sockets on asyncio. It does all that the gateway asks of a driver."""

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from functools import partial
from itertools import count

from transports.gateway import Gateway, Order, Output
from transports.testing import Connect, SocketStream, in_background


class Line(asyncio.Protocol):
    """One connection. Its output is gathered, and written once a turn while the client reads.

    asyncio keeps a queue of what was written since Python 3.12, and adds up its length at every write: to write line by
    line to a client that does not read takes quadratic time, minutes for 200,000 lines.
    """

    def __init__(self, server: "UnixServer") -> None:
        self.server, self.id = server, next(server.ids)
        self.unsent, self.full = bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.server.lines[self.id] = self
        self.server.step(partial(self.server.gateway.connected, self.id))

    def data_received(self, data: bytes) -> None:
        self.server.step(partial(self.server.gateway.received, self.id, data))

    def eof_received(self) -> None:
        self.flush()  # asyncio closes the connection once this is sent

    def connection_lost(self, error: Exception | None) -> None:
        del self.server.lines[self.id]
        self.server.step(partial(self.server.gateway.disconnected, self.id))

    def pause_writing(self) -> None:
        self.full = True

    def resume_writing(self) -> None:
        self.full = False
        self.flush()

    def carry_out(self, what: bytes | Order) -> None:
        if what is Order.CLOSE:
            self.flush()
            self.transport.close()
        elif what is Order.PAUSE:
            self.transport.pause_reading()
        elif what is Order.RESUME:
            self.transport.resume_reading()
        elif not self.transport.is_closing():
            self.unsent += what

    def end_turn(self) -> None:
        if not self.full:
            self.flush()
        if 0 < self.server.gateway.limits.output_limit < len(self.unsent) + self.transport.get_write_buffer_size():
            self.transport.abort()

    def flush(self) -> None:
        self.transport.write(bytes(self.unsent))
        self.unsent.clear()


class UnixServer:
    """Holds all connections and the one timer."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway, self.lines, self.ids = gateway, {}, count(1)
        self.loop = asyncio.get_running_loop()
        self.timer = self.loop.call_soon(lambda: None)

    def step(self, call: Callable[[float], list[Output]]) -> None:
        outputs = [(self.lines[id], what) for id, what in call(self.loop.time()) if id in self.lines]
        for line, what in outputs:
            line.carry_out(what)
        for line in dict.fromkeys(line for line, _ in outputs):
            line.end_turn()
        self.timer.cancel()
        deadline = self.gateway.next_deadline()
        if deadline is not None:
            self.timer = self.loop.call_at(deadline, self.step, self.gateway.tick)

    async def serve(self, path: str, stop: asyncio.Event, started: asyncio.Event) -> None:
        listening = await self.loop.create_unix_server(partial(Line, self), path)
        started.set()
        await stop.wait()
        listening.close()
        self.step(self.gateway.goodbye)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                while self.lines:
                    await asyncio.sleep(0.01)
        for line in self.lines.values():
            line.transport.abort()


@in_background
@contextlib.asynccontextmanager
async def serve(gateway: Gateway) -> AsyncIterator[Connect]:
    with tempfile.TemporaryDirectory() as folder:
        path, stop, started = f"{folder}/chat", asyncio.Event(), asyncio.Event()

        def connect() -> SocketStream:
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(path)
            return SocketStream(connection)

        serving = asyncio.create_task(UnixServer(gateway).serve(path, stop, started))
        await started.wait()
        yield connect
        stop.set()
        await serving
