"""The closed model, for which there is a theory: nobody joins, nobody leaves, nobody rests.

N users are always chatting or searching. Each chat ends after an exponential time, by either of the two with the
same probability, and both search again. Because the k-th chat has the k-th length whatever the policy, policies
can be compared on the same chance.
"""

from dataclasses import dataclass
from heapq import heappush
from itertools import count

import numpy as np

from roulette_core import Effect, Event, Join, Next, Paired, Start, User
from sim.chance import coins, exponentials
from sim.engine import Entry


@dataclass(frozen=True, slots=True)
class Closed:
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
    """Users 0 … N − 1, who all join and start at time 0. The agenda holds one entry for each chat: its end."""

    def __init__(self, users: int, mean_chat_seconds: float, seed: np.random.SeedSequence) -> None:
        lengths, sides = seed.spawn(2)
        self._length = exponentials(lengths, mean_chat_seconds)
        self._side = coins(sides)
        self._next: dict[User, Next] = {user: Next(user) for user in range(users)}
        opening = [Join(user, f"user-{user}") for user in range(users)] + [Start(user) for user in range(users)]
        self.agenda: list[Entry] = [(0.0, serial, event) for serial, event in enumerate(opening)]
        self._serial = count(len(opening)).__next__

    def ask(self, now: float, serial: float, what: Event) -> Event:
        """What is due is the event itself."""
        return what

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Every chat that begins will be ended by one of the two."""
        for effect in effects:
            if type(effect) is Paired:
                asker = effect.second if self._side() else effect.first
                heappush(self.agenda, (now + self._length(), self._serial(), self._next[asker]))
