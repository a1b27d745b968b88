"""How the cost of an event grows with the number of users: in CPU time, for a crowd in the closed model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

from roulette_core.events import User
from roulette_core.testing.conformance.crowd import Crowd
from roulette_core.testing.exploring import Maker, made

EVENTS = 1_000
"""The number of events that are timed together."""

TIMES = 3
"""The best of so many measurements counts: anything else on the machine only adds time."""

GROWS = 0.5
"""The slope from which on the cost is said to grow: three times as much for ten times the users. A cost in proportion
to the number of users has slope 1; the effect of caches and of a busy machine stays far below 0.5."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of an event by the number of users, and the number at which they were too many, if it was reached."""

    seconds: dict[int, float]
    given_up: int | None

    @property
    def slope(self) -> float:
        """Returns the power of the number of users by which it grows between the two largest crowds; 0 for constant."""
        (few, quick), (many, slow) = list(self.seconds.items())[-2:]
        return math.log(slow / quick) / math.log(many / few)

    @property
    def grows(self) -> bool:
        """Returns whether it grows with the number of users."""
        return self.given_up is not None or (len(self.seconds) > 1 and self.slope >= GROWS)


def cost(make: Maker, sizes: Sequence[int], seconds: float) -> Cost:
    """Measures the cost of an event in crowds of several sizes, smallest first; each may take so many CPU seconds."""
    found: dict[int, float] = {}
    for size in sizes:
        each = _seconds_each(make, size, process_time() + seconds)
        if each is None:
            return Cost(found, size)
        found[size] = each
    return Cost(found, None)


def _seconds_each(make: Maker, size: int, ends: float) -> float | None:
    users: list[User] = [f"user {number:05}" for number in range(size)]
    crowd = Crowd(made(make), users, seed=0)
    for user in users:
        crowd.come(user)
        if process_time() > ends:
            return None
    best = math.inf
    for _ in range(TIMES):
        began = process_time()
        for _ in range(EVENTS):
            crowd.ask()
            if process_time() > ends:
                return None
        best = min(best, process_time() - began)
    return best / EVENTS
