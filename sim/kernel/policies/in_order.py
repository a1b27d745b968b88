"""What policies share whose pool is in the order in which users came."""

from sim.kernel.choices import Choices
from sim.kernel.policy import SeatPolicy
from sim.kernel.pool import WaitingPool


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
