"""When events are tried, and which times are told apart: enough instants to stand for all others.

A policy that has no deadlines sees a second pass before every event, and no times are told apart. One that has is
tried at up to four instants: *now*, at the time of the event before; *a moment later*, before anything falls due, where
that is not the same; at *the next time that matters* to the policy; and at its *deadline*, where that is another.

For ``fresh``, ``interests`` and ``waves`` these stand for all times there are, as long as ticks come when they are
due. They ask of times nothing but whether a user has waited for a constant, so of two histories in which users lose
patience, or waves come, in the same order the same becomes: the regions of a timed automaton with one constant (Alur,
Dill, A Theory of Timed Automata, Theoretical Computer Science 126, 1994). Of a policy that nobody knows every time is
told apart, so fewer histories are counted as one.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, NamedTuple

from roulette_core.machine import Roulette
from roulette_core.policies import NEVER

MOMENT = 2.0**-10
"""A moment, in seconds: so little that a dozen are over before anything falls due, and a float holds it exactly."""

HOUR = 3600.0
"""How long nothing happens, in seconds, where nobody knows what else to wait for."""


class Instant(NamedTuple):
    """A time at which to try the next event.

    Attributes:
        time: in seconds.
        due: whether something has fallen due since the event before.
    """

    time: float
    due: bool


class Clock(ABC):
    """What times mean to one policy."""

    def instants(self, roulette: Roulette) -> list[Instant]:
        """The times at which to try the next event, the earliest first."""
        now, deadline = roulette.now, roulette.next_deadline()
        ahead = {*self.due(roulette), *(() if deadline is None else (deadline,))}
        if not ahead:
            return [Instant(now, False)]
        soonest = min(ahead)
        moment = now + min(MOMENT, (soonest - now) / 2)
        moments = [now, moment] if self.tells_moment(roulette) else [now]
        return [Instant(time, False) for time in moments] + [
            Instant(time, True) for time in sorted({soonest, soonest if deadline is None else deadline})
        ]

    def tells_moment(self, roulette: Roulette) -> bool:
        """Whether a moment later is not the same as now."""
        return roulette.now in roulette.policy.pool.values()

    @abstractmethod
    def due(self, roulette: Roulette) -> Iterable[float]:
        """The times ahead that matter beside the deadline."""

    @abstractmethod
    def reading(self, roulette: Roulette) -> Any:
        """Since when users are searching, in their order, and when the deadline is: as far as it matters."""


class Timeless(Clock):
    """Of a policy that has no deadlines: times mean nothing to it."""

    def instants(self, roulette: Roulette) -> list[Instant]:
        """A second later."""
        return [Instant(roulette.now + 1.0, False)]

    def due(self, roulette: Roulette) -> Iterable[float]:
        """Nothing."""
        return ()

    def reading(self, roulette: Roulette) -> Any:
        """Who is searching, in their order."""
        return tuple(roulette.policy.pool)


class Patience(Clock):
    """Of a policy that asks whether users have waited for some time: who does so earlier, and who at once.

    Args:
        seconds: how long their patience lasts.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def due(self, roulette: Roulette) -> Iterable[float]:
        """When each user loses patience."""
        times = (since + self._seconds for since in roulette.policy.pool.values())
        return (time for time in times if time > roulette.now)

    def reading(self, roulette: Roulette) -> Any:
        """For each user, the place among the times of beginning; 0 has lost patience, −1 has begun just now."""
        now, pool = roulette.now, roulette.policy.pool
        lost = {since for since in pool.values() if since + self._seconds <= now}
        place: dict[float, int] = dict.fromkeys(lost, 0)
        place.update((since, number) for number, since in enumerate(sorted({*pool.values()} - lost), start=1))
        place[now] = -1
        ends = {since + self._seconds: place[since] for since in pool.values()}
        deadline = roulette.next_deadline()
        ahead = "never" if deadline is None else ends.get(deadline, deadline - now)
        return tuple((user, place[since]) for user, since in pool.items()), ahead


class Waved(Clock):
    """Of a policy that asks how many waves there have been since a user came.

    Args:
        every: the time from wave to wave, in seconds.
    """

    def __init__(self, every: float) -> None:
        self._every = every

    def tells_moment(self, roulette: Roulette) -> bool:
        """Never, between two waves."""
        return False

    def _wave(self, time: float) -> int:
        return math.floor(time / self._every)

    def due(self, roulette: Roulette) -> Iterable[float]:
        """The next wave that could make a difference, if anybody is there."""
        wave = self._wave(roulette.now)
        waiting = any(self._wave(since) == wave for since in roulette.policy.pool.values())
        time = (wave + 1) * self._every
        while self._wave(time) <= wave:  # as the policy itself: the product may fall short of its wave
            time = math.nextafter(time, NEVER)
        return (time,) if waiting else ()

    def reading(self, roulette: Roulette) -> Any:
        """Whom a wave has reached, and how many waves ahead the deadline is."""
        wave, deadline = self._wave(roulette.now), roulette.next_deadline()
        ahead = "never" if deadline is None else self._wave(deadline) - wave
        return tuple((user, self._wave(since) < wave) for user, since in roulette.policy.pool.items()), ahead


class Exact(Clock):
    """Of a policy that nobody knows: every time is told apart."""

    def due(self, roulette: Roulette) -> Iterable[float]:
        """An hour, while anybody waits."""
        return (roulette.now + HOUR,) if roulette.policy.pool else ()

    def reading(self, roulette: Roulette) -> Any:
        """How long everybody has been waiting, and how far ahead the deadline is."""
        now, deadline = roulette.now, roulette.next_deadline()
        waited = tuple((user, now - since) for user, since in roulette.policy.pool.items())
        return waited, "never" if deadline is None else deadline - now
