"""What policies share that look for a pair: an order to try them in, and a pool with numbers to draw by lot."""

from collections.abc import Iterator, Mapping, MutableMapping
from itertools import chain, combinations, product

from roulette_core.events import User

FEW = 4
"""Of so many it is quicker to try all pairs than to tell who has just come."""


def untried(pool: Mapping[User, float], now: float) -> Iterator[tuple[User, User]]:
    """The pairs of a pool with at least one who has come just now, longest waiting first.

    A policy has no others to try if it has drawn whom it could after every event so far, and two who may not meet now
    may not meet later either, as long as both are waiting.

    Args:
        pool: who is searching and since when, in the order in which they began.
        now: the time, in seconds.
    """
    before = [user for user, since in pool.items() if since < now]
    newcomers = [user for user, since in pool.items() if since == now]
    return chain(product(before, newcomers), combinations(newcomers, 2))


class IndexedPool(MutableMapping[User, float]):
    """Those searching and since when, numbered from 0; entering, leaving and looking up a number are O(1).

    A user who leaves is replaced by the last in number, so numbers carry no meaning but who holds them now.
    """

    __slots__ = ("_numbers", "_since", "_users")

    def __init__(self) -> None:
        self._users: list[User] = []
        self._since: list[float] = []
        self._numbers: dict[User, int] = {}

    def user(self, number: int) -> User:
        """The user who holds a number, 0 ≤ number < len."""
        return self._users[number]

    def __setitem__(self, user: User, since: float) -> None:
        self._numbers[user] = len(self._users)
        self._users.append(user)
        self._since.append(since)

    def __delitem__(self, user: User) -> None:
        number = self._numbers.pop(user)
        last, since = self._users.pop(), self._since.pop()
        if last != user:
            self._users[number], self._since[number] = last, since
            self._numbers[last] = number

    def __getitem__(self, user: User) -> float:
        return self._since[self._numbers[user]]

    def __iter__(self) -> Iterator[User]:
        return iter(self._users)

    def __len__(self) -> int:
        return len(self._users)
