"""How long to wait before trying again."""

from random import Random

BASE = 1.0
"""The longest first wait, in seconds."""

CAP = 30.0
"""The longest wait of all, in seconds."""


def backoff(attempt: int, chance: Random) -> float:
    """How long to wait before an attempt: exponential, with full jitter.

    When a server comes back, all who wait for it must not come at once. Of the ways to spread them that were compared
    in "Exponential Backoff And Jitter" (Marc Brooker, AWS Architecture Blog, 2015), a wait drawn evenly from nothing
    up to the exponential bound costs the server least.

    Args:
        attempt: how many have failed since the last success.
        chance: where chance comes from.

    Returns:
        Seconds, from 0 to the lesser of ``CAP`` and ``BASE`` times 2 to the power of ``attempt``.
    """
    return chance.uniform(0, min(CAP, BASE * 2 ** min(attempt, 30)))
