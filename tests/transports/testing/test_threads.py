"""A transport of another kind passes, too: threads and blocking sockets, without an event loop."""

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from transports.gateway import Gateway, Order, Output
from transports.testing import Connect, SocketStream, TransportTests


class Line:
    """One connection. One thread reads from it, another writes to it."""

    def __init__(self, server: "Server", end: socket.socket) -> None:
        self.server, self.end, self.id = server, end, next(server.ids)
        self.waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.size = 0
        self.reading = threading.Event()
        self.reading.set()
        self.reader = threading.Thread(target=self.read)
        self.writer = threading.Thread(target=self.write)
        server.lines[self.id] = self
        server.step(server.gateway.connected, self.id)
        self.writer.start()
        self.reader.start()

    def read(self) -> None:
        gateway = self.server.gateway
        with contextlib.suppress(OSError):
            while self.reading.wait() and (data := self.end.recv(4096)):
                self.server.step(gateway.received, self.id, data)
        self.server.step(gateway.disconnected, self.id)
        self.waiting.put(None)
        self.writer.join()
        self.end.close()

    def write(self) -> None:
        with contextlib.suppress(OSError):
            while (data := self.waiting.get()) is not None:
                self.end.sendall(data)
                self.size -= len(data)
            self.end.shutdown(socket.SHUT_WR)

    def carry_out(self, what: bytes | Order) -> None:
        if what is Order.CLOSE:
            self.waiting.put(None)
            self.reading.set()
        elif isinstance(what, Order):
            self.reading.clear() if what is Order.PAUSE else self.reading.set()
        else:
            self.size += len(what)
            self.waiting.put(what)
            if 0 < self.server.gateway.limits.output_limit < self.size:
                self.end.shutdown(socket.SHUT_RDWR)


class Server:
    """Holds all connections, and a thread for the timer. Only the thread that holds ``turn`` may call the gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.ids = count(1)
        self.lines: dict[Any, Line] = {}
        self.turn = threading.Condition()
        self.stopped = False
        self.timer = threading.Thread(target=self.run_timer)
        self.timer.start()

    def step(self, call: Callable[..., list[Output]], *what: object) -> None:
        with self.turn:
            for connection, order in call(*what, time.monotonic()):
                self.lines[connection].carry_out(order)
            self.turn.notify()

    def run_timer(self) -> None:
        with self.turn:
            while not self.stopped:
                deadline = self.gateway.next_deadline()
                seconds = None if deadline is None else deadline - time.monotonic()
                if seconds is not None and seconds <= 0:
                    self.step(self.gateway.tick)
                else:
                    self.turn.wait(seconds)

    def stop(self) -> None:
        self.stopped = True
        self.step(self.gateway.goodbye)
        for thread in (self.timer, *(line.reader for line in self.lines.values())):
            thread.join()


class TestThreads(TransportTests):
    half_close = lingers = backpressure = True
    filling = 1 << 20

    @contextlib.contextmanager
    def serve(self, gateway: Gateway) -> Iterator[Connect]:
        server = Server(gateway)

        def connect() -> SocketStream:
            ours, theirs = socket.socketpair()
            Line(server, ours)
            return SocketStream(theirs)

        yield connect
        server.stop()
