"""One connection as the driver has it, which holds slow readers to the same limits as ``transports.tcp``.

Where the systems of both ends hold all that they can, what more there is for a client waits here. Times and limits are
the TCP driver's.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from sim.worlds.occurrences import Occurrence
from sim.worlds.wire.connection import Connection
from transports.gateway import CloseReason, Order
from transports.tcp.link import LINGER
from transports.tcp.server import PATIENCE

if TYPE_CHECKING:
    from sim.worlds.wire.driver import Driver


class DrivenLink:
    """One connection as the server has it.

    Args:
        driver: to whom it belongs.
        connection: the network's part.

    Attributes:
        connection: as given.
        waiting: how many bytes wait to be written.
        held: whether nothing is read, as the gateway has paused it.
    """

    __slots__ = ("_closing", "_driver", "_ending", "_gathered", "_id", "_slow", "connection", "held", "waiting")

    def __init__(self, driver: Driver, connection: Connection) -> None:
        self.waiting = 0
        self._driver = driver
        self.connection = connection
        self._id = 0
        self._ending = CloseReason.LOST
        self._gathered: list[bytes] = []
        self.held = self._slow = self._closing = False

    # What the network says.

    def opened(self) -> None:
        """The connection is accepted."""
        self._id = self._driver.admit(self)
        self._driver.advance(self._driver.gateway.connected, self._id)

    def received(self, data: bytes) -> None:
        """Bytes have come; from a connection that is closing they mean nothing."""
        if not self._closing:
            self._driver.advance(self._driver.gateway.received, self._id, data)

    def ended(self) -> None:
        """The client will say no more: its user leaves, but may read the rest."""
        self._dismiss(CloseReason.HUNG_UP)
        self.close()

    def lost(self) -> None:
        """The connection is gone."""
        self._closing = True
        self._dismiss(self._ending)
        del self._driver.links[self._id]

    def writable(self) -> None:
        """The systems take bytes again."""
        self.write()
        if self._slow and not self.connection.down.full:
            self._slow = False
            self._read_or_not()

    # What the driver says.

    def gather(self, data: bytes) -> None:
        """Takes bytes to be written at the end of the turn."""
        if self._closing:
            return
        self._gathered.append(data)
        self.waiting += len(data)
        if self.connection.down.full:
            self._driver.counts[Occurrence.FULL] += 1
            self._hold_to_limits()

    def write(self) -> None:
        """Writes what was gathered, unless the systems hold all that they can."""
        if not self.connection.down.full:
            self._write_all()

    def obey(self, order: Order) -> None:
        """Carries out an order of the gateway."""
        if order is Order.CLOSE:
            self.close()
        else:
            self.held = order is Order.PAUSE
            self._driver.counts[Occurrence.PAUSED] += self.held
            self._read_or_not()

    def close(self) -> None:
        """Has the client read all before, and hang up, if it does so in time."""
        if self._closing:
            return
        self._write_all()
        self._closing = True
        self._read_or_not()
        self.connection.down.finish()
        patience = PATIENCE if self.connection.down.full else LINGER
        self._driver.timeline.at(self._driver.timeline.now + patience, self.connection.abort)

    def _dismiss(self, ending: CloseReason) -> None:
        self._driver.advance(partial(self._driver.gateway.disconnected, ending=ending), self._id)

    def _hold_to_limits(self) -> None:
        limits = self._driver.gateway.limits
        unwritten = self.waiting + self.connection.down.beyond_window
        if unwritten > (limits.output_limit or math.inf):
            self._ending = CloseReason.SLOW
            self._closing = True
            self._forget_gathered()
            self.connection.abort()
        elif unwritten > (limits.output_soft or math.inf) and not self._slow:
            self._slow = True
            self._read_or_not()

    def _read_or_not(self) -> None:
        if self._closing or not (self.held or self._slow):
            self.connection.up.release()
        else:
            self.connection.up.hold()

    def _write_all(self) -> None:
        if self._gathered:
            self.connection.down.write(b"".join(self._gathered))
        self._forget_gathered()

    def _forget_gathered(self) -> None:
        self._gathered.clear()
        self.waiting = 0
