"""The closed model, for which there is a theory: nobody joins, nobody leaves, nobody rests.

N users are always chatting or searching. Each chat ends after an exponential time of rate µ, by either of the two with
the same probability, and both search again.

Equivalently, every user asks for the next at the times of a Poisson process of rate µ/2 of their own, and is refused
while searching: in a chat of two, the first to ask is either with the same probability, and comes at rate µ. All
these processes together are one of rate N·µ/2 in which every user is equally likely to be the one who asks. So the
whole model is one stream of times and users, drawn beforehand and the same for every policy, whatever that makes of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappush
from itertools import count

import numpy as np

from roulette_core import Effect, Event, Join, Next, Start, State
from sim.engine import Entry

_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class ClosedModel:
    """The closed model as a scenario.

    Attributes:
        users: N, at least 1.
        mean_chat_seconds: 1/µ, the mean length of a chat.
        name: what reports call it.
    """

    users: int
    mean_chat_seconds: float = 60.0
    name: str = "closed"

    def population(self, seed: np.random.SeedSequence) -> "ClosedPopulation":
        """Its users, ready to run once."""
        return ClosedPopulation(self.users, self.mean_chat_seconds, seed)


class ClosedPopulation:
    """Users 0 … N − 1, who all join and start at time 0. After that the agenda holds who asks next, and no more."""

    def __init__(self, users: int, mean_chat_seconds: float, seed: np.random.SeedSequence) -> None:
        joins, starts = zip(*map(_opening, range(users)), strict=True)
        self._serial = count()
        self.agenda: list[Entry] = [(0.0, next(self._serial), event) for event in (*joins, *starts)]
        self._asking = _asking(users, mean_chat_seconds, seed, self._serial)
        heappush(self.agenda, next(self._asking))

    def ask(self, now: float, serial: float, what: Event) -> Event:
        """What is due is the event itself; somebody will ask after that."""
        if type(what) is Next:
            heappush(self.agenda, next(self._asking))
        return what

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """What comes of it makes no difference to when they ask."""

    def moved(self, now: float, user: int, state: State) -> None:
        """Nor does what they see."""

    def spoke(self, now: float, user: int) -> None:
        """They say nothing."""

    def lost(self, now: float, user: int, seconds: float) -> None:
        """A user was disconnected against their will: they come back in so many seconds, and start."""
        for event in _opening(user):
            heappush(self.agenda, (now + seconds, next(self._serial), event))

    def is_silent(self, user: int) -> bool:
        """Nobody goes without a word."""
        return False


def _opening(user: int) -> tuple[Join, Start]:
    """How a user begins."""
    return Join(user, f"user-{user}"), Start(user)


def _asking(
    users: int, mean_chat_seconds: float, seed: np.random.SeedSequence, serials: Iterator[float]
) -> Iterator[Entry]:
    """Who asks for the next, and when, without end."""
    generator = np.random.default_rng(seed)
    asks, now = [Next(user) for user in range(users)], 0.0
    while True:
        times = now + generator.exponential(2 * mean_chat_seconds / users, _BLOCK).cumsum()
        now = times[-1]
        who = generator.integers(users, size=_BLOCK)
        yield from zip(times.tolist(), serials, [asks[user] for user in who.tolist()], strict=False)
