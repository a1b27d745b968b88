"""What must hold on every run, whatever the policy: laws that the recorded columns must obey among themselves."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from roulette_core import TRANSITIONS, State
from roulette_core.testing import Result, Verdict
from roulette_core.testing.clients import Account, judge
from sim.measure.stays import Stays
from sim.measure.waits import search_seconds
from sim.trace import Floats, Trace


def clients_view(accounts: Sequence[Account], settled: bool) -> list[Result]:
    """What holds for what clients saw, who know nothing of the server.

    Args:
        accounts: of all visits.
        settled: whether all was delivered at the end.
    """
    results = judge(accounts, settled).results()
    return [replace(result, name=f"clients' view: {result.name}") for result in results]


def littles_law(trace: Trace, found: Stays) -> Result:
    """L = λW on the sample path, where it is no approximation (Stidham 1974), found in two ways that share little.

    L comes from the population: every search that begins adds what is left of the run to the time spent in the
    pool, every search given up takes what is left off again, every pairing takes it off twice. λW comes from the
    users: for each of their searches, from its beginning to their own next change. A change lost, doubled or put
    to the wrong user breaks the equality.
    """
    began = trace.change_time[found.entered == State.SEARCHING]
    gave_up = (found.left == State.SEARCHING) & (found.entered != State.PRIVATE)
    from_population = (
        _left(trace.end, began) - _left(trace.end, trace.change_time[gave_up]) - 2 * _left(trace.end, trace.pair_time)
    )
    from_users = float(search_seconds(found).sum())
    verdict = Verdict.of(abs(from_population - from_users) <= 1e-9 * max(abs(from_population), abs(from_users)))
    if not trace.duration > 0 or not len(began):
        reason = "no user searched" if trace.duration > 0 else "the run took no time"
        return Result("Little's law", Verdict.NOT_ASKED if verdict is Verdict.OK else verdict, reason)
    rate, wait = len(began) / trace.duration, from_users / len(began)
    users = from_population / trace.duration
    detail = f"L = {users:.6g}, lambda W = {rate:.6g}/s x {wait:.6g} s = {rate * wait:.6g}"
    return Result("Little's law", verdict, detail)


def _left(end: float, times: Floats) -> float:
    """The time from each of some moments to the end, summed up.

    The sums of a run's millions all but cancel out: they are exact down to the rounding within a block.
    """
    return math.fsum(float(np.sum(end - block)) for block in np.array_split(times, 1 + len(times) // 4096))


def conservation(trace: Trace, found: Stays) -> Result:
    """Users come from nowhere but outside and go nowhere else, and both accounts of every pairing agree."""
    wrong = next(_violations(trace, found), None)
    if wrong is not None:
        return Result("conservation of users", Verdict.FAILED, wrong)
    joined = np.count_nonzero(found.left == State.OUTSIDE)
    went = np.count_nonzero(found.entered == State.OUTSIDE)
    lobby, searching, private = (np.count_nonzero(found.open_state == state) for state in list(State)[1:])
    detail = f"{joined} joined, {went} left; at the end {lobby} lobby, {searching} searching, {private} private"
    return Result("conservation of users", Verdict.OK if joined else Verdict.NOT_ASKED, detail)


def _violations(trace: Trace, found: Stays) -> Iterator[str]:
    """All that is wrong, in words; lazily, because nobody needs more than the first."""
    times = trace.change_time
    if len(times) and not (trace.start <= times[0] and np.all(times[1:] >= times[:-1]) and times[-1] <= trace.end):
        yield "changes are not in the order of time, from start to end"
    move = 4 * found.left + found.entered
    moves = np.array([np.count_nonzero(move == code) for code in range(16)]).reshape(4, 4)
    for before, after in np.argwhere((moves > 0) & ~_LEGAL).tolist():
        yield f"{moves[before, after]} changes from {State(before).name} to {State(after).name}"
    yield from _pairing_violations(trace, found)


def _pairing_violations(trace: Trace, found: Stays) -> Iterator[str]:
    """Where the pairings and the changes into private differ."""
    paired = np.flatnonzero(found.entered == State.PRIVATE)
    if len(paired) != 2 * trace.pairings:
        yield f"{len(paired)} users went into private, by {trace.pairings} pairings"
        return
    users = trace.change_user[paired].reshape(-1, 2)
    if not np.array_equal(users.sum(axis=1), trace.pair_first + trace.pair_second) or not np.array_equal(
        users.min(axis=1), np.minimum(trace.pair_first, trace.pair_second)
    ):
        yield "users went into private who were not paired"
    if any(not np.array_equal(trace.change_time[paired[side::2]], trace.pair_time) for side in (0, 1)):
        yield "users went into private when they were not paired"
    # The first of the two is out already when its own change is counted.
    differing = np.count_nonzero(found.searching[paired[::2]][trace.draw_pairing] + 1 != trace.draw_pool)
    if differing:
        yield f"at {differing} draws the pool was not as large as those who entered and left it make it"


def _legal() -> npt.NDArray[np.bool_]:
    """Which state may follow which: what the core's table says of events, and what a pairing does."""
    legal = np.zeros((4, 4), dtype=bool)
    for verdicts in TRANSITIONS.values():
        for before, verdict in enumerate(verdicts):
            if isinstance(verdict, State) and verdict != before:
                legal[before, verdict] = True
    legal[State.SEARCHING, State.PRIVATE] = True
    return legal


_LEGAL = _legal()
