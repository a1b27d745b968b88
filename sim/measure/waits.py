"""Waiting times. A search may end in a chat, be given up, or still go on at the end of the run."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from roulette_core import State
from sim.measure import statistics
from sim.measure.statistics import Estimate
from sim.measure.stays import Stays
from sim.trace import Floats, Integers, Trace

LONGEST = 3
"""Number of longest waits that are shown."""


@dataclass(frozen=True, slots=True)
class Longest:
    """One of the longest waits; it ends by ``"chat"`` or ``"gave up"``, or is ``"still waiting"``."""

    user: int
    seconds: float
    end: str


@dataclass(frozen=True, slots=True)
class WaitSummary:
    """Waiting times, in seconds, of searches that ended in a chat; NaN if none did.

    Attributes:
        histogram: number of searches up to each of ``BOUNDS`` and longer than the bound before.
        longest: the longest of all searches, however they ended.
    """

    mean: Estimate
    p50: float
    p90: float
    p99: float
    max: float
    histogram: tuple[int, ...]
    longest: tuple[Longest, ...]


BOUNDS = (0.0, *(digit * 10.0**power for power in range(-3, 5) for digit in (1, 3)), float("inf"))
"""Upper bounds of the histogram's bins in seconds: 0, then 1 ms, 3 ms, 10 ms … 30,000 s, and infinity."""


def waits(trace: Trace, found: Stays) -> WaitSummary:
    """Measures waiting times."""
    # Users enter private only from the pool, so these are the searches that ended in a chat, in chronological order.
    seconds = found.seconds[found.entered == State.PRIVATE]
    mean = statistics.mean(seconds)
    seconds.sort()
    beyond = np.searchsorted(seconds, BOUNDS, side="right")
    p50, p90, p99 = np.percentile(seconds, (50, 90, 99)).tolist() if len(seconds) else [float("nan")] * 3
    return WaitSummary(
        mean=mean,
        p50=p50,
        p90=p90,
        p99=p99,
        max=float(seconds[-1]) if len(seconds) else float("nan"),
        histogram=tuple(np.diff(beyond, prepend=0).tolist()),
        longest=_longest(trace, found),
    )


def waiting_by_user(trace: Trace, found: Stays) -> Floats:
    """Returns each user's total time searched, in seconds, shape (users,)."""
    ended, still = found.left == State.SEARCHING, found.open_state == State.SEARCHING
    waited = np.bincount(trace.change_user[ended], weights=found.seconds[ended], minlength=trace.users).astype(float)
    waited[found.open_user[still]] += found.open_seconds[still]
    return waited


def search_seconds(found: Stays) -> Floats:
    """Returns the length of every search, however it ended, shape (searches,)."""
    ended, still = found.left == State.SEARCHING, found.open_state == State.SEARCHING
    return np.concatenate((found.seconds[ended], found.open_seconds[still]))


def _longest(trace: Trace, found: Stays) -> tuple[Longest, ...]:
    candidates = [
        Longest(int(trace.change_user[i]), float(found.seconds[i]), _ENDS[State(found.entered[i])])
        for i in _top(found.seconds, found.left == State.SEARCHING)
    ] + [
        Longest(int(found.open_user[i]), float(found.open_seconds[i]), "still waiting")
        for i in _top(found.open_seconds, found.open_state == State.SEARCHING)
    ]
    return tuple(sorted(candidates, key=lambda wait: (-wait.seconds, wait.user))[:LONGEST])


_ENDS = {state: "chat" if state is State.PRIVATE else "gave up" for state in State}


def _top(seconds: Floats, among: npt.NDArray[np.bool_]) -> Integers:
    """Returns the positions of the ``LONGEST`` largest values of a selection, the earlier of equals first."""
    some = seconds[among]
    number = min(LONGEST, len(some))
    if not number:
        return np.empty(0, dtype=np.int64)
    some.partition(len(some) - number)
    positions = np.flatnonzero(among & (seconds >= some[-number:].min()))
    return positions[np.argsort(-seconds[positions], kind="stable")[:number]]
