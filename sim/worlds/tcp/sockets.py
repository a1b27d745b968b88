"""Real sockets for thousands of clients in one process, and real time: what the wire world's network stands for."""

import selectors
from collections import Counter, deque
from random import Random
from time import perf_counter
from typing import Final

from sim.worlds.faults import Faults
from sim.worlds.interfaces import Client
from sim.worlds.occurrences import Occurrence
from sim.worlds.tcp.stream import Address, Stream

AT_ONCE: Final = 100
"""How many may be connecting at a time; more would only fill the server's backlog."""

RECONNECT: Final = 5.0
"""After how many seconds, on average, somebody comes back whose connection broke: as in the wire world."""


class RealTime:
    """Tells for how long a population has lived.

    Args:
        speed: how many of its seconds go by in one of ours.

    Attributes:
        now: in the population's seconds; stands still until ``look`` is called.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began = perf_counter()
        self.now = 0.0

    def look(self) -> None:
        """Looks at the clock on the wall."""
        self.now = self.elapsed() * self._speed

    def elapsed(self) -> float:
        """How long it has been, in seconds on the wall."""
        return perf_counter() - self._began

    def until(self, when: float) -> float:
        """How long it is until some time, in seconds on the wall."""
        return max(0.0, (when - self.now) / self._speed)


class Sockets:
    """Connects clients with a server over TCP.

    Args:
        timeline: tells the time.
        seed: where all chance starts.

    Attributes:
        timeline: as given.
        faults: none: what befalls connections is real. After how long users come back is theirs to say.
        counts: what happened to connections.
        heard: when bytes have last come, on the wall's clock; None if never.
        selector: for streams to say what they wait for.
    """

    def __init__(self, timeline: RealTime, seed: int) -> None:
        self.timeline = timeline
        self.faults = Faults(reconnect=RECONNECT)
        self.counts: Counter[Occurrence] = Counter()
        self.heard: float | None = None
        self.selector = selectors.DefaultSelector()
        self._chance = Random(seed)
        self._streams: set[Stream] = set()
        self._waiting: deque[Stream] = deque()
        self._connecting = 0

    def connect(self, client: Client, server: Address) -> Stream:
        """A client connects, as soon as few enough others are doing so."""
        self.counts[Occurrence.CONNECTED] += 1
        stream = Stream(self, client, server)
        self._streams.add(stream)
        self._waiting.append(stream)
        return stream

    def exponential(self, mean: float) -> float:
        """An exponential time of a given mean above 0, in seconds."""
        return self._chance.expovariate(1 / mean)

    def happens(self, probability: float) -> bool:
        """Whether something happens that is so likely."""
        return self._chance.random() < probability

    def listen(self, seconds: float) -> None:
        """Waits for what comes from the server, and has clients hear it.

        Args:
            seconds: how long to wait if nothing comes, on the wall's clock.

        Raises:
            NoServer: nobody listens at the address.
            OSError: the system has no room for more connections.
        """
        while self._waiting and self._connecting < AT_ONCE:
            self._connecting += self._waiting.popleft().open()
        ready = self.selector.select(seconds)
        self.timeline.look()
        for key, events in ready:
            key.data.ready(events)

    def close(self) -> None:
        """Everybody hangs up."""
        for stream in list(self._streams):
            stream.close()
        self.selector.close()

    # What streams tell.

    def greeted(self) -> None:
        """Somebody is connected, or never will be."""
        self._connecting -= 1

    def closed(self, stream: Stream) -> None:
        """A connection is over."""
        self._streams.discard(stream)
