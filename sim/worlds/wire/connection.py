"""One connection, from end to end, and the ways in which it can suffer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

from sim.worlds.interfaces import Client, End
from sim.worlds.occurrences import Occurrence
from sim.worlds.wire.pipe import Pipe

if TYPE_CHECKING:
    from sim.worlds.wire.network import Network

SERVER_READS = 2048
"""How many bytes of one connection the server reads at once, as the TCP driver does (``transports.tcp.link``)."""

CLIENT_READS = 1 << 16


class Link(End, Protocol):
    """The server's end. ``lost`` is the last that it hears, however the connection ended."""

    def opened(self) -> None:
        """The connection is accepted."""

    def writable(self) -> None:
        """The systems take bytes again, after they held all that they can."""


Server: TypeAlias = "Callable[[Connection], Link]"
"""Makes the server's end of a connection that is about to be accepted."""


class Connection:
    """Two pipes, and what becomes of both at once.

    Args:
        network: to which it belongs.
        client: who connects.
        server: who will accept.

    Attributes:
        client: as given.
        up: from the client to the server.
        down: from the server to the client.
    """

    def __init__(self, network: Network, client: Client, server: Server) -> None:
        self.client = client
        self._network = network
        self._link = server(self)
        self._client_there = self._link_there = True
        self._opened = False
        self.up = Pipe(network, self._link.received, self._up_ended, _as_they_like, SERVER_READS)
        self.down = Pipe(network, client.received, self._down_ended, self._link.writable, CLIENT_READS)

    def open(self) -> None:
        """The server accepts."""
        if self._link_there:
            self._opened = True
            self._link.opened()

    def abort(self) -> None:
        """The server drops it. What its system has taken may still be read; if that was full, all of it is lost."""
        self.up.cut()
        if self.down.full:
            self._lose(self.down)
            self._later(self.down.latency, self._tell_client)
        else:
            self.down.finish()
        self._later(0.0, self._tell_link)

    def fall_silent(self) -> None:
        """The client is gone without a word. What it sent before still arrives; nobody reads any more."""
        if self._client_there:
            self._network.counts[Occurrence.VANISHED] += 1
            self._client_there = False
            self.down.hold()
            self.client.vanished()
            self._forget()

    def notice(self) -> None:
        """The server learns that the client is gone, if it has not found out by itself."""
        if self._link_there:
            self._network.counts[Occurrence.NOTICED] += 1
            self._tell_link()

    # What befalls it.

    def stall(self) -> None:
        """Nothing gets through for a while, one way or both."""
        self._network.counts[Occurrence.STALLED] += 1
        until = self._network.timeline.now + self._network.exponential(self._network.faults.stall)
        for pipe in ((self.up,), (self.down,), (self.up, self.down))[self._network.one_of(3)]:
            pipe.stall(until)

    def reset(self) -> None:
        """All that is on its way is lost. Both sides learn of it now, or one of them late."""
        self._network.counts[Occurrence.RESET] += 1
        self._lose(self.up)
        self._lose(self.down)
        late = self._network.exponential(self._network.faults.unnoticed)
        to_client, to_link = ((0.0, 0.0), (0.0, late), (late, 0.0))[self._network.one_of(3)]
        self._later(to_client, self._tell_client)
        self._later(to_link, self._tell_link)

    def vanish(self) -> None:
        """The client falls silent, with its machine. The server learns of it late, or finds out by its patience."""
        if self._client_there:
            self.fall_silent()
            self._later(self._network.exponential(self._network.faults.unnoticed), self.notice)

    def heal(self) -> None:
        """Faults are over: what was held up comes through, and whoever does not know of an end is told."""
        self.up.calm()
        self.down.calm()
        if not self._client_there:
            self._later(0.0, self._tell_link)
        elif not self._link_there and self.down.over:
            self._later(0.0, self._tell_client)

    # How it ends.

    def _up_ended(self) -> None:
        self._link.ended()
        self._end()

    def _down_ended(self) -> None:
        self._client_there = False
        self.up.finish()
        self.client.ended()
        self._end()
        self._forget()

    def _end(self) -> None:
        if self.up.over and self.down.over:
            self._tell_link()

    def _tell_client(self) -> None:
        if self._client_there:
            self._client_there = False
            self.client.lost()
            self._forget()

    def _tell_link(self) -> None:
        if self._link_there:
            self._link_there = False
            if self._opened:
                self._link.lost()
            self._forget()

    def _forget(self) -> None:
        """Who has no connection any more needs nothing of the network."""
        if not self._client_there and not self._link_there:
            self._network.connections.pop(self, None)

    def _lose(self, pipe: Pipe) -> None:
        self._network.counts[Occurrence.LOST] += pipe.cut()

    def _later(self, seconds: float, tell: Callable[[], None]) -> None:
        self._network.timeline.at(self._network.timeline.now + seconds, tell)


def _as_they_like() -> None:
    """What clients write is little: nothing holds them up."""
