"""Deadlocks and starvation among a few users, as far as time allows."""

from dataclasses import dataclass
from functools import lru_cache
from time import monotonic

from roulette_core.testing.exploring import (
    Covered,
    Deadlock,
    Exploration,
    Maker,
    Starvation,
    describe_steps,
    explore,
    find_starvation,
)

USERS = (2, 3, 4)
MOST_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """The results, if there are any: for each number of users, what can happen to them, and the worst that can."""

    explorations: tuple[Exploration, ...]
    deadlock: Deadlock | None  # the one without blocks that involves most users
    starvation: Starvation | None  # a sure one, or else one by bad luck

    def covered(self) -> str:
        """Returns how much was explored, in words."""
        return ", ".join(f"{found.users} users {_extent(found)}" for found in self.explorations)

    def story(self) -> tuple[str, ...]:
        """Returns how starvation begins, and the cycle that is then repeated."""
        if self.starvation is None:
            return ()
        maker, begin = self.explorations[0].maker, self.starvation.steps
        again = describe_steps(maker, (*begin, *self.starvation.cycle), len(begin))
        return (*describe_steps(maker, begin), "", "Repeated cycle (for any choice of the other users):", "", *again)


@lru_cache(maxsize=1)
def waiting(make: Maker, states: int, seconds: float) -> Waiting:
    """Looks for deadlocks and starvation, with so many states and seconds for each number of users.

    Raises:
        BadPolicy: the policy cannot be copied.
    """
    explorations = tuple(_explored(make, users, states, monotonic() + seconds) for users in USERS)
    starvations = [found for found in map(find_starvation, explorations) if found is not None]
    deadlocks = [deadlock for found in explorations for deadlock in found.deadlocks if not deadlock.blocks]
    return Waiting(
        explorations,
        max(deadlocks, key=lambda deadlock: len(deadlock.explanations), default=None),
        max(starvations, key=lambda starvation: starvation.surely, default=None),
    )


def _extent(found: Exploration) -> str:
    return "in full" if found.covered is Covered.EVERYTHING else f"up to {found.depth} events"


def _explored(make: Maker, users: int, states: int, ends: float) -> Exploration:
    return explore(make, users, MOST_DEPTH, states, enough=lambda: monotonic() > ends, wide=0)
