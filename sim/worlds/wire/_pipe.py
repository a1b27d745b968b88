"""The server's end of a simulated connection as a pipe of the driver: all that the wire world adds to the server."""

from sim.worlds.faults import Occurrence
from sim.worlds.wire.conditions import Conditions
from sim.worlds.wire.connection import WireConnection
from transports.driver import Driver, Link


class WirePipe:
    """Connects a simulated connection with the driver, as ``transports/tcp/_pipe.py`` does for sockets.

    Attributes:
        link: the driver's side of the connection.
        reading: whether input is passed on.
        full: whether the window is used up.
    """

    def __init__(self, driver: "Driver[WirePipe]", conditions: Conditions, connection: WireConnection) -> None:
        self.connection = connection
        self.link = Link(driver, self)
        self._counts = conditions.counts
        self.reading = True
        self.full = False

    # Called by the network.

    @property
    def sees_errors(self) -> bool:
        """Whether it reads or waits to write, as a selector would report errors then."""
        return self.reading or self.full

    def opened(self) -> None:
        self.link.opened()

    def received(self, data: bytes) -> None:
        self.link.received(data)

    def ended(self) -> None:
        self.link.eof()

    def lost(self) -> None:
        self.full = False  # so that the link is told nothing more
        self.link.lost()

    def writable(self) -> None:
        if self.full and not self.connection.down.full:
            self.full = False
            self.link.resume_writing()

    # Called by the link.

    def write(self, data: bytes) -> None:
        """Writes towards the client; what exceeds the window counts as unsent."""
        self.connection.down.write(data)
        self.connection.report_error()
        if self.connection.down.full and not self.full:
            self.full = True
            self._counts[Occurrence.FULL] += 1
            self.link.pause_writing()

    def write_eof(self) -> None:
        self.connection.down.finish()

    def pause_reading(self) -> None:
        if self.reading:
            self.reading = False
            self._counts[Occurrence.PAUSED] += 1
            self.connection.up.pause()

    def resume_reading(self) -> None:
        if not self.reading:
            self.reading = True
            self.connection.up.resume()
            self.connection.report_error()

    def abort(self) -> None:
        self.connection.abort()

    def unsent(self) -> int:
        return self.connection.down.beyond_window

    def is_reset(self) -> bool:
        return self.connection.broken_since is not None
