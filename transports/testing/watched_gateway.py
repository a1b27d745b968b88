"""A gateway that watches its driver: it records every call and every output, and what breaks the driver's duties."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from roulette_core import Roulette
from transports.gateway import CloseReason, Connection, Gateway, Limits, Order, Output


class ConnectionRecord:
    """What the driver and the gateway said to each other about one connection."""

    def __init__(self, connection: Connection, address: str) -> None:
        self.connection = connection
        self.address = address  # the client's, as the driver gave it
        self.received = bytearray()  # handed in by the driver
        self.ordered = bytearray()  # ordered by the gateway to be sent
        self.closed = False  # whether the gateway has ordered CLOSE
        self.gone = False  # whether the driver has called ``disconnected``
        self.paused = False  # whether the latest of PAUSE and RESUME was PAUSE
        self.pauses = 0  # how often PAUSE was ordered
        self.most_while_paused = 0  # the most bytes that were handed in between a PAUSE and its RESUME
        self._while_paused = 0

    def add_received(self, data: bytes, paused: bool) -> None:
        """Records bytes that the driver handed in, and whether the connection was paused before that call."""
        self.received += data
        self._while_paused = self._while_paused + len(data) if paused else 0
        self.most_while_paused = max(self.most_while_paused, self._while_paused)

    def add_ordered(self, what: bytes | Order) -> None:
        """Records an output of the gateway."""
        if isinstance(what, bytes):
            self.ordered += what
        elif what is Order.CLOSE:
            self.closed = True
        else:
            self.paused = what is Order.PAUSE
            self.pauses += self.paused


class WatchedGateway(Gateway):
    """A gateway that records what its driver does, and which duties it breaks."""

    def __init__(self, roulette: Roulette, limits: Limits) -> None:
        super().__init__(roulette, limits)
        self.records: dict[Connection, ConnectionRecord] = {}  # of every connection that ever was, oldest first
        self.breaches: list[str] = []  # the duties that the driver has broken, a sentence each
        self.refused_handshakes = 0  # how many connections were not allowed to begin their handshake
        self.call_seconds = 0.0  # how long each call takes at least, so that overlapping calls of other threads show
        self.latest_tick = 0.0  # by how many seconds the latest ``tick`` of all came after its deadline
        self.changed = threading.Condition()  # notified after each call
        self._running = threading.Lock()
        self._now = float("-inf")

    # What the driver calls.

    def may_handshake(self, address: str) -> bool:
        """Returns whether a new connection may start its handshake."""
        with self._alone("may_handshake"):
            allowed = super().may_handshake(address)
            self.refused_handshakes += not allowed
            return allowed

    def connected(self, connection: Connection, now: float, address: str = "") -> list[Output]:
        """Records a new connection."""
        with self._call("connected", now):
            if connection in self.records:
                self.breaches.append(f"connected: the id {connection!r} was used before")
            if address and not _is_numeric(address):
                self.breaches.append(f"connected: {address!r} is no numeric IP address")
                address = ""
            self.records[connection] = ConnectionRecord(connection, address)
            return self._record(super().connected(connection, now, address))

    def received(self, connection: Connection, data: bytes, now: float) -> list[Output]:
        """Records bytes from a client."""
        with self._call("received", now):
            record = self._find("received", connection)
            paused = record is not None and record.paused
            outputs = self._record(super().received(connection, data, now))
            if record is not None:
                # After the outputs: a test that waits for these bytes finds the answer recorded, too.
                record.add_received(data, paused)
            return outputs

    def disconnected(self, connection: Connection, now: float, reason: CloseReason = CloseReason.LOST) -> list[Output]:
        """Records the end of a connection."""
        with self._call("disconnected", now):
            record = self._find("disconnected", connection)
            outputs = self._record(super().disconnected(connection, now, reason))
            if record is not None:
                record.gone = True
            return outputs

    def tick(self, now: float) -> list[Output]:
        """Records how late the call comes."""
        with self._call("tick", now):
            deadline = super().next_deadline()
            if deadline is not None:
                self.latest_tick = max(self.latest_tick, now - deadline)
            return self._record(super().tick(now))

    def next_deadline(self) -> float | None:
        """Returns when ``tick`` is due."""
        with self._alone("next_deadline"):
            return super().next_deadline()

    def goodbye(self, now: float) -> list[Output]:
        """Records the outputs of the shutdown."""
        with self._call("goodbye", now):
            return self._record(super().goodbye(now))

    # What the tests ask.

    def wait_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Waits until a condition holds, evaluated after each call. Returns False after ``timeout`` seconds."""
        with self.changed:
            return self.changed.wait_for(condition, timeout)

    # What is watched.

    @contextmanager
    def _call(self, what: str, now: float) -> Iterator[None]:
        with self._alone(what):
            if now < self._now:
                self.breaches.append(f"{what}: the clock runs back, from {self._now} to {now}")
            self._now = now
            yield
        with self.changed:
            self.changed.notify_all()

    @contextmanager
    def _alone(self, what: str) -> Iterator[None]:
        if not self._running.acquire(blocking=False):
            self.breaches.append(f"{what}: called during another call")
            self._running.acquire()
        try:
            if self.call_seconds:
                time.sleep(self.call_seconds)
            yield
        finally:
            self._running.release()

    def _find(self, what: str, connection: Connection) -> ConnectionRecord | None:
        record = self.records.get(connection)
        if record is None:
            self.breaches.append(f"{what}: the id {connection!r} was never given to connected")
        elif record.gone:
            self.breaches.append(f"{what}: the id {connection!r} was given to disconnected before")
        return record

    def _record(self, outputs: list[Output]) -> list[Output]:
        for connection, what in outputs:
            self.records[connection].add_ordered(what)
        return outputs


def _is_numeric(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return True
