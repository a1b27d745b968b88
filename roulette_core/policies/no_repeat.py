"""Version 1 of the original: no user is paired with the partner they have just left."""

from itertools import combinations
from typing import ClassVar

from roulette_core._history import Latest
from roulette_core._pool import FEW
from roulette_core.events import User
from roulette_core.policies._partners import TriesEachPairOnce
from roulette_core.policies.policy import Choose, Explanation


class NoRepeat(TriesEachPairOnce):
    """Longest-waiting first; never a user's latest partner, whichever of the two remembers it.

    Among n users there are at most n − 1 pairs of which one user had the other as latest partner: such pairs form no
    cycle, because in a cycle the two who met last would each have the other. So between events n users wait only if
    blocks keep at least (n − 1)(n − 2)/2 pairs of them apart; without blocks, never more than two. A draw looks at four
    users at most, or, in a larger pool, once at every user for each newcomer.
    """

    name: ClassVar[str] = "no-repeat"

    def __init__(self) -> None:
        self._latest = Latest()
        super().__init__(self._latest)

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """Returns the longest-waiting two who may meet."""
        # Inlined instead of Latest.between: this is the hottest line of the core, and a call for each pair would show.
        latest, apart = self._latest.partner, self.blocks.apart
        for first, second in combinations(self.pool, 2) if len(self.pool) <= FEW else self._untried(now):
            strangers = latest.get(first) != second and latest.get(second) != first
            if strangers and (not apart or second not in apart.get(first, ())):
                return first, second
        return None

    def paired(self, first: User, second: User) -> None:
        """Takes the two out of the pool and remembers them as each other's latest partner."""
        del self.pool[first], self.pool[second]  # without the calls of leave: this is the hottest path
        self._latest.remember(first, second)

    def explain(self, user: User, now: float) -> Explanation:
        """Returns that the others are the latest partner or blocked; without blocks there is one other at most."""
        if len(self.pool) < 2:
            return super().explain(user, now)
        if len(self.pool) == 2:
            return Explanation("only_latest_partner", "the only other person waiting is your last partner")
        text = "all other waiting users are your last partner or blocked"
        return Explanation("latest_or_blocked", text)
