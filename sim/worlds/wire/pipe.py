"""The server's end of a simulated connection as a pipe of the driver: all that the wire world has of a server."""

from sim.worlds.faults import Occurrence
from sim.worlds.wire.conditions import Conditions
from sim.worlds.wire.connection import WireConnection
from transports.driver import Driver, Link


class WirePipe:
    """What asyncio's transport and protocol are for TCP.

    Args:
        driver: drives the gateway.
        conditions: for the counts of what happens.
        connection: the simulated connection.

    Attributes:
        connection: the simulated connection.
        link: the driver's side of the connection.
        reading: whether input is passed on.
        full: whether more was written than the window holds, and is not all read yet.
    """

    def __init__(self, driver: "Driver[WirePipe]", conditions: Conditions, connection: WireConnection) -> None:
        self.connection = connection
        self.link = Link(driver, self)
        self._counts = conditions.counts
        self.reading = True
        self.full = False

    # What the network reports.

    @property
    def looks(self) -> bool:
        """Whether it reads, or waits to write: a selector would be told of errors."""
        return self.reading or self.full

    def opened(self) -> None:
        """The connection is accepted."""
        self.link.opened()

    def received(self, data: bytes) -> None:
        """Input has arrived."""
        self.link.received(data)

    def ended(self) -> None:
        """The client sent EOF."""
        self.link.eof()

    def lost(self) -> None:
        """The connection is gone."""
        self.full = False  # so that the link is told nothing more
        self.link.lost()

    def writable(self) -> None:
        """The systems take bytes again."""
        if self.full and not self.connection.down.full:
            self.full = False
            self.link.resume_writing()

    # What the link asks.

    def write(self, data: bytes) -> None:
        """Writes towards the client; what exceeds the window counts as unsent."""
        self.connection.down.write(data)
        self.connection.look()
        if self.connection.down.full and not self.full:
            self.full = True
            self._counts[Occurrence.FULL] += 1
            self.link.pause_writing()

    def write_eof(self) -> None:
        """Half-closes."""
        self.connection.down.finish()

    def pause_reading(self) -> None:
        """Leaves input where it is."""
        if self.reading:
            self.reading = False
            self._counts[Occurrence.PAUSED] += 1
            self.connection.up.hold()

    def resume_reading(self) -> None:
        """Reads on."""
        if not self.reading:
            self.reading = True
            self.connection.up.release()
            self.connection.look()

    def abort(self) -> None:
        """Drops the connection."""
        self.connection.abort()

    def unsent(self) -> int:
        """Returns how many bytes exceed the window."""
        return self.connection.down.beyond_window

    def is_reset(self) -> bool:
        """Returns whether the connection is broken."""
        return self.connection.broken_since is not None
