"""The simulated network: connects clients with the server, and lets faults strike the connections."""

from collections.abc import Callable

from sim.worlds.faults import Occurrence
from sim.worlds.interfaces import Client
from sim.worlds.wire.conditions import Conditions
from sim.worlds.wire.connection import ServerEnd, WireConnection

_SECONDS_PER_MINUTE = 60.0


class Network:
    """All connections between clients and the server that are not over, oldest first."""

    def __init__(self, conditions: Conditions) -> None:
        self.connections: dict[WireConnection, None] = {}
        self._conditions = conditions

    def connect(self, client: Client, accept: Callable[[WireConnection], ServerEnd]) -> WireConnection:
        """Connects a client. The server accepts as soon as anything can arrive there."""
        conditions, faults = self._conditions, self._conditions.faults
        connection = WireConnection(conditions, client, accept, self._forget)
        self.connections[connection] = None
        conditions.counts[Occurrence.CONNECTED] += 1
        connection.up.latency = conditions.exponential(faults.latency)
        connection.down.latency = conditions.exponential(faults.latency)
        if conditions.happens(faults.slow):
            conditions.counts[Occurrence.SLOW] += 1
            connection.down.speed = faults.slow_speed
        conditions.timeline.at(conditions.seen_after(connection.up.latency), connection.open)
        self._expect_fault(connection)
        return connection

    def heal(self) -> None:
        """Ends all faults: stalls end, slow readers read fast, and ends that were not noticed are."""
        self._conditions.heal()
        for connection in list(self.connections):
            connection.heal()

    def unread(self) -> int:
        """Returns how many bytes are in flight or wait to be read."""
        return sum(connection.up.unread + connection.down.unread for connection in self.connections)

    def _forget(self, connection: WireConnection) -> None:
        self.connections.pop(connection, None)

    def _expect_fault(self, connection: WireConnection) -> None:
        rate = sum(self._rates()) / _SECONDS_PER_MINUTE
        if rate:
            self._conditions.later(self._conditions.exponential(1 / rate), lambda: self._strike(connection))

    def _rates(self) -> tuple[float, float, float]:
        faults = self._conditions.faults
        return faults.stalls_per_minute, faults.resets_per_minute, faults.vanishes_per_minute

    def _strike(self, connection: WireConnection) -> None:
        """Lets a fault strike, of each kind in proportion to its rate."""
        rates = self._rates()
        if connection not in self.connections or not sum(rates):
            return
        (connection.stall, connection.reset, connection.vanish)[self._conditions.pick(rates)]()
        self._expect_fault(connection)
