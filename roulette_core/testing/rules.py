"""The pairs that each built-in policy allows, stated a second time: slowly, obviously, independently of its code."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeAlias

from roulette_core.events import User
from roulette_core.testing.ledger import Ledger

Pair: TypeAlias = tuple[User, User]


class Rule(ABC):
    """The pairs that a policy must not leave undrawn.

    Attributes:
        depth: the number of recent partners that the ledger must remember.
        never_repeats: whether the policy promises that no user has the same partner twice running.
    """

    depth = 1
    never_repeats = False

    def remembered(self, ledger: Ledger) -> Any:
        """Returns what the rule takes from the past, in the form of the policy's memory as in ``Facts.memory``."""
        return ()

    @abstractmethod
    def allowed(self, ledger: Ledger) -> Pair | None:
        """Returns a pair of the pool that the policy allows at ``ledger.now``, or None if there is none.

        Only called with a pool of two or more.
        """


def partners(memory: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Returns the partners in the memory of a built-in policy as ``rows``."""
    return rows(memory["partners"])


def rows(pairs: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Returns rows of a user and their partners as tuples, sorted since their order does not matter."""
    return sorted((user, tuple(others)) for user, others in pairs)


def met_last(ledger: Ledger, first: User, second: User) -> bool:
    """Returns whether either of two users had the other as latest partner."""
    return ledger.latest.get(first) == second or ledger.latest.get(second) == first


def apart(ledger: Ledger, first: User, second: User) -> bool:
    """Returns whether a block keeps two users apart."""
    return second in ledger.apart.get(first, ())


def pairs_in_order(ledger: Ledger) -> Iterator[Pair]:
    """Returns the pairs of the pool that no block keeps apart, longest-waiting first."""
    pairs = combinations(ledger.pool, 2)
    return filter(lambda pair: not apart(ledger, *pair), pairs) if ledger.apart else pairs


class NoRepeatRule(Rule):
    """Allows any two users who have not just left each other."""

    never_repeats = True

    def remembered(self, ledger: Ledger) -> Any:
        """Returns each user's latest partner."""
        return rows((user, (partner,)) for user, partner in ledger.latest.items())

    def allowed(self, ledger: Ledger) -> Pair | None:
        """Returns the first such pair."""
        for first, second in pairs_in_order(ledger):
            if not met_last(ledger, first, second):
                return first, second
        return None


class UniformRule(Rule):
    """Allows any two users, once enough are waiting."""

    def __init__(self, minimum: int) -> None:
        self.minimum = minimum

    def allowed(self, ledger: Ledger) -> Pair | None:
        """Returns the first two, if enough are waiting."""
        return next(pairs_in_order(ledger), None) if len(ledger.pool) >= self.minimum else None


class FreshRule(Rule):
    """Allows any two users who have not met recently, or have both lost patience."""

    def __init__(self, memory: int, patience: float) -> None:
        self.depth = max(memory, 2)
        self.memory = memory
        self.patience = patience

    def remembered(self, ledger: Ledger) -> Any:
        """Returns each user's recent partners."""
        return rows((user, list(partners)[-self.memory :]) for user, partners in ledger.partners.items())

    def allowed(self, ledger: Ledger) -> Pair | None:
        """Returns the first such pair."""
        for first, second in pairs_in_order(ledger):
            strangers = not self._remembers(ledger, first, second) and not self._remembers(ledger, second, first)
            if strangers or max(ledger.pool[first], ledger.pool[second]) + self.patience <= ledger.now:
                return first, second
        return None

    def _remembers(self, ledger: Ledger, user: User, other: User) -> bool:
        return other in list(ledger.partners.get(user, ()))[-self.memory :]


class WavesRule(Rule):
    """Allows any two users who both entered before the latest wave."""

    def __init__(self, every: float) -> None:
        self.every = every

    def allowed(self, ledger: Ledger) -> Pair | None:
        """Returns the first such pair."""
        wave = math.floor(ledger.now / self.every)
        for first, second in pairs_in_order(ledger):
            if math.floor(ledger.pool[first] / self.every) >= wave:
                return None
            if math.floor(ledger.pool[second] / self.every) < wave:
                return first, second
        return None


class InterestsRule(Rule):
    """Allows two users who share an interest or are both open; the latest partner only after both lost patience."""

    def __init__(self, patience: float) -> None:
        self.patience = patience

    def remembered(self, ledger: Ledger) -> Any:
        """Returns each user's latest partner."""
        return rows((user, (partner,)) for user, partner in ledger.latest.items())

    def allowed(self, ledger: Ledger) -> Pair | None:
        """Returns the first such pair; compares only users who wait for the same interest, since pools may be large."""
        waiting_for: dict[str | None, list[User]] = {}
        for user, since in ledger.pool.items():
            interests = tuple(dict.fromkeys(ledger.interests.get(user, ())))
            impatient = since + self.patience <= ledger.now
            files: list[str | None] = [*interests, None] if impatient or not interests else [*interests]
            for interest in files:
                for other in waiting_for.setdefault(interest, []):
                    both_impatient = impatient and ledger.pool[other] + self.patience <= ledger.now
                    may_meet = both_impatient or not met_last(ledger, user, other)
                    if may_meet and not apart(ledger, user, other):
                        return other, user
                waiting_for[interest].append(user)
        return None
