"""How fast one connection may ask for things: a token bucket."""

_ROUNDING = 1e-3
"""What is due at a moment is granted at that moment, whatever floating point makes of a clock that began long ago."""


class Allowance:
    """A token bucket (RFC 2698 calls it that): full after a rest, and refilled at a steady rate.

    Args:
        burst: how much may be spent at once.
        now: the time, in seconds.
    """

    __slots__ = ("_level", "_since")

    def __init__(self, burst: float, now: float) -> None:
        self._level = burst
        self._since = now

    def spend(self, cost: float, now: float, burst: float, rate: float) -> float:
        """Spends, if there is enough.

        Args:
            cost: how much; more than a full bucket is a full bucket.
            now: the time, in seconds.
            burst: how much the bucket holds.
            rate: how much is refilled per second, above 0.

        Returns:
            0 if it is spent, else the seconds to wait until there will be enough.
        """
        level = min(burst, self._level + max(0.0, now - self._since) * rate)
        cost = min(cost, burst)
        self._since = now
        if level < cost - _ROUNDING:
            self._level = level
            return (cost - level) / rate
        self._level = level - cost
        return 0.0

    def is_full(self, now: float, burst: float, rate: float) -> bool:
        """Whether the connection has rested."""
        return self._level + (now - self._since) * rate >= burst - _ROUNDING
