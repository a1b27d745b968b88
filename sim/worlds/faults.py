"""The faults of a simulated network, and the counts of what really happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How often, and how badly, connections suffer. All zero is a perfect network, which delivers everything at once.

    Times given by a mean are exponential, and so are the times between faults.

    Attributes:
        latency: mean seconds that bytes take, one way; drawn once for each direction of a connection.
        jitter: mean seconds more that a packet takes. Order is kept within a direction: a packet that would overtake
            another is delivered together with it.
        fragments: probability that a write is cut into several packets, anywhere.
        stalls_per_minute: how often nothing gets through a connection for a while, one way or both.
        stall: mean seconds that a stall lasts.
        resets_per_minute: how often a connection is reset; what is in flight is lost.
        vanishes_per_minute: how often a client vanishes, which leaves its connection half-open.
        unnoticed: mean seconds until a side detects an end that it was not told of: the server after a client vanished,
            and either side after every third reset; infinite where only its own timeouts detect it.
        hang_ups: share of the leaving users who half-close instead of asking to leave, and read the rest, from 0 to 1.
        slow: share of the connections that have a slow reader, from 0 to 1.
        slow_speed: bytes a second that a slow reader reads, above 0 if there are such.
        window: bytes that the systems on both ends buffer before the server has to; 0 for no limit.
        reconnect: mean seconds until a user whose connection broke comes back.
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
        """Returns whether connections suffer nothing but delays.

        The closed model stays what it is under such faults: a Poisson process whose points are delayed independently is
        again one of the same rate (displacement theorem: Kingman, Poisson Processes, 1993, section 5.5).
        """
        return not (self.stalls_per_minute or self.resets_per_minute or self.vanishes_per_minute or self.slow)


PERFECT = Faults()

DELAYS = Faults(latency=0.1, jitter=0.05, fragments=0.2)
"""All users are far away, and nothing else is wrong."""

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
"""A good day: most users notice nothing during a visit."""

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
"""A train in the mountains: all users suffer something every few minutes."""

NAMED: Mapping[str, Faults] = {"none": PERFECT, "delays": DELAYS, "mild": MILD, "rough": ROUGH}
"""The faults that have a name."""


class Occurrence(StrEnum):
    """What is counted, as a fault that never happened proves nothing. The values are for display."""

    CONNECTED = "connections"
    CUT = "writes cut into pieces"
    JOINED = "pieces read as one"
    STALLED = "stalls"
    RESET = "resets"
    LOST = "bytes lost"
    SLOW = "slow readers"
    FULL = "buffers filled for a slow reader"
    VANISHED = "clients gone silently"
    NOTICED = "vanished clients noticed late"
    HUNG_UP = "clients that hung up"
    PAUSED = "pauses in reading from a client"
    OVERLAPPED = "users back before their last visit was over"
    BROKEN = "users who lost their connection"
