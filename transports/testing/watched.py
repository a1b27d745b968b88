"""A gateway that watches its driver: what it is told, in which order, and what it has ordered."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from roulette_core import Roulette
from transports.gateway import CloseReason, Connection, Gateway, Limits, Output
from transports.testing.side import Side


class WatchedGateway(Gateway):
    """A gateway that notes whatever its driver does against the duties.

    Args:
        roulette: whom it serves.
        limits: what everybody is held to.

    Attributes:
        sides: all connections there ever were, the oldest first.
        breaches: what the driver has done wrong, a sentence each.
        unwelcome: how many were not even to approach.
        dawdles: how long each call takes at least, in seconds, for other threads to show themselves.
        latest: how late the latest ``tick`` has come, in seconds.
        changed: is notified after each call.
    """

    def __init__(self, roulette: Roulette, limits: Limits) -> None:
        super().__init__(roulette, limits)
        self.sides: dict[Connection, Side] = {}
        self.breaches: list[str] = []
        self.unwelcome = 0
        self.dawdles = 0.0
        self.latest = 0.0
        self.changed = threading.Condition()
        self._turn = threading.Lock()
        self._now = float("-inf")

    # What the driver says.

    def may_handshake(self, address: str) -> bool:
        """Somebody begins to connect."""
        with self._alone("may_handshake"):
            welcome = super().may_handshake(address)
            self.unwelcome += not welcome
            return welcome

    def connected(self, connection: Connection, now: float, address: str = "") -> list[Output]:
        """Somebody has connected."""
        with self._call("connected", now):
            if connection in self.sides:
                self.breaches.append(f"connected: the id {connection!r} was used before")
            if address and not _is_numeric(address):
                self.breaches.append(f"connected: {address!r} is no numeric IP address")
                address = ""
            self.sides[connection] = Side(connection, address)
            return self._note(super().connected(connection, now, address))

    def received(self, connection: Connection, data: bytes, now: float) -> list[Output]:
        """Bytes have come."""
        with self._call("received", now):
            side = self._side("received", connection)
            held = side is not None and side.held
            outputs = self._note(super().received(connection, data, now))
            if side is not None:
                side.take(data, held)  # what comes of it is noted by now, for those who wait for this
            return outputs

    def disconnected(self, connection: Connection, now: float, reason: CloseReason = CloseReason.LOST) -> list[Output]:
        """A connection is gone."""
        with self._call("disconnected", now):
            side = self._side("disconnected", connection)
            outputs = self._note(super().disconnected(connection, now, reason))
            if side is not None:
                side.gone = True
            return outputs

    def tick(self, now: float) -> list[Output]:
        """Time has passed."""
        with self._call("tick", now):
            deadline = super().next_deadline()
            if deadline is not None:
                self.latest = max(self.latest, now - deadline)
            return self._note(super().tick(now))

    def next_deadline(self) -> float | None:
        """When ``tick`` is due."""
        with self._alone("next_deadline"):
            return super().next_deadline()

    def goodbye(self, now: float) -> list[Output]:
        """The server stops."""
        with self._call("goodbye", now):
            return self._note(super().goodbye(now))

    # What the tests ask.

    def until(self, condition: Callable[[], bool], patience: float) -> bool:
        """Waits until something is so, looking after each call: whether it came to be.

        Args:
            condition: what is to be so.
            patience: how long to wait, in seconds.
        """
        with self.changed:
            return self.changed.wait_for(condition, patience)

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
        if not self._turn.acquire(blocking=False):
            self.breaches.append(f"{what}: called while another call was under way")
            self._turn.acquire()
        try:
            time.sleep(self.dawdles) if self.dawdles else None
            yield
        finally:
            self._turn.release()

    def _side(self, what: str, connection: Connection) -> Side | None:
        side = self.sides.get(connection)
        if side is None:
            self.breaches.append(f"{what}: no connection {connection!r} was ever said to be there")
        elif side.gone:
            self.breaches.append(f"{what}: the connection {connection!r} was said to be gone")
        return side

    def _note(self, outputs: list[Output]) -> list[Output]:
        for connection, what in outputs:
            self.sides[connection].order(what)
        return outputs


def _is_numeric(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return True
