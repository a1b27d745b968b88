"""For small communities: a new partner, or at least one not met recently."""

from itertools import combinations, takewhile
from typing import ClassVar

from roulette_core._history import Recent
from roulette_core._pool import FEW
from roulette_core.errors import BadPolicy
from roulette_core.events import User
from roulette_core.policies._partners import TriesEachPairOnce
from roulette_core.policies.policy import NEVER, Choose, Explanation


class Fresh(TriesEachPairOnce):
    """Longest-waiting first; avoids a user's last ``memory`` partners until both have waited for ``patience``.

    *Both* have to wait: no user is paired again with a partner just left because the other grew impatient.

    Of ``memory + 2`` users two may always meet: take the pair who met longest ago. Since then each of the two has met
    the ``memory`` others, who have pushed the other one out of memory. So between events the pool is larger than
    ``memory + 1`` only because of blocks, and the cost of a draw is bounded by the memory and the number of blocked
    pairs in the pool, whatever the number of users.

    Args:
        memory: how many recent partners to avoid, 1 to 1,000.
        patience: how long to wait for a new partner before accepting a recent one, in seconds, more than 0.
    """

    name: ClassVar[str] = "fresh"

    def __init__(self, memory: int = 5, patience: float = 30.0) -> None:
        if not 1 <= memory <= 1000:
            raise BadPolicy(f"fresh needs a memory of 1 to 1000 partners, not {memory}")
        if not 0 < patience < NEVER:
            raise BadPolicy(f"fresh needs a patience of more than 0 seconds, not {patience:g}")
        self._recent = Recent(memory)
        super().__init__(self._recent, memory=memory, patience=patience)
        self.memory = memory
        self.patience = patience

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """Returns the longest-waiting two who have not met recently, or who have both lost patience."""
        times, apart = self._recent.times, self.blocks.apart
        for first, second in combinations(self.pool, 2) if len(self.pool) <= FEW else self._untried(now):
            if not times(first, second) and second not in apart.get(first, ()):
                return first, second
        # The pool is in waiting order: the impatient users are at its front.
        impatient = takewhile(lambda user: self.pool[user].since + self.patience <= now, self.pool)
        for first, second in combinations(impatient, 2):
            if second not in apart.get(first, ()):
                return first, second
        return None

    def deadline(self, now: float) -> float:
        """Returns when two users who may meet have both lost patience, at the earliest."""
        if len(self.pool) < 2:
            return NEVER
        # The first user who may meet one ahead of them completes the earliest pair: those ahead lose patience sooner.
        ahead: list[User] = []
        for user, searcher in self.pool.items():
            if ahead and not self.blocks.all_between(user, ahead):
                return searcher.since + self.patience
            ahead.append(user)
        return NEVER

    def explain(self, user: User, now: float) -> Explanation:
        """Returns that the user has met all waiting users recently."""
        if len(self.pool) < 2:
            return super().explain(user, now)
        until = self.deadline(now)
        left = round(until - now)
        text = f"you met all waiting users recently; in {left} s a repeat is allowed"
        return Explanation("met_lately", text, (left,), until)
