"""Real sockets and real time, in place of the wire world's network."""

from collections import Counter
from random import Random
from time import perf_counter
from typing import Final

from sim.worlds.faults import Faults, Occurrence
from sim.worlds.interfaces import Client
from transports.load import Address, ClientSocket, ClientSockets

RECONNECT: Final = 5.0
"""Mean seconds until a user whose connection broke comes back: as in the wire world."""


class RealTime:
    """The population's clock, which follows the wall clock; at ``speed`` 2, two of its seconds pass in one of ours.

    Attributes:
        now: in the population's seconds; stands still until ``look`` is called.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began = perf_counter()
        self.now = 0.0

    def look(self) -> None:
        """Reads the wall clock."""
        self.now = self.elapsed() * self._speed

    def elapsed(self) -> float:
        """Returns the seconds since the beginning, on the wall clock."""
        return perf_counter() - self._began

    def until(self, when: float) -> float:
        """Returns the seconds until a time of the population, on the wall clock."""
        return max(0.0, (when - self.now) / self._speed)


class TcpConnection:
    """A client's connection, as the worlds see it."""

    __slots__ = ("_client", "up")

    def __init__(self, client: Client, socket: ClientSocket) -> None:
        self.up = socket
        self._client = client

    def fall_silent(self) -> None:
        """Stops reading, without telling the server."""
        self.up.stop_reading()
        self._client.vanished()

    def notice(self) -> None:
        """Tells the server that the client is gone, by a reset."""
        self.up.reset()


class TcpNetwork:
    """Connects clients with a server over TCP."""

    def __init__(self, timeline: RealTime, seed: int) -> None:
        self.timeline = timeline
        self.faults = Faults(reconnect=RECONNECT)  # no others, as connections are real
        self.counts: Counter[Occurrence] = Counter()
        self.sockets = ClientSockets(woke=timeline.look)
        self._chance = Random(seed)

    def connect(self, client: Client, server: Address) -> TcpConnection:
        """Connects a client with a server."""
        self.counts[Occurrence.CONNECTED] += 1
        return TcpConnection(client, self.sockets.connect(client, server))

    def exponential(self, mean: float) -> float:
        """Returns an exponential time of a mean above 0, in seconds."""
        return self._chance.expovariate(1 / mean)

    def happens(self, probability: float) -> bool:
        """Returns whether something happens that has this probability."""
        return self._chance.random() < probability
