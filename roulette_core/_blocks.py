"""Which users must not be paired with each other."""

from collections.abc import Iterable

from roulette_core.events import User


class Blocks:
    """Pairs of users present who are kept apart, whichever of the two asked for it, until one of them leaves.

    Memory grows with the number of such pairs. Checking a pair takes constant time; forgetting a user takes time by
    the number of users kept apart from them.

    Attributes:
        apart: for each user who is in such a pair the other users, in the order in which the blocks were made.
    """

    __slots__ = ("apart",)

    def __init__(self) -> None:
        self.apart: dict[User, dict[User, None]] = {}

    def add(self, first: User, second: User) -> None:
        """Keeps two different users apart from now on."""
        self.apart.setdefault(first, {})[second] = None
        self.apart.setdefault(second, {})[first] = None

    def between(self, first: User, second: User) -> bool:
        """Returns whether two users are kept apart."""
        return second in self.apart.get(first, ())

    def all_between(self, user: User, others: Iterable[User]) -> bool:
        """Returns whether a user is kept apart from all others of a group."""
        apart = self.apart.get(user, ())
        return all(other in apart or other == user for other in others)

    def pairs(self, users: Iterable[User]) -> list[tuple[User, User]]:
        """Returns each pair once, ordered by ``users``, so that the past does not show in the order."""
        order = {user: number for number, user in enumerate(users)}
        return [
            (user, other)
            for user, number in order.items()
            for other in sorted(self.apart.get(user, ()), key=order.__getitem__)
            if order[other] > number
        ]

    def forget(self, user: User) -> None:
        """Drops all pairs of a user who has left."""
        for other in self.apart.pop(user, ()):
            others = self.apart[other]
            del others[user]
            if not others:
                del self.apart[other]
