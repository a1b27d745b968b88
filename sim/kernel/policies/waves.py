"""``roulette_core.policies.Waves`` on seats."""

import math

from roulette_core.policies import NEVER
from roulette_core.policies.waves import MEMORY
from sim.kernel.choices import Choices
from sim.kernel.memory import Recent
from sim.kernel.policies.in_order import InOrder
from sim.rows.codes import NOBODY


class Waves(InOrder):
    """At every multiple of ``every`` seconds, pairs all users who entered before it, fewest-met first.

    A draw finds one pair of the wave at a time. No user is in two of its pairs, so none depends on those before it.

    Args:
        choices: not asked.
        every: the time from wave to wave, in seconds.
    """

    def __init__(self, choices: Choices, every: float) -> None:
        super().__init__(choices)
        self.recent = Recent(MEMORY)
        self.every = every
        self.has_deadlines = True

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        InOrder.make_room(self, seats)  # not super(), of which a compiled method knows nothing
        self.recent.make_room(seats)

    def draw(self, now: float) -> bool:
        """Finds the longest-waiting user of the wave who may meet another of it, and the one they met least often."""
        pool, wave = self.pool, self._wave(now)
        first = pool.head
        while first != NOBODY and self._wave(pool.since[first]) < wave:
            second = self._least_met(first, wave)
            if second != NOBODY:  # otherwise blocks keep the user apart from all the others
                self.first, self.second = first, second
                return True
            first = pool.after[first]
        return False

    def _least_met(self, user: int, wave: int) -> int:
        """Returns the first behind a user whom they may meet and have met least often; ``NOBODY`` if there is none."""
        pool, best, fewest = self.pool, NOBODY, MEMORY + 1
        other = pool.after[user]
        while other != NOBODY and fewest and self._wave(pool.since[other]) < wave:
            if not self.blocks.between(user, other):
                times = self.recent.times(user, other)
                if times < fewest:
                    best, fewest = other, times
            other = pool.after[other]
        return best

    def _wave(self, time: float) -> int:
        """Returns how many waves there have been by a time."""
        return int(time / self.every)

    def paired(self, first: int, second: int) -> None:
        """Takes the two out of the pool and remembers that they met."""
        self.pool.leave(first)
        self.pool.leave(second)
        self.recent.remember(first, second)

    def forget(self, seat: int) -> None:
        """Drops the user's partners."""
        self.recent.forget(seat)

    def deadline(self, now: float) -> float:
        """Returns the time of the next wave, if it would find two users."""
        if self.pool.size < 2:
            return NEVER
        wave = self._wave(now) + 1
        time = wave * self.every
        while self._wave(time) < wave:  # rounding can leave the product just short of its own wave
            time = math.nextafter(time, NEVER)
        return time
