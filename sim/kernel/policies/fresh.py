"""``roulette_core.policies.Fresh`` on seats."""

from roulette_core.policies import NEVER
from sim.kernel.choices import Choices
from sim.kernel.memory import Recent
from sim.kernel.policies.in_order import InOrder
from sim.rows.codes import NOBODY


class Fresh(InOrder):
    """Longest-waiting first; avoids a user's last ``memory`` partners until both have waited for ``patience``.

    Args:
        choices: not asked.
        memory: how many recent partners to avoid.
        patience: how long to wait for a new partner before accepting a recent one, in seconds.
    """

    def __init__(self, choices: Choices, memory: int, patience: float) -> None:
        super().__init__(choices)
        self.recent = Recent(memory)
        self.patience = patience
        self.has_deadlines = True

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        InOrder.make_room(self, seats)  # not super(), of which a compiled method knows nothing
        self.recent.make_room(seats)

    def draw(self, now: float) -> bool:
        """Finds the longest-waiting two who have not met recently, or who have both lost patience."""
        return self._find_strangers(now) or self._find_impatient(now)

    def paired(self, first: int, second: int) -> None:
        """Takes the two out of the pool and remembers that they met."""
        self.pool.leave(first)
        self.pool.leave(second)
        self.recent.remember(first, second)

    def forget(self, seat: int) -> None:
        """Drops the user's partners."""
        self.recent.forget(seat)

    def deadline(self, now: float) -> float:
        """Returns when two users who may meet have both lost patience, at the earliest."""
        # The first user who may meet one ahead of them completes the earliest pair: those ahead lose patience sooner.
        user = self.pool.head
        while user != NOBODY:
            ahead = self.pool.before[user]
            while ahead != NOBODY:
                if not self.blocks.between(user, ahead):
                    return self.pool.since[user] + self.patience
                ahead = self.pool.before[ahead]
            user = self.pool.after[user]
        return NEVER

    def _find_strangers(self, now: float) -> bool:
        """Finds the longest-waiting two of those not yet tried who have not met recently."""
        pool = self.pool
        newcomer = pool.first_untried(now)
        first = NOBODY if newcomer == NOBODY else pool.head
        is_new = False  # whether a pair with any user behind the first is untried
        while first != NOBODY:
            is_new = is_new or first == newcomer
            second = pool.after[first] if is_new else newcomer
            while second != NOBODY:
                if self.recent.times(first, second) == 0 and not self.blocks.between(first, second):
                    self.first = first
                    self.second = second
                    return True
                second = pool.after[second]
            first = pool.after[first]
        return False

    def _find_impatient(self, now: float) -> bool:
        """Finds the longest-waiting two who may meet of those who have lost patience: they are at the pool's front."""
        pool = self.pool
        first = pool.head
        while first != NOBODY and pool.since[first] + self.patience <= now:
            second = pool.after[first]
            while second != NOBODY and pool.since[second] + self.patience <= now:
                if not self.blocks.between(first, second):
                    self.first = first
                    self.second = second
                    return True
                second = pool.after[second]
            first = pool.after[first]
        return False
