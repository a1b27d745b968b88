"""Observes the driver from both sides, the gateway's and the pipes', and checks its duties independently.

The duties are those of ``transports/gateway/gateway.py`` and ``transports/driver/link.py``: what is written and when,
when a connection is read, and when and for which reason it ends.
"""

from collections.abc import Sequence

from sim.worlds.wire import Conditions, WireConnection, WirePipe
from transports.driver import LINGER, PATIENCE, WATCH_EVERY, Driver
from transports.gateway import CloseReason, Connection, Limits, Order, Output

NEVER = float("inf")

_ROUNDING = 0.001


class DriverChecker:
    """Checks that the driver does its duties; ``violations`` has a sentence for each that was neglected."""

    def __init__(self, limits: Limits) -> None:
        self.violations: list[str] = []
        self._soft = limits.output_soft or NEVER
        self._hard = limits.output_limit or NEVER
        self._pipes: dict[Connection, CheckedPipe] = {}
        self._opening: CheckedPipe
        self._failed = False

    def check(self, now: float) -> None:
        """Checks every connection between two turns of the driver."""
        for pipe in self._pipes.values():
            neglected = pipe.neglected(now)
            if neglected is not None:
                self.report(pipe, neglected)

    def report(self, pipe: "CheckedPipe", what: str) -> None:
        """Records a violation."""
        self.violations.append(f"connection {pipe.link.identity} {what}")

    # What the gateway is asked, and what it answers.

    def failed(self) -> None:
        """Records that the gateway raised an exception; from then on, it may only be asked to say goodbye."""
        self._failed = True

    def asked(self) -> None:
        """Checks that the gateway may be called for anything but the goodbye."""
        if self._failed:
            self.violations.append("the gateway was asked again after it had raised an exception")

    def connected(self, connection: Connection) -> None:
        """Records that the gateway was told of the connection that is opening."""
        self.asked()
        self._pipes[connection] = self._opening

    def received(self, connection: Connection) -> None:
        """Checks that a connection could be read when the gateway was given its input."""
        self.asked()
        pipe = self._pipes[connection]
        if pipe.gone:
            self.report(pipe, "was read after the gateway had been told that it was gone")
        if pipe.paused or pipe.slow:
            self.report(pipe, "was read while reading was forbidden")

    def disconnected(self, connection: Connection, reason: CloseReason) -> None:
        """Checks that the gateway is told once that a connection is gone, and with the true reason."""
        self.asked()
        pipe = self._pipes[connection]
        if pipe.gone:
            self.report(pipe, "was reported as gone twice")
        pipe.gone = True
        true = CloseReason.SLOW if pipe.dropped else CloseReason.HUNG_UP if pipe.hung_up else CloseReason.LOST
        if reason is not true and not pipe.closed:  # the gateway knows why it closed one itself
            self.report(pipe, f"ended as {reason.value!r} instead of {true.value!r}")

    def ordered(self, outputs: Sequence[Output]) -> None:
        """Records what the gateway ordered, as what the driver owes each connection."""
        for connection, what in outputs:
            pipe = self._pipes.get(connection)
            if pipe is None or pipe.closed or pipe.hung_up or pipe.dropped:
                continue
            if what is Order.CLOSE:
                pipe.closed = True
            elif isinstance(what, Order):
                pipe.paused = what is Order.PAUSE
            else:
                pipe.pending += what
                if pipe.full:
                    unread = len(pipe.pending) + pipe.unsent()
                    pipe.dropped = unread > self._hard
                    pipe.slow = pipe.slow or unread > self._soft

    # What pipes report.

    def opening(self, pipe: "CheckedPipe") -> None:
        """Records the pipe of the connection that the gateway is told of next."""
        self._opening = pipe

    def lost(self, pipe: "CheckedPipe") -> None:
        """Checks that the gateway was told when the driver learnt that a connection is gone."""
        del self._pipes[pipe.link.identity]
        if not pipe.gone and not self._failed:
            self.report(pipe, "is gone, and the gateway was not told")


class CheckedPipe(WirePipe):
    """A pipe that knows what the driver owes its connection.

    Attributes:
        pending: output that the gateway has ordered and the driver has not written.
        paused: whether the gateway has paused reading.
        slow: whether unread output over the soft limit forbids reading.
        dropped: whether unread output over the hard limit ends the connection.
        closed: whether the gateway has ordered to close it.
        hung_up: whether the client has sent EOF.
        gone: whether the gateway was told that the connection is gone.
    """

    def __init__(
        self, checker: DriverChecker, driver: Driver[WirePipe], conditions: Conditions, connection: WireConnection
    ) -> None:
        super().__init__(driver, conditions, connection)
        self.pending = bytearray()
        self.paused = self.slow = self.dropped = self.closed = self.hung_up = self.gone = False
        self._checker = checker
        self._timeline = conditions.timeline
        self._half_closed = self._aborted = False
        self._due = NEVER

    def neglected(self, now: float) -> str | None:
        """Returns what the driver has neglected between two turns; None if nothing."""
        if self._aborted:
            return None
        ends, broken_since = self.closed or self.hung_up, self.connection.broken_since
        if self.dropped:
            return "has more unread output than the hard limit, and was not dropped"
        if ends and not self._half_closed:
            return "should be closed, and was not half-closed"
        if now > self._due + _ROUNDING:
            return f"should have been given up {now - self._due:.3f} s ago"
        if self.pending and not self.full:
            return f"is owed {len(self.pending)} bytes that its pipe would take"
        if self.reading is not (ends or not (self.paused or self.slow)):
            return "is read, and should not be" if self.reading else "is not read, though nothing forbids it"
        if self.paused and broken_since is not None and now > broken_since + WATCH_EVERY + _ROUNDING:
            return f"was reset {now - broken_since:.3f} s ago while reading was paused, and that went unnoticed"
        return None

    # What the network reports.

    def opened(self) -> None:
        """Announces the connection to the checker."""
        self._checker.opening(self)
        super().opened()

    def ended(self) -> None:
        """Handles EOF of the client, and expects the driver to end the connection in time."""
        self.hung_up = True
        super().ended()
        self._due = self._timeline.now + PATIENCE

    def lost(self) -> None:
        """Handles the loss of the connection, and has it checked."""
        super().lost()
        self._checker.lost(self)

    def writable(self) -> None:
        """Handles room for more output; a slow client may then be read again."""
        was_full = self.full
        super().writable()
        if was_full and not self.full:
            self.slow = False
            if self._half_closed:
                self._due = self._timeline.now + LINGER

    # What the link asks.

    def write(self, data: bytes) -> None:
        """Checks that the gateway has ordered this, and that it is time for it."""
        if self._half_closed or self._aborted:
            self._checker.report(self, f"was written {len(data)} bytes after its end")
        elif self.full and not self.closed and not self.hung_up:
            self._checker.report(self, f"was written {len(data)} bytes before the last were read")
        elif not self.pending.startswith(data):
            self._checker.report(self, f"was written {bytes(data[:40])!r} before {bytes(self.pending[:40])!r}")
        del self.pending[: len(data)]
        super().write(data)

    def write_eof(self) -> None:
        """Checks that nothing is left to be written."""
        if self.pending:
            self._checker.report(self, f"was half-closed before {len(self.pending)} bytes were written")
        self._half_closed = True
        self._due = self._timeline.now + (PATIENCE if self.full or self.hung_up else LINGER)
        super().write_eof()

    def abort(self) -> None:
        """Checks that there is a reason, and that it is neither too early nor too late."""
        late = self._timeline.now - self._due
        if not self.dropped and not self.is_reset() and abs(late) > _ROUNDING:
            self._checker.report(self, f"was given up {abs(late):.3f} s too {'late' if late > 0 else 'early'}")
        self._aborted = True
        super().abort()
