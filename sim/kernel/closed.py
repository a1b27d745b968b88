"""The closed model on seats: the twin of ``sim/population/closed.py``, which explains it."""

from array import array
from typing import Final

import numpy as np

from sim.kernel.population import SeatPopulation
from sim.kernel.roulette import SeatRoulette

BLOCK: Final = 4096


class ClosedSeats(SeatPopulation):
    """Users 0 … N − 1, who all join and start at time 0; after that, requests for the next partner come in one stream.

    Args:
        users: N.
        mean_chat_seconds: mean length of a chat.
        seed: of the requests.
    """

    def __init__(self, users: int, mean_chat_seconds: float, seed: np.random.SeedSequence) -> None:
        super().__init__()
        self.users = users
        self._opening = 2 * users
        self._mean = 2 * mean_chat_seconds / users
        self._generator = np.random.default_rng(seed)
        self._times = array("d", [0.0])
        self._who = array("i")
        self._asked = self._drawn = 0
        self._draw()

    def due(self) -> float:
        """Returns when the next user asks."""
        return 0.0 if self._opening else self._times[self._asked]

    def act(self, roulette: SeatRoulette, now: float) -> bool:
        """Asks for the next partner; at the beginning, all join and then all start."""
        if self._opening:
            self._open(roulette)
            return True
        asked = self._asked
        self._asked = asked + 1
        user = self._who[asked]
        if self._asked == self._drawn:
            self._draw()
        roulette.next(user, now)
        return True

    def _open(self, roulette: SeatRoulette) -> None:
        """Lets the next user join or, if all have joined, start."""
        opened = 2 * self.users - self._opening
        self._opening -= 1
        if opened < self.users:
            roulette.join(opened, 0, 0.0)
        else:
            roulette.start(opened - self.users, 0, 0.0)

    def _draw(self) -> None:
        """Draws the next block of requests."""
        last = self._times[self._drawn - 1] if self._drawn else 0.0
        times = last + self._generator.exponential(self._mean, BLOCK).cumsum()
        who = self._generator.integers(self.users, size=BLOCK)
        self._times = array("d", times.tobytes())
        self._who = array("i", who.astype(np.int32).tobytes())
        self._asked = 0
        self._drawn = BLOCK
