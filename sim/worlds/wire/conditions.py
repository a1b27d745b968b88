"""What all connections of a simulated network have in common: time, chance, faults, and the counts of what happened."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

from sim.worlds.faults import PERFECT, Faults, Occurrence
from sim.worlds.wire.timeline import Timeline

TURN = 0.001
"""Arrivals within this many seconds are one arrival: both ends look at the network only so often."""

MOST_CUTS = 3
"""A fragmented write becomes at most one packet more than this."""


class Conditions:
    """Time, chance and faults. All chance comes from the seed: the same calls at the same times give the same results.

    Attributes:
        faults: what befalls connections, until ``heal``.
        counts: how often each fault really happened.
        window: how many bytes the systems of both ends hold for one direction of a connection.
    """

    def __init__(self, faults: Faults, seed: int) -> None:
        self.timeline = Timeline()
        self.faults = faults
        self.counts: Counter[Occurrence] = Counter()
        self.window = faults.window or math.inf
        self._chance = Random(seed)

    def heal(self) -> None:
        """Ends all faults. Latencies that were drawn stay."""
        self.faults = PERFECT
        self.window = math.inf

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Calls ``act`` after a number of seconds; never if that is infinite."""
        self.timeline.at(self.timeline.now + seconds, act)

    def exponential(self, mean: float) -> float:
        """Returns an exponential time of a given mean, in seconds; 0 or infinite where the mean is."""
        return self._chance.expovariate(1 / mean) if 0 < mean < math.inf else mean

    def happens(self, probability: float) -> bool:
        """Returns whether something of this probability happens."""
        return probability > 0 and self._chance.random() < probability

    def one_of(self, number: int) -> int:
        """Returns 0, 1 … or ``number`` − 1, all equally likely."""
        return self._chance.randrange(number)

    def pick(self, weights: Sequence[float]) -> int:
        """Returns the position of one of the weights, with a probability in proportion to it."""
        (position,) = self._chance.choices(range(len(weights)), weights)
        return position

    def arrival(self, latency: float) -> float:
        """Returns when a packet sent now arrives if nothing holds it up."""
        return self.seen_after(latency + self.exponential(self.faults.jitter))

    def seen_after(self, delay: float) -> float:
        """Returns when an end of the connection sees what takes this many seconds to arrive."""
        time = self.timeline.now + delay
        return max(time, math.ceil(time / TURN) * TURN) if delay else time

    def fragments(self, data: bytes) -> Sequence[bytes]:
        """Returns the packets of one write."""
        if not self.happens(self.faults.fragments) or len(data) == 1:
            return (data,)
        cuts = {0, len(data), *(1 + self.one_of(len(data) - 1) for _ in range(1 + self.one_of(MOST_CUTS)))}
        places = sorted(cuts)
        self.counts[Occurrence.CUT] += 1
        return [data[start:end] for start, end in pairwise(places)]
