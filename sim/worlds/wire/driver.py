"""Drives the gateway in virtual time, as ``transports.tcp`` does on sockets."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

from roulette_core import User
from sim.worlds.occurrences import Occurrence
from sim.worlds.wire.connection import Connection
from sim.worlds.wire.link import DrivenLink
from sim.worlds.wire.timeline import Timeline
from transports.gateway import Gateway, Order, Output


class Driver:
    """Has the gateway take steps, and carries out what it says.

    What goes to one connection is gathered, and written once per turn: a turn is all that happens at one moment.

    Args:
        gateway: the chat server.
        timeline: virtual time.
        counts: where to count what happens sometimes.

    Attributes:
        gateway: as given.
        timeline: as given.
        counts: as given.
        links: the connections that the server knows of, by the ids that it gave them.
    """

    def __init__(self, gateway: Gateway, timeline: Timeline, counts: Counter[Occurrence]) -> None:
        self.gateway = gateway
        self.timeline = timeline
        self.counts = counts
        self.links: dict[User, DrivenLink] = {}
        self._accepted = 0
        self._written_to: dict[DrivenLink, None] = {}

    def serve(self, connection: Connection) -> DrivenLink:
        """The server's end of a new connection."""
        return DrivenLink(self, connection)

    def admit(self, link: DrivenLink) -> int:
        """A connection is there: its id."""
        self._accepted += 1
        self.links[self._accepted] = link
        return self._accepted

    def advance(self, step: Callable[..., Sequence[Output]], *what: object) -> None:
        """Has the gateway take a step, now.

        Args:
            step: a method of the gateway whose last argument is the time.
            what: its other arguments.
        """
        for connection, data in step(*what, self.timeline.now):
            link = self.links.get(connection)
            if link is None:
                continue
            if isinstance(data, Order):
                link.obey(data)
            else:
                link.gather(data)
                self._written_to[link] = None

    def next_deadline(self) -> float:
        """When ``tick`` is due, in seconds; infinite if nothing happens by time alone."""
        deadline = self.gateway.next_deadline()
        return math.inf if deadline is None else deadline

    def tick(self) -> None:
        """The deadline has come."""
        self.advance(self.gateway.tick)
        assert self.next_deadline() > self.timeline.now, "what was due has been done"

    def end_turn(self) -> None:
        """Writes what was gathered."""
        written_to, self._written_to = self._written_to, {}
        for link in written_to:
            link.write()

    def unwritten(self) -> int:
        """How many bytes wait here because the systems hold all that they can."""
        return sum(link.waiting for link in self.links.values())
