"""Stays: a *stay* is a user's time in one state, from one change to the next."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from roulette_core import State
from sim.measure.order import previous_of_same
from sim.measure.statistics import BATCHES, Estimate, ratio
from sim.trace import Floats, Integers, Trace


@dataclass(frozen=True, slots=True, eq=False)
class Stays:
    """The stays of a run: those that ended, one for each change, and those cut off by the run's end.

    Attributes:
        entered: the state that a change leads to, shape (changes,).
        left: the state that it ends, ``OUTSIDE`` for a user's first change, shape (changes,).
        seconds: length of the stay in ``left``, 0 for a user's first change, shape (changes,).
        searching: number of users searching just after the change, shape (changes,).
        open_user: users with at least one change, in the order of their numbers, shape (any,).
        open_state: state of each at the end of the run, ``OUTSIDE`` if they had left, same shape.
        open_seconds: length of the stay in it so far, same shape.
    """

    entered: npt.NDArray[np.int8]
    left: npt.NDArray[np.int8]
    seconds: Floats
    searching: npt.NDArray[np.int32]
    open_user: Integers
    open_state: npt.NDArray[np.int8]
    open_seconds: Floats


def stays(trace: Trace) -> Stays:
    """Returns every stay of a run."""
    previous = previous_of_same(trace.change_user)
    entered = trace.change_state.astype(np.int8)
    left = entered[previous]
    seconds = trace.change_time - trace.change_time[previous]
    first = previous < 0
    left[first], seconds[first] = State.OUTSIDE, 0.0
    moves = (entered == State.SEARCHING).view(np.int8) - (left == State.SEARCHING).view(np.int8)
    latest = np.full(trace.users, -1)
    latest[trace.change_user] = np.arange(len(entered))  # of several values for one user, numpy keeps the last
    open_user = np.flatnonzero(latest >= 0)
    latest = latest[open_user]
    return Stays(
        entered=entered,
        left=left,
        seconds=seconds,
        searching=np.cumsum(moves, dtype=np.int32),
        open_user=open_user,
        open_state=entered[latest],
        open_seconds=trace.end - trace.change_time[latest],
    )


def shares(found: Stays) -> dict[State, float]:
    """Returns how users divided their time between lobby, searching and private, with sum 1; NaN without users."""
    spent = {
        state: float(found.seconds[found.left == state].sum() + found.open_seconds[found.open_state == state].sum())
        for state in (State.LOBBY, State.SEARCHING, State.PRIVATE)
    }
    present = sum(spent.values())
    return {state: seconds / present if present else float("nan") for state, seconds in spent.items()}


def mean_searching(trace: Trace, found: Stays) -> Estimate:
    """Estimates the number of users searching, averaged over time, from batches of equal length."""
    edges = np.linspace(trace.start, trace.end, BATCHES + 1)
    areas = [_area(trace.change_time, found.searching, low, high) for low, high in pairwise(edges.tolist())]
    return ratio(areas, np.diff(edges))


def _area(times: Floats, counts: npt.NDArray[np.int32], start: float, end: float) -> float:
    """Returns the integral, from start to end, of a count that changes at the given times, and is 0 before them."""
    first, beyond = np.searchsorted(times, (start, end), side="right")
    before = counts[first - 1] if first else 0
    heights = np.concatenate(([before], counts[first:beyond]))
    return float(np.sum(heights * np.diff(times[first:beyond], prepend=start, append=end)))
