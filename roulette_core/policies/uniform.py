"""Version 2 of the original: two users drawn at random, once enough are waiting."""

from itertools import permutations
from typing import ClassVar

from roulette_core._pool import IndexedPool
from roulette_core.errors import BadPolicy
from roulette_core.events import User
from roulette_core.policies.policy import Choose, Explanation, Policy


class Uniform(Policy):
    """Uniform over the pairs of the pool that may meet, once ``minimum`` users are waiting.

    A pair is drawn from all pairs; only if a block keeps it apart, the pairs that may meet are listed and one of them
    is drawn. The probability of that is the share of blocked pairs, so on average a draw takes time by their number.

    Args:
        minimum: how many users must be waiting for a draw, at least 2. With the original's 3, an immediate re-pair is
            possible but not certain.
    """

    name: ClassVar[str] = "uniform"

    def __init__(self, minimum: int = 3) -> None:
        if minimum < 2:
            raise BadPolicy(f"uniform needs a minimum of 2 or more, not {minimum}")
        super().__init__(minimum=minimum)
        self.minimum = minimum
        self.pool: IndexedPool = IndexedPool()

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """Returns a random pair that may meet, each with the same probability."""
        waiting = len(self.pool)
        if waiting < self.minimum:
            return None
        # One of k, then one of the other k − 1: skipping the first makes each ordered pair as likely as any other.
        first, second = choose(waiting), choose(waiting - 1)
        if second >= first:
            second += 1
        pair = self.pool.user(first), self.pool.user(second)
        apart = self.blocks.apart
        if pair[1] not in apart.get(pair[0], ()):
            return pair
        allowed = [(one, other) for one, other in permutations(self.pool, 2) if other not in apart.get(one, ())]
        return allowed[choose(len(allowed))] if allowed else None

    def explain(self, user: User, now: float) -> Explanation:
        """Returns that fewer than ``minimum`` users are waiting."""
        text = f"{len(self.pool)} of the {self.minimum} people needed for a draw are waiting"
        return Explanation("too_few", text, (len(self.pool), self.minimum))
