"""When each connection is to be looked at again."""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from itertools import count

from transports.gateway.outputs import Connection

_SLACK = 64
"""How many stale entries are nothing to worry about."""


class Timers:
    """One alarm a connection, the earliest that was set. Setting and ringing take logarithmic time.

    An alarm says no more than "look": what was due then may have been put off, and whoever looks sets it anew. So a
    connection that keeps talking costs nothing here.
    """

    def __init__(self) -> None:
        self._earliest: dict[Connection, float] = {}
        self._heap: list[tuple[float, int, Connection]] = []
        self._serial = count()

    def set(self, connection: Connection, when: float) -> None:
        """Has a connection looked at no later than then, in seconds."""
        if when < self._earliest.get(connection, float("inf")):
            self._earliest[connection] = when
            heappush(self._heap, (when, next(self._serial), connection))
            self._compact()

    def drop(self, connection: Connection) -> None:
        """A connection is gone."""
        self._earliest.pop(connection, None)
        self._compact()

    def _compact(self) -> None:
        """Throws stale entries away once they are more than the others, which takes constant time for each."""
        if len(self._heap) > 2 * len(self._earliest) + _SLACK:
            self._heap = [(when, next(self._serial), connection) for connection, when in self._earliest.items()]
            heapify(self._heap)

    def due(self, now: float) -> Iterator[Connection]:
        """The connections to be looked at now, each of which then has no alarm until one is set."""
        while (when := self.next()) is not None and when <= now:
            _, _, connection = heappop(self._heap)
            del self._earliest[connection]
            yield connection

    def next(self) -> float | None:
        """When the next alarm rings, in seconds."""
        heap = self._heap
        while heap and self._earliest.get(heap[0][2]) != heap[0][0]:
            heappop(heap)  # of a connection that is gone, or has an earlier alarm
        return heap[0][0] if heap else None
