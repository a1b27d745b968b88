"""Deadlocks and starvation among a few users, as far as there is time to explore."""

from dataclasses import dataclass
from functools import lru_cache
from time import monotonic

from roulette_core.testing.exploring.checked_roulette import Maker
from roulette_core.testing.exploring.exploration import explore
from roulette_core.testing.exploring.results import Covered, Deadlock, Exploration
from roulette_core.testing.exploring.starvation import Starvation, find_starvation
from roulette_core.testing.exploring.story import tell

USERS = (2, 3, 4)
MOST_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was found.

    Attributes:
        explorations: what can happen, to two users, three, and so on.
        deadlock: of the largest number of users that can be in one without any block, if there is one.
        starvation: a user who can be kept waiting for ever: surely if there is such a one, or else by bad luck.
    """

    explorations: tuple[Exploration, ...]
    deadlock: Deadlock | None
    starvation: Starvation | None

    def covered(self) -> str:
        """How far was looked, in words."""
        return ", ".join(f"{found.users} users {_extent(found)}" for found in self.explorations)

    def story(self) -> tuple[str, ...]:
        """How somebody comes to be kept waiting, and what is then repeated."""
        if self.starvation is None:
            return ()
        maker, begin = self.explorations[0].maker, self.starvation.steps
        again = tell(maker, (*begin, *self.starvation.cycle), len(begin))
        return (*tell(maker, begin), "", "and from there, over and over, whoever the others are:", "", *again)


@lru_cache(maxsize=1)
def waiting(make: Maker, states: int, seconds: float) -> Waiting:
    """Looks for deadlocks and starvation.

    Args:
        make: where the policy comes from.
        states: how many states to follow for each number of users.
        seconds: for how long to follow them.

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
    return explore(make, users, MOST_DEPTH, states, enough=lambda: monotonic() > ends)
