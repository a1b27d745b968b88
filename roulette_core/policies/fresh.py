"""For small communities: somebody new, or at least somebody not met lately."""

from itertools import combinations, takewhile
from typing import Any, ClassVar

from roulette_core._history import Recent
from roulette_core._pool import FEW, untried
from roulette_core.errors import BadPolicy
from roulette_core.events import User
from roulette_core.policies.policy import NEVER, Choose, Explanation, Policy


class Fresh(Policy):
    """Longest-waiting first; nobody among a user's last ``memory`` partners, until both have lost patience.

    Two who have met lately may meet again once *both* have waited for ``patience``: nobody is thrown back on the
    partner they have just left because the other grew impatient.

    Any pool of ``memory + 2`` users holds a legal pair unless some are kept apart (DESIGN, liveness), so between
    events the pool is larger than ``memory + 1`` only by blocks, and the cost of a draw is bounded by the memory and
    the number of pairs kept apart in the pool, whatever the number of users.

    Args:
        memory: how many partners back to avoid, 1 to 1,000.
        patience: how long to wait for somebody new before settling for less, in seconds, more than 0.
    """

    name: ClassVar[str] = "fresh"

    def __init__(self, memory: int = 5, patience: float = 30.0) -> None:
        if not 1 <= memory <= 1000:
            raise BadPolicy(f"fresh needs a memory of 1 to 1000 partners, not {memory}")
        if not 0 < patience < NEVER:
            raise BadPolicy(f"fresh needs a patience of more than 0 seconds, not {patience:g}")
        super().__init__(memory=memory, patience=patience)
        self.memory = memory
        self.patience = patience
        self._recent = Recent(memory)

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """The longest waiting of those who have not met lately, or who have both lost patience."""
        times, apart = self._recent.times, self.blocks.apart
        for first, second in combinations(self.pool, 2) if len(self.pool) <= FEW else untried(self.pool, now):
            if not times(first, second) and second not in apart.get(first, ()):
                return first, second
        # The pool is in the order of waiting: those who have lost patience come first.
        impatient = takewhile(lambda user: self.pool[user] + self.patience <= now, self.pool)
        for first, second in combinations(impatient, 2):
            if second not in apart.get(first, ()):
                return first, second
        return None

    def paired(self, first: User, second: User) -> None:
        """Takes the two out of the pool and remembers that they met."""
        super().paired(first, second)
        self._recent.remember(first, second)

    def forget(self, user: User) -> None:
        """Drops the user's partners."""
        self._recent.forget(user)

    def deadline(self, now: float) -> float:
        """When the second of the first two who may meet loses patience: the other has by then."""
        if len(self.pool) < 2:
            return NEVER
        ahead: list[User] = []
        for user, since in self.pool.items():
            if ahead and not self.blocks.all_between(user, ahead):
                return since + self.patience
            ahead.append(user)
        return NEVER

    def explain(self, user: User, now: float) -> Explanation:
        """Everybody waiting has been met lately."""
        if len(self.pool) < 2:
            return super().explain(user, now)
        left = round(self.deadline(now) - now)
        text = f"you have met everybody who is waiting; in {left} s two of you meet again"
        return Explanation("met_lately", text, (left,))

    def snapshot(self) -> Any:
        """Everybody's last partners."""
        return self._recent.snapshot()

    def restore(self, memory: Any) -> None:
        """Takes back everybody's last partners."""
        self._recent.restore(memory)
