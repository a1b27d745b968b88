"""Recent partners, as many of each user as a policy wants to remember.

A memory belongs to the user who remembers: it is dropped when they leave, while what others remember of them stays
until newer partners push it out. It holds at most ``depth`` partners of each user present.
"""

from collections import deque
from typing import Any

from roulette_core.events import User


class Latest:
    """Each user's latest partner: a history of depth 1, kept in one dict because it is read at every draw."""

    __slots__ = ("partner",)

    def __init__(self) -> None:
        self.partner: dict[User, User] = {}

    def remember(self, first: User, second: User) -> None:
        """Records that two users are paired."""
        self.partner[first] = second
        self.partner[second] = first

    def between(self, first: User, second: User) -> bool:
        """Returns whether either of two users had the other as latest partner."""
        partner = self.partner
        return partner.get(first) == second or partner.get(second) == first

    def forget(self, user: User) -> None:
        """Drops the partners of a user who has left."""
        self.partner.pop(user, None)

    def snapshot(self) -> list[list[Any]]:
        """Returns the whole memory as plain data, as ``Recent.snapshot`` does."""
        return [[user, [partner]] for user, partner in self.partner.items()]

    def restore(self, data: list[list[Any]]) -> None:
        """Takes back what this or ``Recent.snapshot`` returned."""
        self.partner = {user: partners[-1] for user, partners in data}


class Recent:
    """Each user's last ``depth`` partners, oldest first, repetitions included."""

    __slots__ = ("depth", "partners")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.partners: dict[User, deque[User]] = {}

    def remember(self, first: User, second: User) -> None:
        """Records that two users are paired."""
        for user, partner in ((first, second), (second, first)):
            if user not in self.partners:
                self.partners[user] = deque(maxlen=self.depth)
            self.partners[user].append(partner)

    def times(self, first: User, second: User) -> int:
        """Returns how often two users have met, by the longer memory of the two."""
        partners = self.partners
        return max(
            partners[first].count(second) if first in partners else 0,
            partners[second].count(first) if second in partners else 0,
        )

    def forget(self, user: User) -> None:
        """Drops the partners of a user who has left."""
        self.partners.pop(user, None)

    def snapshot(self) -> list[list[Any]]:
        """Returns the whole memory as plain data."""
        return [[user, list(partners)] for user, partners in self.partners.items()]

    def restore(self, data: list[list[Any]]) -> None:
        """Takes back what this or ``Latest.snapshot`` returned, as far as this memory is deep."""
        self.partners = {user: deque(partners, maxlen=self.depth) for user, partners in data}
