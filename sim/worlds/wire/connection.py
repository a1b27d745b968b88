"""One simulated connection, from end to end, and the faults that can strike it."""

from collections.abc import Callable
from typing import Protocol

from sim.worlds.faults import Occurrence
from sim.worlds.interfaces import Client, End
from sim.worlds.wire.conditions import Conditions
from sim.worlds.wire.direction import Direction
from transports.driver import READ_SIZE

CLIENT_READS = 1 << 16


class ServerEnd(End, Protocol):
    """The server's end. ``lost`` is its last call, however the connection ended."""

    @property
    def sees_errors(self) -> bool:
        """Whether it reads or waits to write: a selector reports errors of the connection to those only."""

    def opened(self) -> None:
        """Handles that the connection is accepted."""

    def writable(self) -> None:
        """Handles that the window has room again after it was used up."""


class WireConnection:
    """Two directions, and what happens to both of them.

    Args:
        accept: makes the server's end.
        forget: called when neither end has the connection any longer.

    Attributes:
        up: from the client to the server.
        down: from the server to the client.
        broken_since: when the connection broke, in seconds, as long as the server's end has not seen it.
    """

    def __init__(
        self,
        conditions: Conditions,
        client: Client,
        accept: "Callable[[WireConnection], ServerEnd]",
        forget: "Callable[[WireConnection], object]",
    ) -> None:
        self.client = client
        self.broken_since: float | None = None
        self._conditions = conditions
        self._forget_me = forget
        self._server = accept(self)
        self._client_there = self._server_there = True
        self._opened = False
        self.up = Direction(conditions, self._server.received, self._up_ended, _nothing, READ_SIZE)
        self.down = Direction(conditions, client.received, self._down_ended, self._server.writable, CLIENT_READS)

    def open(self) -> None:
        """Accepts the connection."""
        if self._server_there:
            self._opened = True
            self._server.opened()

    def abort(self) -> None:
        """Drops the connection at the server. What its system has taken may be read, unless the window was used up."""
        self.up.cut()
        if self.down.full:
            self._lose(self.down)
            self._conditions.later(self.down.latency, self._tell_client)
        else:
            self.down.finish()
        self._conditions.later(0.0, self._tell_server)

    def report_error(self) -> None:
        """Reports an error that there is, as the server's end reads or writes now."""
        if self.broken_since is not None:
            self._conditions.later(0.0, self._tell_server)

    def fall_silent(self) -> None:
        """Lets the client vanish without FIN or reset. What it sent before still arrives; it reads nothing more."""
        if self._client_there:
            self._conditions.counts[Occurrence.VANISHED] += 1
            self._client_there = False
            self.down.pause()
            self.client.vanished()
            self._forget()

    def notice(self) -> None:
        """Lets the server's system learn that the client is gone, unless a timeout has told the server."""
        if self._server_there:
            self._conditions.counts[Occurrence.NOTICED] += 1
            self._break()

    # Faults.

    def stall(self) -> None:
        """Lets nothing through for a while, in one direction or both."""
        conditions = self._conditions
        conditions.counts[Occurrence.STALLED] += 1
        until = conditions.timeline.now + conditions.exponential(conditions.faults.stall)
        for direction in ((self.up,), (self.down,), (self.up, self.down))[conditions.one_of(3)]:
            direction.stall(until)

    def reset(self) -> None:
        """Loses everything in flight. Both ends learn of it now, or one of them late."""
        conditions = self._conditions
        conditions.counts[Occurrence.RESET] += 1
        self._lose(self.up)
        self._lose(self.down)
        late = conditions.exponential(conditions.faults.unnoticed)
        to_client, to_server = ((0.0, 0.0), (0.0, late), (late, 0.0))[conditions.one_of(3)]
        conditions.later(to_client, self._tell_client)
        conditions.later(to_server, self._break)

    def vanish(self) -> None:
        """Lets the client vanish with its machine. The server learns of it late, or finds out by its timeouts."""
        if self._client_there:
            self.fall_silent()
            self._conditions.later(self._conditions.exponential(self._conditions.faults.unnoticed), self.notice)

    def heal(self) -> None:
        """Ends faults: delayed bytes arrive, and an end that was not noticed is."""
        self.up.heal()
        self.down.heal()
        if not self._client_there:
            self._conditions.later(0.0, self._break)
        elif not self._server_there and self.down.over:
            self._conditions.later(0.0, self._tell_client)

    # How it ends.

    def _up_ended(self) -> None:
        self._server.ended()
        self._end()

    def _down_ended(self) -> None:
        self._client_there = False
        self.up.finish()
        self.client.ended()
        self._end()
        self._forget()

    def _end(self) -> None:
        if self.up.over and self.down.over:
            self._tell_server()

    def _tell_client(self) -> None:
        if self._client_there:
            self._client_there = False
            self.client.lost()
            self._forget()

    def _break(self) -> None:
        """Lets the server's system learn that the connection is broken."""
        if self._server.sees_errors:
            self._tell_server()
        elif self._server_there and self.broken_since is None:
            self.broken_since = self._conditions.timeline.now

    def _tell_server(self) -> None:
        if self._server_there:
            self._server_there = False
            self._lose(self.up)  # what is late, or was sent to a connection that was never accepted, is not read
            if self._opened:
                self._server.lost()
            self._forget()

    def _forget(self) -> None:
        if not self._client_there and not self._server_there:
            self._forget_me(self)

    def _lose(self, direction: Direction) -> None:
        self._conditions.counts[Occurrence.LOST] += direction.cut()


def _nothing() -> None:
    """Does nothing: clients write little, and are not told about the window."""
