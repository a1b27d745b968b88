"""Long-run averages of the closed model where there is a formula. Derivations and sources: ``docs/theory.md``.

N users are always chatting or searching; chats end after an exponential time of mean 1/µ, and both search again.
"""

import math
from typing import NamedTuple


class Expectation(NamedTuple):
    """Long-run averages of a run. None where nothing is known.

    Attributes:
        repair: the probability that a pairing of two who had partners before is a re-pair.
        searching: the mean number of users searching.
        wait: the mean time from the beginning of a search to a chat, in seconds; infinite if it never comes.
    """

    repair: float | None = None
    searching: float | None = None
    wait: float | None = None


def no_repeat(users: int, mean_chat_seconds: float) -> Expectation:
    """Returns the averages for the longest-waiting two who have not just left each other."""
    if users <= 2:  # both wait for a third for ever
        return Expectation(0.0, float(users), math.inf)
    if users % 2:
        return Expectation(0.0, 1.0, mean_chat_seconds / (users - 1))
    return Expectation(0.0, users / (users - 1), mean_chat_seconds / (users - 2))


def uniform(minimum: int, users: int, mean_chat_seconds: float) -> Expectation:
    """Returns the averages for any two of the pool with equal probability, once ``minimum`` are waiting."""
    if users < minimum:
        return Expectation(None, float(users), math.inf)
    pool = minimum if (users - minimum) % 2 == 0 else minimum + 1  # chats end, so users enter the pool, in pairs
    left = pool - 2
    return Expectation(1 / (2 * pool - 3), float(left), left * mean_chat_seconds / (users - left))
