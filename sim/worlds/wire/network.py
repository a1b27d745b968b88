"""The network: time, chance, and what befalls the connections that there are."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from sim.worlds.faults import PERFECT, Faults
from sim.worlds.interfaces import Client
from sim.worlds.occurrences import Occurrence
from sim.worlds.wire.connection import Connection, Server
from sim.worlds.wire.timeline import Timeline

TURN = 0.001
"""What arrives within so many seconds arrives at once, as both ends look at the network only so often."""

MOST_CUTS = 3
"""Into one packet more than that is cut what is fragmented, at most."""

_SECONDS_PER_MINUTE = 60.0


class Network:
    """Connects clients with a server, and has connections suffer.

    All chance comes from the seed: the same calls at the same times have the same consequences.

    Args:
        faults: what befalls connections.
        seed: where chance starts.

    Attributes:
        timeline: virtual time.
        faults: as given, until ``heal``.
        counts: what really happened, and how often.
        window: how many bytes the systems of both ends hold for one direction of a connection.
        connections: those that are not over, oldest first.
    """

    def __init__(self, faults: Faults, seed: int) -> None:
        self.timeline = Timeline()
        self.faults = faults
        self.counts: Counter[Occurrence] = Counter()
        self.window = faults.window or math.inf
        self.connections: dict[Connection, None] = {}
        self._chance = Random(seed)

    def connect(self, client: Client, server: Server) -> Connection:
        """A client connects; the server hears of it as soon as anything can get there."""
        connection = Connection(self, client, server)
        self.connections[connection] = None
        self.counts[Occurrence.CONNECTED] += 1
        connection.up.latency = self.exponential(self.faults.latency)
        connection.down.latency = self.exponential(self.faults.latency)
        if self.happens(self.faults.slow):
            self.counts[Occurrence.SLOW] += 1
            connection.down.speed = self.faults.slow_speed
        self.timeline.at(self._after(connection.up.latency), connection.open)
        self._expect_fault(connection)
        return connection

    def heal(self) -> None:
        """Faults stop: stalls end, the slow read fast, and who is gone is noticed. Distances stay as they are."""
        self.faults = PERFECT
        self.window = math.inf
        for connection in list(self.connections):
            connection.heal()

    def unread(self) -> int:
        """How many bytes are on their way, or wait for somebody to read them."""
        return sum(connection.up.unread + connection.down.unread for connection in self.connections)

    # Chance, for those who belong to the network.

    def exponential(self, mean: float) -> float:
        """An exponential time of a given mean, in seconds; 0 or infinite where the mean is."""
        return self._chance.expovariate(1 / mean) if 0 < mean < math.inf else mean

    def happens(self, probability: float) -> bool:
        """Whether something happens that is so likely."""
        return probability > 0 and self._chance.random() < probability

    def one_of(self, number: int) -> int:
        """0, 1 … or ``number`` − 1, all equally likely."""
        return self._chance.randrange(number)

    def arrival(self, latency: float) -> float:
        """When a packet arrives that is sent now, if nothing holds it up."""
        return self._after(latency + self.exponential(self.faults.jitter))

    def fragments(self, data: bytes) -> Sequence[bytes]:
        """What is written at once, as packets."""
        if not self.happens(self.faults.fragments) or len(data) == 1:
            return (data,)
        cuts = {0, len(data), *(1 + self.one_of(len(data) - 1) for _ in range(1 + self.one_of(MOST_CUTS)))}
        places = sorted(cuts)
        self.counts[Occurrence.CUT] += 1
        return [data[start:end] for start, end in pairwise(places)]

    def _after(self, delay: float) -> float:
        """The moment at which something is seen to have arrived that takes so long."""
        time = self.timeline.now + delay
        return max(time, math.ceil(time / TURN) * TURN) if delay else time

    # Faults.

    def _expect_fault(self, connection: Connection) -> None:
        rate = sum(self._rates()) / _SECONDS_PER_MINUTE
        if rate:
            when = self.timeline.now + self.exponential(1 / rate)
            self.timeline.at(when, lambda: self._befall(connection))

    def _rates(self) -> tuple[float, float, float]:
        faults = self.faults
        return faults.stalls_per_minute, faults.resets_per_minute, faults.vanishes_per_minute

    def _befall(self, connection: Connection) -> None:
        """A fault, of one kind or another as they are likely."""
        rates = self._rates()
        if connection not in self.connections or not sum(rates):
            return
        (strike,) = self._chance.choices((connection.stall, connection.reset, connection.vanish), rates)
        strike()
        self._expect_fault(connection)
