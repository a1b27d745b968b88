"""Custom policies, good and bad."""

from __future__ import annotations

from typing import Any

from roulette_core import Policy, User
from roulette_core.policies import NEVER, Choose


class NewestFirst(Policy):
    """As short as can be: looks at no blocks."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) < 2:
            return None
        *_, second, first = self.pool
        return first, second


class Patient(Policy):
    """Draws by lot, once the first has waited long enough; with parameters of each kind."""

    def __init__(self, least: int = 2, wait: float = 1.5) -> None:
        super().__init__(least=least, wait=wait)
        self.least, self.wait = least, wait

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        users = list(self.pool)
        if len(users) < self.least or self.pool[users[0]].since + self.wait > now:
            return None
        return users.pop(choose(len(users))), users[choose(len(users))]

    def deadline(self, now: float) -> float:
        return next(iter(self.pool.values())).since + self.wait if len(self.pool) >= self.least else NEVER


class Needy(NewestFirst):
    """Cannot be made from numbers alone."""

    def __init__(self, friends: Any) -> None:
        super().__init__()


class Unfinished(Policy):
    """Forgot to say whom it draws."""


class Broken(Policy):
    """Draws whatever it is told to, and has the deadline that it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.draws: list[Any] = []
        self.due = NEVER

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return self.draws.pop() if self.draws else None

    def deadline(self, now: float) -> float:
        return self.due


class NotAPolicy:
    """Something else altogether."""
