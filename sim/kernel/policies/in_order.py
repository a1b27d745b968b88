"""What policies share whose pool is in the order in which users came."""

from roulette_core._pool import FEW
from sim.kernel.choices import Choices
from sim.kernel.policy import SeatPolicy
from sim.kernel.pool import WaitingPool
from sim.rows.codes import NOBODY


class InOrder(SeatPolicy):
    """A policy whose pool is in the order in which users came."""

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        self.pool = WaitingPool()

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        SeatPolicy.make_room(self, seats)  # not super(), of which a compiled method knows nothing
        self.pool.make_room(seats)

    def enter(self, seat: int, now: float) -> None:
        """Puts the user behind all others."""
        self.pool.enter(seat, now)

    def leave(self, seat: int) -> None:
        """Takes the user out of the pool."""
        self.pool.leave(seat)


class TriesEachPairOnce(InOrder):
    """A policy under which two who may not meet now may not meet later either, while both are waiting."""

    def are_strangers(self, first: int, second: int) -> bool:
        """Returns whether what the policy remembers lets two users meet."""
        return True

    def find_strangers(self, now: float) -> bool:
        """Finds the longest-waiting two who may meet, of the pairs not yet tried."""
        pool, after = self.pool, self.pool.after
        newcomer = pool.head if pool.size <= FEW else pool.first_since(now)
        first = NOBODY if newcomer == NOBODY else pool.head
        is_new = False
        while first != NOBODY:
            is_new = is_new or first == newcomer
            second = after[first] if is_new else newcomer
            while second != NOBODY:
                if self.are_strangers(first, second) and not self.blocks.between(first, second):
                    self.first, self.second = first, second
                    return True
                second = after[second]
            first = after[first]
        return False
