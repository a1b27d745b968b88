"""Collect, then pair: a thicker pool for a longer wait."""

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, ClassVar

from roulette_core._history import Recent
from roulette_core.errors import BadPolicy
from roulette_core.events import User
from roulette_core.policies.policy import NEVER, Choose, Explanation, Policy

MEMORY = 20
"""How many partners back "met before" reaches. It bounds the cost of a draw and the memory of a user."""

SHORTEST = 1e-6
"""The shortest time between waves, in seconds: with less, their number could outgrow a float."""


class Waves(Policy):
    """At every multiple of ``every`` seconds, all who came before it are paired, those who met least first.

    The longest waiting picks first: the longest waiting among those met least in the last ``MEMORY`` partners.
    Of those in the pool they remember at most ``MEMORY``, and are remembered by few who have come back since, so
    a stranger is found after a bounded number of looks, on average, if there is one. Whoever is kept apart from all the
    others is passed over, after as many looks. With an odd number, the last to come waits for the next wave.

    Args:
        every: the time from wave to wave, in seconds, at least a millionth.
    """

    name: ClassVar[str] = "waves"

    def __init__(self, every: float = 5.0) -> None:
        if not SHORTEST <= every < NEVER:
            raise BadPolicy(
                f"waves need {SHORTEST:g} or more seconds from one to the next, but not for ever: not {every:g}"
            )
        super().__init__(every=every)
        self.every = every
        # An OrderedDict, because taking many from the front of a dict gets slower with each.
        self.pool: OrderedDict[User, float] = OrderedDict()
        self._recent = Recent(MEMORY)

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """The longest waiting whom a wave has reached, with whom they met least."""
        for passed_over in range(len(self.pool)):
            aboard = islice(self._aboard(now), passed_over, None)
            first = next(aboard, None)
            if first is None:
                return None
            second = self._least_met(first, aboard)
            if second is not None:
                return first, second
        return None

    def _least_met(self, user: User, others: Iterable[User]) -> User | None:
        """Whom of the others a user has met least and may meet: the first of them."""
        apart = self.blocks.apart.get(user, ())
        best, fewest = None, MEMORY + 1
        for other in others:
            if other in apart:
                continue
            times = self._recent.times(user, other)
            if times < fewest:
                best, fewest = other, times
            if not times:
                break
        return best

    def _aboard(self, now: float) -> Iterator[User]:
        """Those who came before the latest wave, longest waiting first."""
        wave = self._wave(now)
        for user, since in self.pool.items():
            if self._wave(since) >= wave:
                return
            yield user

    def _wave(self, time: float) -> int:
        """How many waves there have been at a time."""
        return math.floor(time / self.every)

    def paired(self, first: User, second: User) -> None:
        """Takes the two out of the pool and remembers that they met."""
        super().paired(first, second)
        self._recent.remember(first, second)

    def forget(self, user: User) -> None:
        """Drops the user's partners."""
        self._recent.forget(user)

    def deadline(self, now: float) -> float:
        """The next wave, if it would find two."""
        if len(self.pool) < 2:
            return NEVER
        wave = self._wave(now) + 1
        time = wave * self.every
        while self._wave(time) < wave:  # rounding can leave the product just short of its own wave
            time = math.nextafter(time, NEVER)
        return time

    def explain(self, user: User, now: float) -> Explanation:
        """Alone, or the next wave has not come."""
        if len(self.pool) < 2:
            return super().explain(user, now)
        left = round(self.deadline(now) - now)
        return Explanation("next_wave", f"the next wave of pairings is in {left} s", (left,))

    def snapshot(self) -> Any:
        """Everybody's last partners."""
        return self._recent.snapshot()

    def restore(self, memory: Any) -> None:
        """Takes back everybody's last partners."""
        self._recent.restore(memory)
