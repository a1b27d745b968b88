"""Waits between attempts to reconnect."""

from random import Random

BASE = 1.0
"""The longest first wait, in seconds."""

CAP = 30.0
"""The longest wait of all, in seconds."""


def backoff(attempt: int, chance: Random) -> float:
    """Returns the wait before an attempt: exponential back-off with full jitter.

    When a server restarts, its clients must not all come back at once. Of the ways to spread them compared in
    "Exponential Backoff And Jitter" (Marc Brooker, AWS Architecture Blog, 2015), a wait drawn uniformly from zero
    to the exponential bound costs the server least.

    Args:
        attempt: how many attempts have failed since the last success.
        chance: the source of the jitter.

    Returns:
        Seconds, from 0 to the lesser of ``CAP`` and ``BASE`` times 2 to the power of ``attempt``.
    """
    return chance.uniform(0, min(CAP, BASE * 2 ** min(attempt, 30)))
