"""What must happen now and then: a fault that never happened proves nothing."""

from enum import StrEnum


class Occurrence(StrEnum):
    """What is counted; the values are for display."""

    CONNECTED = "connections"
    CUT = "writes cut into pieces"
    JOINED = "pieces read as one"
    STALLED = "stalls"
    RESET = "resets"
    LOST = "bytes lost"
    SLOW = "slow readers"
    FULL = "writes that had to wait for a slow reader"
    VANISHED = "clients gone without a word"
    NOTICED = "vanished clients noticed late"
    HUNG_UP = "clients that hung up"
    PAUSED = "clients that had to wait for their turn"
    OVERLAPPED = "users back before their last visit was over"
    BROKEN = "users who lost their connection"
