"""Policies with something wrong that a random evening hardly ever shows."""

from __future__ import annotations

from roulette_core import Policy, User
from roulette_core.policies import Choose


class Hasty(Policy):
    """First come, first served; trips when two return, in the order in which they came, who have met before.

    It assumes that a user who is remembered by another remembers someone, too.
    """

    def __init__(self) -> None:
        super().__init__()
        self.latest: dict[User, User] = {}

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) < 2:
            return None
        first, second, *_ = self.pool
        if self.latest.get(first) == second and self.latest[second] == first:
            return None
        return first, second

    def paired(self, first: User, second: User) -> None:
        super().paired(first, second)
        self.latest[first], self.latest[second] = second, first

    def forget(self, user: User) -> None:
        self.latest.pop(user, None)

    def snapshot(self) -> dict[User, User]:
        return dict(self.latest)


class ByName(Policy):
    """Puts together whose names come first in the alphabet."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) < 3:
            return None
        first, second, *_ = sorted(self.pool, key=str)
        return first, second


class Endless(Policy):
    """Draws until it suits: with a choice that may be the same for ever, that never ends."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        users = list(self.pool)
        first, second = choose(len(users)), choose(len(users))
        while first == second:
            second = choose(len(users))
        return users[first], users[second]


class Uncopyable(Policy):
    """Keeps what cannot be copied."""

    def __init__(self) -> None:
        super().__init__()
        self.rule = lambda users: users[:2]

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return None


class Coin(Policy):
    """Of three or more, the one who has waited longest with one of the next two, by the toss of a coin."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) < 3:
            return None
        first, *others = self.pool
        return first, others[choose(2)]


class Stranger(Policy):
    """Draws a user who is not present."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return (next(iter(self.pool)), "ghost") if len(self.pool) > 1 else None


class Restless(Policy):
    """Remembers how often it was asked what it remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return None

    def snapshot(self) -> dict[str, list[int]]:
        self.asked += 1
        return {"asked": [self.asked]}
