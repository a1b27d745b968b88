"""Version 1 of the original: never straight back to the partner one has just left."""

from itertools import combinations
from typing import Any, ClassVar

from roulette_core._history import Latest
from roulette_core._pool import FEW, untried
from roulette_core.events import User
from roulette_core.policies.policy import Choose, Explanation, Policy


class NoRepeat(Policy):
    """Longest-waiting first; never a user's latest partner, seen from either side.

    Among n users there are at most n − 1 pairs of whom one had the other as latest partner, for such pairs form no
    ring: the two of it who met last would each have the other. So between events n users wait only if blocks keep
    apart at least (n − 1)(n − 2)/2 pairs of them: never more than two without. A draw looks at four users at most, or,
    beyond, once at everybody in the pool for each who has just come.
    """

    name: ClassVar[str] = "no-repeat"

    def __init__(self) -> None:
        super().__init__()
        self._latest = Latest()

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """The longest waiting of those who may meet."""
        # Asked here and not by ``between``: a call for each pair would be felt.
        latest, apart = self._latest.partner, self.blocks.apart
        for first, second in combinations(self.pool, 2) if len(self.pool) <= FEW else untried(self.pool, now):
            strangers = latest.get(first) != second and latest.get(second) != first
            if strangers and (not apart or second not in apart.get(first, ())):
                return first, second
        return None

    def paired(self, first: User, second: User) -> None:
        """Takes the two out of the pool and remembers them as each other's latest partner."""
        del self.pool[first], self.pool[second]
        self._latest.remember(first, second)

    def forget(self, user: User) -> None:
        """Drops the user's latest partner."""
        self._latest.forget(user)

    def explain(self, user: User, now: float) -> Explanation:
        """With two waiting, they have just left each other: somebody else has to come. More than two is rare."""
        if len(self.pool) < 2:
            return super().explain(user, now)
        if len(self.pool) == 2:
            return Explanation("only_latest_partner", "the only other person waiting is your last partner")
        text = "everybody else who is waiting is your last partner, or kept apart from you by a block"
        return Explanation("latest_or_blocked", text)

    def snapshot(self) -> Any:
        """Everybody's latest partner."""
        return self._latest.snapshot()

    def restore(self, memory: Any) -> None:
        """Takes back everybody's latest partner."""
        self._latest.restore(memory)
