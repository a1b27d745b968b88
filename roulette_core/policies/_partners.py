"""What policies share that remember partners: a memory that is told of each pairing and kept in snapshots."""

from typing import Any

from roulette_core._history import Latest, Recent
from roulette_core.events import User
from roulette_core.policies.policy import Policy


class RemembersPartners(Policy):
    """A policy with a memory of partners, and nothing else to remember."""

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
        """Returns the memory of each user."""
        return self._partners.snapshot()

    def restore(self, memory: Any) -> None:
        """Takes back the memory of each user."""
        self._partners.restore(memory)
