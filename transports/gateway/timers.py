"""When each connection is due for a check."""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from itertools import count

from transports.gateway.outputs import Connection

_SLACK = 64
"""How many stale entries of the heap are tolerated beyond the number of live ones."""


class Timers:
    """At most one timer per connection, the earliest that was set. Setting and expiring take logarithmic time.

    A timer means only "check": what was due then may have been postponed, in which case the check sets the timer
    again. So a connection that keeps sending costs nothing here.
    """

    def __init__(self) -> None:
        self._earliest: dict[Connection, float] = {}
        self._heap: list[tuple[float, int, Connection]] = []
        self._serial = count()

    def set(self, connection: Connection, when: float) -> None:
        """Sets the timer of a connection to ``when``, in seconds, unless an earlier one is set."""
        if when < self._earliest.get(connection, float("inf")):
            self._earliest[connection] = when
            heappush(self._heap, (when, next(self._serial), connection))
            self._compact()

    def drop(self, connection: Connection) -> None:
        """Removes the timer of a connection."""
        self._earliest.pop(connection, None)
        self._compact()

    def _compact(self) -> None:
        """Removes stale entries once they outnumber the others: amortised, constant time for each."""
        if len(self._heap) > 2 * len(self._earliest) + _SLACK:
            self._heap = [(when, next(self._serial), connection) for connection, when in self._earliest.items()]
            heapify(self._heap)

    def due(self, now: float) -> Iterator[Connection]:
        """Yields the connections whose timer has expired, and removes these timers."""
        while (when := self.next()) is not None and when <= now:
            _, _, connection = heappop(self._heap)
            del self._earliest[connection]
            yield connection

    def next(self) -> float | None:
        """Returns when the next timer expires, in seconds."""
        heap = self._heap
        while heap and self._earliest.get(heap[0][2]) != heap[0][0]:
            heappop(heap)  # stale: the connection is closed, or has an earlier timer
        return heap[0][0] if heap else None
