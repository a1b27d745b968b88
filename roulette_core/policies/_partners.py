"""What policies share that remember partners: a memory that is told of each pairing and kept in snapshots."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from roulette_core._history import Latest, Recent
from roulette_core._pool import FEW, untried
from roulette_core.events import User
from roulette_core.policies.policy import Pair, Policy


class RemembersPartners(Policy):
    """A policy with a memory of partners, which any other such policy can take over."""

    def __init__(self, partners: Latest | Recent, **parameters: float) -> None:
        super().__init__(**parameters)
        self._partners = partners

    def paired(self, first: User, second: User) -> None:
        """Takes the two out of the pool and remembers that they met."""
        super().paired(first, second)
        self._partners.remember(first, second)

    def forget(self, user: User) -> None:
        """Drops the user's partners."""
        self._partners.forget(user)

    def snapshot(self) -> Any:
        """Returns each user's partners, the oldest first."""
        return {"partners": self._partners.snapshot()}

    def restore(self, memory: Any) -> None:
        """Takes back each user's partners."""
        self._partners.restore(memory["partners"])


class TriesEachPairOnce(RemembersPartners):
    """A policy under which two who may not meet now may not meet later either, while both are waiting."""

    def __init__(self, partners: Latest | Recent, **parameters: float) -> None:
        super().__init__(partners, **parameters)
        self._freed: list[Pair] = []

    def unblocked(self, first: User, second: User) -> None:
        """Remembers a pair that is to be tried again."""
        if len(self.pool) > FEW:  # in a smaller pool every pair is tried anyhow
            self._freed.append((first, second))

    def _untried(self, now: float) -> Iterator[Pair]:
        """Returns the pairs to try in a pool of more than ``FEW``."""
        freed, self._freed = self._freed, []
        return chain(freed, untried(self.pool, now))
