"""Collects users, then pairs all at once: more choice of partners for a longer wait."""

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import ClassVar

from roulette_core._history import Recent
from roulette_core.errors import BadPolicy
from roulette_core.events import User
from roulette_core.policies._partners import RemembersPartners
from roulette_core.policies.policy import NEVER, Choose, Explanation, Pair
from roulette_core.searcher import Searcher

MEMORY = 20
"""Number of recent partners remembered of each user. It bounds the cost of a draw and the memory."""

SHORTEST = 1e-6
"""Shortest time between waves, in seconds: with less, the number of a wave could exceed what a float holds exactly."""


class Waves(RemembersPartners):
    """At every multiple of ``every`` seconds, pairs all users who entered before it, fewest-met first.

    The longest-waiting user chooses first: among those met least often in the last ``MEMORY`` partners, the
    longest-waiting. A user remembers at most ``MEMORY`` of the pool, and few who are back in it remember that user. So
    a new partner is found after a bounded number of steps on average, if there is one. A user whom blocks keep apart
    from all the others is skipped, after as many steps. With an odd number, the last to enter waits for the next wave.

    Args:
        every: the time from wave to wave, in seconds, at least a millionth.
    """

    name: ClassVar[str] = "waves"

    def __init__(self, every: float = 5.0) -> None:
        if not SHORTEST <= every < NEVER:
            raise BadPolicy(
                f"waves need a finite time of {SHORTEST:g} seconds or more from one to the next, not {every:g}"
            )
        self._recent = Recent(MEMORY)
        super().__init__(self._recent, every=every)
        self.every = every
        # An OrderedDict, because taking many from the front of a dict gets slower with each.
        self.pool: OrderedDict[User, Searcher] = OrderedDict()

    def draw(self, now: float, choose: Choose) -> list[Pair]:
        """Returns all pairs of a wave: the longest-waiting user, with the one they met least often, and so on."""
        aboard = OrderedDict.fromkeys(self._aboard(now))
        pairs: list[Pair] = []
        while len(aboard) > 1:
            first, _ = aboard.popitem(last=False)
            second = self._least_met(first, aboard)
            if second is not None:  # None: blocks keep the user apart from all the others
                del aboard[second]
                pairs.append((first, second))
        return pairs

    def _least_met(self, user: User, others: Iterable[User]) -> User | None:
        """Returns the first of the others whom a user may meet and has met least often; None if they may meet none."""
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
        """Yields the users who entered before the latest wave, longest-waiting first."""
        wave = self._wave(now)
        for user, searcher in self.pool.items():
            if self._wave(searcher.since) >= wave:
                return
            yield user

    def _wave(self, time: float) -> int:
        """Returns how many waves there have been by a time."""
        return math.floor(time / self.every)

    def deadline(self, now: float) -> float:
        """Returns the time of the next wave, if it would find two users."""
        if len(self.pool) < 2:
            return NEVER
        wave = self._wave(now) + 1
        time = wave * self.every
        while self._wave(time) < wave:  # rounding can leave the product just short of its own wave
            time = math.nextafter(time, NEVER)
        return time

    def explain(self, user: User, now: float) -> Explanation:
        """Returns how long it is until the next wave."""
        if len(self.pool) < 2:
            return super().explain(user, now)
        until = self.deadline(now)
        left = round(until - now)
        return Explanation("next_wave", f"the next wave of pairings is in {left} s", (left,), until)
