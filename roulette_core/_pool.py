"""What policies share: the order in which pairs are tried, and a pool with numbers for random draws."""

from collections.abc import Iterator, Mapping, MutableMapping
from itertools import chain, combinations, product

from roulette_core.events import User
from roulette_core.searcher import Searcher

FEW = 4
"""Pool size up to which trying every pair is cheaper than finding the newcomers."""


def untried(pool: Mapping[User, Searcher], now: float) -> Iterator[tuple[User, User]]:
    """Returns the pairs in which at least one user entered the pool at ``now``, longest-waiting first.

    These are all that a policy has to try, if it has drawn every pair it could after each event so far, and if two who
    may not meet now may not meet later either while both are waiting and no block is taken back.

    Args:
        pool: the users who are searching, in the order in which they began.
        now: the time, in seconds.
    """
    before = [user for user, searcher in pool.items() if searcher.since < now]
    newcomers = [user for user, searcher in pool.items() if searcher.since == now]
    return chain(product(before, newcomers), combinations(newcomers, 2))


class IndexedPool(MutableMapping[User, Searcher]):
    """The users searching, numbered from 0. Entering, leaving and looking up a number are O(1).

    The user with the last number takes the number of one who leaves, so a number says nothing about the waiting time.
    """

    __slots__ = ("_numbers", "_searchers", "_users")

    def __init__(self) -> None:
        self._users: list[User] = []
        self._searchers: list[Searcher] = []
        self._numbers: dict[User, int] = {}

    def user(self, number: int) -> User:
        """Returns the user with a number, 0 ≤ number < len."""
        return self._users[number]

    def __setitem__(self, user: User, searcher: Searcher) -> None:
        self._numbers[user] = len(self._users)
        self._users.append(user)
        self._searchers.append(searcher)

    def __delitem__(self, user: User) -> None:
        number = self._numbers.pop(user)
        last, searcher = self._users.pop(), self._searchers.pop()
        if last != user:
            self._users[number], self._searchers[number] = last, searcher
            self._numbers[last] = number

    def __getitem__(self, user: User) -> Searcher:
        return self._searchers[self._numbers[user]]

    def __iter__(self) -> Iterator[User]:
        return iter(self._users)

    def __len__(self) -> int:
        return len(self._users)
