"""The rate limit of one connection: a token bucket."""

_ROUNDING = 1e-3
"""Tolerance for rounding: tokens that are due now are granted now, even if the clock started long ago."""


class Allowance:
    """A token bucket, as in RFC 2698: it starts full and is refilled at a steady rate."""

    __slots__ = ("_level", "_since")

    def __init__(self, burst: float, now: float) -> None:
        self._level = burst
        self._since = now

    def spend(self, cost: float, now: float, burst: float, rate: float) -> float:
        """Takes tokens, if there are enough.

        Args:
            cost: the number of tokens; above the capacity, the capacity.
            now: the time, in seconds.
            burst: the capacity.
            rate: the tokens added per second, above 0.

        Returns:
            0 if they were taken, else the seconds until there will be enough.
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
        """Returns whether the bucket is full, as after a rest."""
        return self._level + (now - self._since) * rate >= burst - _ROUNDING
