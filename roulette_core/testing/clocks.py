"""The times at which the explorer tries events, and which times it tells apart: a few instants that stand for all.

Under a policy without deadlines a second passes before every event, and no times are told apart. Under a policy with
deadlines events are tried at up to four instants: *now*, the time of the previous event; *a moment later*, before
anything is due, if that makes a difference; *the next time that matters* to the policy; and its *deadline*, if that is
later.

For ``fresh``, ``interests`` and ``waves`` these stand for all times, provided that ticks are not late. These policies
only ask whether a user has waited for a constant time, or whether a wave has come. So two histories in which that
happens in the same order have the same effects: the regions of a timed automaton with one constant (R. Alur, D. L.
Dill, *A Theory of Timed Automata*, Theoretical Computer Science 126, 1994). Under an unknown policy all times are told
apart, so fewer histories are counted as one.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, NamedTuple

from roulette_core.events import User
from roulette_core.machine import Roulette
from roulette_core.policies import NEVER, Policy

MOMENT = 2.0**-10
"""A moment, in seconds: exact in binary, and so short that a dozen pass before anything is due."""

HOUR = 3600.0
"""How long an unknown policy is left alone, in seconds."""


class Instant(NamedTuple):
    """A time in seconds at which to try the next event; ``due`` if something has become due since the previous one."""

    time: float
    due: bool


class Clock(ABC):
    """The times that matter to one policy."""

    def instants(self, roulette: Roulette) -> list[Instant]:
        """Returns the times at which to try the next event, earliest first."""
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
        """Returns whether a moment later may make a difference to now."""
        return roulette.now in waiting_times(roulette.policy).values()

    @abstractmethod
    def due(self, roulette: Roulette) -> Iterable[float]:
        """Returns the times ahead that matter beside the deadline."""

    @abstractmethod
    def reading(self, roulette: Roulette) -> Any:
        """Returns since when users are searching, in pool order, and the deadline: as far as they matter."""


def waiting_times(policy: Policy) -> dict[User, float]:
    """Returns the users of a policy's pool and since when they have been searching, in pool order."""
    return {user: searcher.since for user, searcher in policy.pool.items()}


class Timeless(Clock):
    """For policies without deadlines: time makes no difference."""

    def instants(self, roulette: Roulette) -> list[Instant]:
        """Returns a second later."""
        return [Instant(roulette.now + 1.0, False)]

    def due(self, roulette: Roulette) -> Iterable[float]:
        """Returns no times."""
        return ()

    def reading(self, roulette: Roulette) -> Any:
        """Returns the users who are searching, in pool order."""
        return tuple(roulette.policy.pool)


class Patience(Clock):
    """For policies that ask whether users have waited for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def due(self, roulette: Roulette) -> Iterable[float]:
        """Returns when each user loses patience."""
        times = (since + self._seconds for since in waiting_times(roulette.policy).values())
        return (time for time in times if time > roulette.now)

    def reading(self, roulette: Roulette) -> Any:
        """Returns for each user the rank of their beginning; 0 if they have lost patience, −1 if they began now."""
        now, pool = roulette.now, waiting_times(roulette.policy)
        lost = {since for since in pool.values() if since + self._seconds <= now}
        place: dict[float, int] = dict.fromkeys(lost, 0)
        place.update((since, number) for number, since in enumerate(sorted({*pool.values()} - lost), start=1))
        place[now] = -1
        ends = {since + self._seconds: place[since] for since in pool.values()}
        deadline = roulette.next_deadline()
        ahead = "never" if deadline is None else ends.get(deadline, deadline - now)
        return tuple((user, place[since]) for user, since in pool.items()), ahead


class Waved(Clock):
    """For policies that ask how many waves there have been since a user entered, one ``every`` so many seconds."""

    def __init__(self, every: float) -> None:
        self._every = every

    def tells_moment(self, roulette: Roulette) -> bool:
        """Returns False: between two waves nothing depends on the time."""
        return False

    def _wave(self, time: float) -> int:
        return math.floor(time / self._every)

    def due(self, roulette: Roulette) -> Iterable[float]:
        """Returns the next wave, if a user entered since the latest one."""
        wave = self._wave(roulette.now)
        waiting = any(self._wave(since) == wave for since in waiting_times(roulette.policy).values())
        time = (wave + 1) * self._every
        while self._wave(time) <= wave:  # as in the policy: rounding may put the product short of its wave
            time = math.nextafter(time, NEVER)
        return (time,) if waiting else ()

    def reading(self, roulette: Roulette) -> Any:
        """Returns which users a wave has reached, and how many waves ahead the deadline is."""
        wave, deadline = self._wave(roulette.now), roulette.next_deadline()
        ahead = "never" if deadline is None else self._wave(deadline) - wave
        return tuple((user, self._wave(since) < wave) for user, since in waiting_times(roulette.policy).items()), ahead


class Exact(Clock):
    """For unknown policies: all times are told apart."""

    def due(self, roulette: Roulette) -> Iterable[float]:
        """Returns an hour later, while any user is searching."""
        return (roulette.now + HOUR,) if roulette.policy.pool else ()

    def reading(self, roulette: Roulette) -> Any:
        """Returns how long each user has been searching, and how far ahead the deadline is."""
        now, deadline = roulette.now, roulette.next_deadline()
        waited = tuple((user, now - since) for user, since in waiting_times(roulette.policy).items())
        return waited, "never" if deadline is None else deadline - now
