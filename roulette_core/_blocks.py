"""Which users must not be paired with each other."""

from collections.abc import Iterable

from roulette_core.events import User


class Blocks:
    """The blocks between users present, each with its direction. Two are kept apart if either has blocked the other.

    Memory grows with the number of such pairs. Checking a pair takes constant time; forgetting a user takes time by
    the number of users kept apart from them.

    Attributes:
        apart: for each user who is in such a pair the other users, in the order in which the pairs were made; True
            where this user has blocked the other, False where only the other has blocked this one.
    """

    __slots__ = ("apart",)

    def __init__(self) -> None:
        self.apart: dict[User, dict[User, bool]] = {}

    def add(self, user: User, other: User) -> None:
        """Lets a user block another."""
        self.apart.setdefault(user, {})[other] = True
        self.apart.setdefault(other, {}).setdefault(user, False)

    def remove(self, user: User, other: User) -> None:
        """Takes back a user's own block. The other's, if there is one, still keeps them apart."""
        if self.made(other, user):
            self.apart[user][other] = False
        else:
            self._forget_pair(user, other)
            self._forget_pair(other, user)

    def made(self, user: User, other: User) -> bool:
        """Returns whether a user has blocked another."""
        return self.apart.get(user, {}).get(other, False)

    def between(self, first: User, second: User) -> bool:
        """Returns whether two users are kept apart."""
        return second in self.apart.get(first, ())

    def all_between(self, user: User, others: Iterable[User]) -> bool:
        """Returns whether a user is kept apart from all others of a group."""
        apart = self.apart.get(user, ())
        return all(other in apart or other == user for other in others)

    def pairs(self, users: Iterable[User]) -> list[tuple[User, User]]:
        """Returns each block, as the user who made it and the other.

        They are ordered by ``users``, so that the past does not show in the order.
        """
        order = {user: number for number, user in enumerate(users)}
        return [
            (user, other)
            for user in order
            for other in sorted(self.apart.get(user, ()), key=order.__getitem__)
            if self.apart[user][other]
        ]

    def forget(self, user: User) -> None:
        """Drops all pairs of a user who has left."""
        for other in self.apart.pop(user, ()):
            self._forget_pair(other, user)

    def _forget_pair(self, user: User, other: User) -> None:
        others = self.apart[user]
        del others[other]
        if not others:
            del self.apart[user]
