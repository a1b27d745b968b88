"""A policy that forgets to say when it wants to be asked again."""

from roulette_core import Policy, User
from roulette_core.policies.policy import Choose

ENOUGH_SECONDS = 5.0


class Sleepy(Policy):
    """Pairs the two who have waited longest, once both have waited for a while."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        apart = self.blocks.apart
        waited = [user for user, searcher in self.pool.items() if searcher.since + ENOUGH_SECONDS <= now]
        pairs = ((first, second) for first in waited for second in waited if first != second)
        return next((pair for pair in pairs if pair[1] not in apart.get(pair[0], ())), None)
