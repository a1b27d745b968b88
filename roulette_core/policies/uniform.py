"""Version 2 of the original: two people drawn by lot, once enough are waiting."""

from typing import ClassVar

from roulette_core.errors import BadPolicy
from roulette_core.events import User
from roulette_core.policies.policy import Choose, Explanation, Policy
from roulette_core.pool import IndexedPool


class Uniform(Policy):
    """Uniform over the pairs of the pool, once ``minimum`` users are waiting.

    Args:
        minimum: how many must be waiting for a draw, at least 2. The original's 3 makes being drawn together
            again possible but not certain.
    """

    name: ClassVar[str] = "uniform"

    def __init__(self, minimum: int = 3) -> None:
        if minimum < 2:
            raise BadPolicy(f"uniform needs a minimum of 2 or more, not {minimum}")
        super().__init__(minimum=minimum)
        self.minimum = minimum
        self.pool: IndexedPool = IndexedPool()

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """Any two, each pair of k waiting with probability 1/C(k, 2): one of k, then one of the other k − 1."""
        waiting = len(self.pool)
        if waiting < self.minimum:
            return None
        first, second = choose(waiting), choose(waiting - 1)
        if second >= first:
            second += 1
        return self.pool.user(first), self.pool.user(second)

    def explain(self, user: User, now: float) -> Explanation:
        """Fewer than ``minimum`` are waiting."""
        return Explanation("too_few", f"{len(self.pool)} of the {self.minimum} people needed for a draw are waiting")
