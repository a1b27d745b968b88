"""What a network does to those who talk over it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What befalls connections. All zero is a perfect network: everything arrives at once, whole, and is read.

    Times of which a mean is given are exponential, and so are the times between faults.

    Attributes:
        latency: mean seconds that bytes take, one way; drawn once for each direction of a connection.
        jitter: mean seconds more that a packet takes. Order is kept within a direction: what is overtaken arrives
            together with what comes before it, in one piece.
        fragments: how likely what is written at once is cut into several packets, anywhere, from 0 to 1.
        stalls_per_minute: how often nothing gets through a connection for a while, one way or both.
        stall: how long that lasts, mean seconds.
        resets_per_minute: how often a connection is reset, and what is on its way is lost.
        vanishes_per_minute: how often a client is gone without a word: its connection is half open.
        unnoticed: after how many seconds, on average, a side learns of an end that it was not told of: the server of
            those who vanish, and either side of every third reset; infinite where it never does, but by its own
            patience.
        hang_ups: how many of those who leave close their side instead of saying so, and read the rest, from 0 to 1.
        slow: how many of the connections have a slow reader, from 0 to 1.
        slow_speed: how many bytes a second a slow reader reads, above 0 if there are such.
        window: how many bytes the systems on both ends hold before the server has to hold the rest; 0 for all.
        reconnect: after how many seconds, on average, somebody comes back whose connection broke.
    """

    latency: float = 0.0
    jitter: float = 0.0
    fragments: float = 0.0
    stalls_per_minute: float = 0.0
    stall: float = 0.0
    resets_per_minute: float = 0.0
    vanishes_per_minute: float = 0.0
    unnoticed: float = 0.0
    hang_ups: float = 0.0
    slow: float = 0.0
    slow_speed: float = 0.0
    window: int = 0
    reconnect: float = 0.0

    @property
    def only_delays(self) -> bool:
        """Whether connections suffer nothing but that bytes take their time.

        The closed model stays what it is under such faults: a Poisson process of which each point is delayed by a time
        of its own is one of the same rate (displacement theorem: Kingman, Poisson Processes, 1993, section 5.5).
        """
        return not (self.stalls_per_minute or self.resets_per_minute or self.vanishes_per_minute or self.slow)


PERFECT = Faults()

DELAYS = Faults(latency=0.1, jitter=0.05, fragments=0.2)
"""Everybody is far away, and that is all."""

MILD = Faults(
    latency=0.04,  # a continent away
    jitter=0.005,
    fragments=0.05,
    stalls_per_minute=0.05,
    stall=1.0,
    resets_per_minute=0.005,
    vanishes_per_minute=0.002,
    unnoticed=30.0,
    hang_ups=0.2,
    window=1 << 16,
    reconnect=5.0,
)
"""A good day: most people notice nothing during a visit."""

ROUGH = Faults(
    latency=0.3,
    jitter=0.2,
    fragments=0.5,
    stalls_per_minute=0.5,
    stall=5.0,
    resets_per_minute=0.1,
    vanishes_per_minute=0.05,
    unnoticed=60.0,
    hang_ups=0.5,
    slow=0.05,
    slow_speed=200.0,
    window=1 << 13,
    reconnect=5.0,
)
"""A train in the mountains: everybody suffers something every few minutes."""

NAMED: Mapping[str, Faults] = {"none": PERFECT, "delays": DELAYS, "mild": MILD, "rough": ROUGH}
"""The networks that have names."""
