"""What a population on seats is: the twin of ``sim.engine.Population``."""

from sim.kernel.roulette import SeatRoulette
from sim.rows.block import Rows


class SeatPopulation:
    """Decides who asks for what, and when. It reads the rows of what it asked for, as the first of their sinks.

    Attributes:
        users: how many users there have been so far.
    """

    def __init__(self) -> None:
        self.users = 0

    def due(self) -> float:
        """Returns when something is due next, in seconds; infinite if nothing is."""
        raise NotImplementedError

    def act(self, roulette: SeatRoulette, now: float) -> bool:
        """Does what is due. Returns whether it was an event of the roulette."""
        raise NotImplementedError

    def begin(self, rows: Rows) -> None:
        """Called at the beginning of a run; rows so far are of no concern."""

    def hear(self, rows: Rows) -> None:
        """Takes note of the rows since the last time."""

    def take(self, rows: Rows) -> None:
        """Takes note of the rows since the last time, before the block is used again."""
