"""How the cost of an event grows with the number of users: in CPU time, for a crowd in the closed model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

from roulette_core.events import User
from roulette_core.testing.conformance.crowd import Crowd
from roulette_core.testing.exploring.checked_roulette import Maker, made

EVENTS = 1_000
"""How many events to time at once."""

TIMES = 3
"""The best of so many counts: others only disturb."""

GROWS = 0.5
"""From this slope on the cost is said to grow: three times as much for ten times the users. In proportion to the
number of users would be 1, and what caches and a disturbed machine do stays far below."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an event costs.

    Attributes:
        seconds: CPU time for an event, by the number of users.
        given_up: the number of users at which it took too long, if it did.
    """

    seconds: dict[int, float]
    given_up: int | None

    @property
    def slope(self) -> float:
        """By which power of the number of users it grows between the two largest crowds: 0 for not at all."""
        (few, quick), (many, slow) = list(self.seconds.items())[-2:]
        return math.log(slow / quick) / math.log(many / few)

    @property
    def grows(self) -> bool:
        """Whether it grows with the number of users."""
        return self.given_up is not None or (len(self.seconds) > 1 and self.slope >= GROWS)


def cost(make: Maker, sizes: Sequence[int], seconds: float) -> Cost:
    """Times events.

    Args:
        make: where the policy comes from.
        sizes: numbers of users, the smallest first.
        seconds: how much CPU time each crowd may take.
    """
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
