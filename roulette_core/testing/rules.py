"""What each built-in policy allows, said a second time: slowly, obviously, and independently of its code."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, TypeAlias

from roulette_core.events import User
from roulette_core.policies.waves import MEMORY
from roulette_core.testing.ledger import Ledger

Pair: TypeAlias = tuple[User, User]


class Rule(ABC):
    """Which two of the pool a policy should have drawn.

    Attributes:
        depth: how many partners back the ledger must remember.
        never_repeats: whether two may never be paired twice running.
    """

    depth = 1
    never_repeats = False

    def remembered(self, ledger: Ledger) -> Any:
        """Returns what the rule takes from the past, in the form of the policy's memory as in ``Facts.memory``."""
        return ()

    @abstractmethod
    def allowed(self, ledger: Ledger) -> Pair | None:
        """A pair in the pool that the policy allows at ``ledger.now``, or None if there is none.

        Only asked of a pool of two or more.
        """


def rows(pairs: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Returns rows of a user and what is remembered for them as tuples, sorted since their order does not matter."""
    return sorted((user, tuple(others) if type(others) is list else others) for user, others in pairs)


def met_last(ledger: Ledger, first: User, second: User) -> bool:
    """Whether either of two users had the other as latest partner."""
    return ledger.latest.get(first) == second or ledger.latest.get(second) == first


def apart(ledger: Ledger, first: User, second: User) -> bool:
    """Whether two users are never to be paired."""
    return second in ledger.apart.get(first, ())


def pairs_in_order(ledger: Ledger) -> Iterator[Pair]:
    """All pairs of the pool who are not kept apart, longest waiting first."""
    pairs = combinations(ledger.pool, 2)
    return filter(lambda pair: not apart(ledger, *pair), pairs) if ledger.apart else pairs


class NoRepeatRule(Rule):
    """Any two who have not just left each other."""

    never_repeats = True

    def remembered(self, ledger: Ledger) -> Any:
        """Returns everybody's latest partner."""
        return rows(ledger.latest.items())

    def allowed(self, ledger: Ledger) -> Pair | None:
        """The first such pair."""
        for first, second in pairs_in_order(ledger):
            if not met_last(ledger, first, second):
                return first, second
        return None


class UniformRule(Rule):
    """Any two, once enough are waiting."""

    def __init__(self, minimum: int) -> None:
        self.minimum = minimum

    def allowed(self, ledger: Ledger) -> Pair | None:
        """The first two, if there are enough."""
        return next(pairs_in_order(ledger), None) if len(ledger.pool) >= self.minimum else None


class FreshRule(Rule):
    """Any two who have not met lately, or have both lost patience."""

    def __init__(self, memory: int, patience: float) -> None:
        self.depth = max(memory, 2)
        self.memory = memory
        self.patience = patience

    def remembered(self, ledger: Ledger) -> Any:
        """Returns everybody's last partners."""
        return rows((user, list(partners)[-self.memory :]) for user, partners in ledger.partners.items())

    def allowed(self, ledger: Ledger) -> Pair | None:
        """The first such pair."""
        for first, second in pairs_in_order(ledger):
            strangers = not self._remembers(ledger, first, second) and not self._remembers(ledger, second, first)
            if strangers or max(ledger.pool[first], ledger.pool[second]) + self.patience <= ledger.now:
                return first, second
        return None

    def _remembers(self, ledger: Ledger, user: User, other: User) -> bool:
        return other in list(ledger.partners.get(user, ()))[-self.memory :]


class WavesRule(Rule):
    """Any two who have both been reached by a wave."""

    depth = MEMORY

    def __init__(self, every: float) -> None:
        self.every = every

    def allowed(self, ledger: Ledger) -> Pair | None:
        """The first such pair, if the second of them came before the latest wave."""
        wave = math.floor(ledger.now / self.every)
        for first, second in pairs_in_order(ledger):
            if math.floor(ledger.pool[first] / self.every) >= wave:
                return None
            if math.floor(ledger.pool[second] / self.every) < wave:
                return first, second
        return None


class InterestsRule(Rule):
    """Any two who share an interest, or are both open; not the latest partner before both lost patience."""

    def __init__(self, patience: float) -> None:
        self.patience = patience

    def remembered(self, ledger: Ledger) -> Any:
        """Returns everybody's latest partner."""
        return rows(ledger.latest.items())

    def allowed(self, ledger: Ledger) -> Pair | None:
        """The first such pair, looking only at users who wait for the same thing."""
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
