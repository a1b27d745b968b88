"""``roulette_core.policies.NoRepeat`` on seats."""

from sim.kernel.choices import Choices
from sim.kernel.memory import Latest
from sim.kernel.policies.in_order import TriesEachPairOnce


class NoRepeat(TriesEachPairOnce):
    """Longest-waiting first; never a user's latest partner, whichever of the two remembers it."""

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        self.latest = Latest()

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        TriesEachPairOnce.make_room(self, seats)  # not super(), of which a compiled method knows nothing
        self.latest.make_room(seats)

    def are_strangers(self, first: int, second: int) -> bool:
        """Returns whether neither of two users had the other as latest partner."""
        return not self.latest.between(first, second)

    def draw(self, now: float) -> bool:
        """Finds the longest-waiting two who may meet."""
        return self.find_strangers(now)

    def paired(self, first: int, second: int) -> None:
        """Takes the two out of the pool and remembers them as each other's latest partner."""
        self.pool.leave(first)
        self.pool.leave(second)
        self.latest.remember(first, second)

    def forget(self, seat: int) -> None:
        """Drops the user's latest partner."""
        self.latest.forget(seat)
