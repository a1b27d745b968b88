"""Who has met whom lately, as far back as a policy wants to remember.

A memory belongs to the one who remembers: it goes when they leave, and what others remember of them stays until
newer partners push it out. It holds at most ``depth`` partners for each user present.
"""

from collections import deque
from typing import Any

from roulette_core.events import User


class Latest:
    """Each user's latest partner: a history of depth one, on the fastest path there is."""

    __slots__ = ("partner",)

    def __init__(self) -> None:
        self.partner: dict[User, User] = {}

    def remember(self, first: User, second: User) -> None:
        """Notes that two users are paired."""
        self.partner[first] = second
        self.partner[second] = first

    def between(self, first: User, second: User) -> bool:
        """Whether either of two users had the other as latest partner."""
        partner = self.partner
        return partner.get(first) == second or partner.get(second) == first

    def forget(self, user: User) -> None:
        """Drops what a user remembers."""
        self.partner.pop(user, None)

    def snapshot(self) -> list[list[User]]:
        """The whole memory as plain data."""
        return [[user, partner] for user, partner in self.partner.items()]

    def restore(self, data: list[Any]) -> None:
        """Takes back what ``snapshot`` gave."""
        self.partner = dict(data)


class Recent:
    """Each user's last ``depth`` partners, oldest first, repetitions included."""

    __slots__ = ("depth", "partners")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.partners: dict[User, deque[User]] = {}

    def remember(self, first: User, second: User) -> None:
        """Notes that two users are paired."""
        for user, partner in ((first, second), (second, first)):
            if user not in self.partners:
                self.partners[user] = deque(maxlen=self.depth)
            self.partners[user].append(partner)

    def times(self, first: User, second: User) -> int:
        """How often two users have met, by the better memory of the two."""
        partners = self.partners
        return max(
            partners[first].count(second) if first in partners else 0,
            partners[second].count(first) if second in partners else 0,
        )

    def forget(self, user: User) -> None:
        """Drops what a user remembers."""
        self.partners.pop(user, None)

    def snapshot(self) -> list[list[Any]]:
        """The whole memory as plain data."""
        return [[user, list(partners)] for user, partners in self.partners.items()]

    def restore(self, data: list[list[Any]]) -> None:
        """Takes back what ``snapshot`` gave."""
        self.partners = {user: deque(partners, maxlen=self.depth) for user, partners in data}
