"""``roulette_core.policies.NoRepeat`` on seats."""

from sim.kernel.choices import Choices
from sim.kernel.memory import Latest
from sim.kernel.policies.in_order import InOrder
from sim.rows.codes import NOBODY


class NoRepeat(InOrder):
    """Longest-waiting first; never a user's latest partner, whichever of the two remembers it."""

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        self.latest = Latest()

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        InOrder.make_room(self, seats)  # not super(), of which a compiled method knows nothing
        self.latest.make_room(seats)

    def draw(self, now: float) -> bool:
        """Finds the longest-waiting two who may meet."""
        # Inlined instead of Latest.between, as in the core: these are the hottest lines.
        pool, latest, blocks = self.pool, self.latest, self.blocks
        newcomer = pool.first_untried(now)
        first = NOBODY if newcomer == NOBODY else pool.head
        is_new = False  # whether a pair with any user behind the first is untried
        while first != NOBODY:
            is_new = is_new or first == newcomer
            second = pool.after[first] if is_new else newcomer
            while second != NOBODY:
                strangers = latest.partner[first] != second and latest.partner[second] != first
                if strangers and (not blocks.pairs or not blocks.between(first, second)):
                    self.first = first
                    self.second = second
                    return True
                second = pool.after[second]
            first = pool.after[first]
        return False

    def paired(self, first: int, second: int) -> None:
        """Takes the two out of the pool and remembers them as each other's latest partner."""
        self.pool.leave(first)
        self.pool.leave(second)
        self.latest.remember(first, second)

    def forget(self, seat: int) -> None:
        """Drops the user's latest partner."""
        self.latest.forget(seat)
