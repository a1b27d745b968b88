"""``roulette_core.policies.Uniform`` on seats."""

from sim.kernel.choices import Choices
from sim.kernel.policy import SeatPolicy
from sim.kernel.pool import NumberedPool


class Uniform(SeatPolicy):
    """Uniform over the pairs of the pool that may meet, once ``minimum`` users are waiting.

    Args:
        choices: of the pairs.
        minimum: how many users must be waiting for a draw, at least 2.
    """

    def __init__(self, choices: Choices, minimum: int) -> None:
        super().__init__(choices)
        self.minimum = minimum
        self.pool = NumberedPool()

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        SeatPolicy.make_room(self, seats)  # not super(), of which a compiled method knows nothing
        self.pool.make_room(seats)

    def enter(self, seat: int, now: float) -> None:
        """Gives the user the next number."""
        self.pool.enter(seat)

    def leave(self, seat: int) -> None:
        """Takes the user out of the pool."""
        self.pool.leave(seat)

    def draw(self, now: float) -> bool:
        """Finds a random pair that may meet, each with the same probability."""
        waiting = self.pool.size
        if waiting < self.minimum:
            return False
        # One of k, then one of the other k - 1: skipping the first makes each ordered pair as likely as any other.
        first = self.choices.choose(waiting)
        second = self.choices.choose(waiting - 1)
        if second >= first:
            second += 1
        self.first, self.second = self.pool.users[first], self.pool.users[second]
        return not self.blocks.between(self.first, self.second) or self._draw_allowed()

    def _draw_allowed(self) -> bool:
        """Finds a random one of the pairs that no block keeps apart."""
        allowed = self._take(-1)
        if allowed:
            self._take(self.choices.choose(allowed))
        return allowed > 0

    def _take(self, number: int) -> int:
        """Finds the ordered pair of a number, from 0, among those that may meet; returns how many it has counted."""
        pool, count = self.pool, 0
        for one in range(pool.size):
            for other in range(pool.size):
                first, second = pool.users[one], pool.users[other]
                if one != other and not self.blocks.between(first, second):
                    if count == number:
                        self.first, self.second = first, second
                        return count
                    count += 1
        return count
