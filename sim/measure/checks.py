"""Self-checks: what must hold on every run, whatever the policy."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat

import numpy as np
import numpy.typing as npt

from roulette_core import TRANSITIONS, State
from roulette_core.testing import Result, Verdict
from roulette_core.testing.clients import Account, judge
from sim.measure.stays import Stays
from sim.measure.waits import search_seconds
from sim.trace import Floats, Trace

ROUNDING = 1e-12
"""How much two sums of positive numbers may differ, relative to the larger: each number was rounded once, to 2**-53."""


def clients_view(accounts: Sequence[Account], settled: bool) -> list[Result]:
    """Returns the judge's verdicts on what the clients saw; ``settled`` if all had been delivered at the end."""
    results = judge(accounts, settled).results()
    return [replace(result, name=f"clients' view: {result.name}") for result in results]


def littles_law(trace: Trace, found: Stays) -> Result:
    """Checks L = λW on the sample path, where it is exact (Stidham 1974), computed in two ways that share little.

    L comes from the population: every search that begins adds the rest of the run to the time spent in the pool, every
    search given up subtracts its rest, every pairing subtracts it twice. λW comes from the users: the length of each
    search, from its beginning to the user's next change. A change that is lost, doubled or given to the wrong user
    breaks the equality.
    """
    began = trace.change_time[found.entered == State.SEARCHING]
    gave_up = trace.change_time[(found.left == State.SEARCHING) & (found.entered != State.PRIVATE)]
    from_population = _pool_seconds(trace.end, began, gave_up, trace.pair_time)
    from_users = math.fsum(_numbers(search_seconds(found)))
    verdict = Verdict.of(abs(from_population - from_users) <= ROUNDING * max(abs(from_population), abs(from_users)))
    if not trace.duration > 0 or not len(began):
        reason = "no user searched" if trace.duration > 0 else "the run took no time"
        return Result("Little's law", Verdict.NOT_ASKED if verdict is Verdict.OK else verdict, reason)
    rate, wait = len(began) / trace.duration, from_users / len(began)
    users = from_population / trace.duration
    detail = f"L = {users:.6g}, lambda W = {rate:.6g}/s x {wait:.6g} s = {rate * wait:.6g}"
    return Result("Little's law", verdict, detail)


def _pool_seconds(end: float, began: Floats, gave_up: Floats, paired: Floats) -> float:
    """Returns the time that all users together spent in the pool, correct to the last bit.

    Times that add up to many times the result cancel each other, down to nothing where no user waits: a tolerance
    relative to the result then forgives no rounding at all. So the times themselves are added, without rounding
    (Shewchuk 1997), and none is subtracted from the end first, which would round each.
    """
    still = len(began) - len(gave_up) - 2 * len(paired)
    rest = repeat(math.copysign(end, still), abs(still))
    return math.fsum(chain(_numbers(-began), _numbers(gave_up), _numbers(paired), _numbers(paired), rest))


def _numbers(values: Floats) -> Iterator[float]:
    """Yields numbers of a column, of which few at a time become Python's, which take four times the memory."""
    blocks = np.array_split(values, 1 + len(values) // 4096)
    return chain.from_iterable(block.tolist() for block in blocks)


def conservation(trace: Trace, found: Stays) -> Result:
    """Checks that users only come from outside and only leave to there, and that changes agree with the pairings."""
    wrong = next(_violations(trace, found), None)
    if wrong is not None:
        return Result("conservation of users", Verdict.FAILED, wrong)
    joined = np.count_nonzero(found.left == State.OUTSIDE)
    went = np.count_nonzero(found.entered == State.OUTSIDE)
    lobby, searching, private = (np.count_nonzero(found.open_state == state) for state in list(State)[1:])
    detail = f"{joined} joined, {went} left; at the end {lobby} lobby, {searching} searching, {private} private"
    return Result("conservation of users", Verdict.OK if joined else Verdict.NOT_ASKED, detail)


def _violations(trace: Trace, found: Stays) -> Iterator[str]:
    """Yields all that is wrong; a generator, because the first is enough."""
    times = trace.change_time
    if len(times) and not (trace.start <= times[0] and np.all(times[1:] >= times[:-1]) and times[-1] <= trace.end):
        yield "changes are not in the order of time, from start to end"
    move = 4 * found.left + found.entered
    moves = np.array([np.count_nonzero(move == code) for code in range(16)]).reshape(4, 4)
    for before, after in np.argwhere((moves > 0) & ~_LEGAL).tolist():
        yield f"{moves[before, after]} changes from {State(before).name} to {State(after).name}"
    yield from _pairing_violations(trace, found)


def _pairing_violations(trace: Trace, found: Stays) -> Iterator[str]:
    """Yields differences between the pairings and the changes into private."""
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
    # ``searching`` is counted after the change, when the first of the two is no longer in the pool.
    differing = np.count_nonzero(found.searching[paired[::2]][trace.draw_pairing] + 1 != trace.draw_pool)
    if differing:
        yield f"at {differing} draws the pool was not as large as those who entered and left it make it"


def _legal() -> npt.NDArray[np.bool_]:
    """Returns which state may follow which: by an event, as the core's table says, or by a pairing."""
    legal = np.zeros((4, 4), dtype=bool)
    for verdicts in TRANSITIONS.values():
        for before, verdict in enumerate(verdicts):
            if isinstance(verdict, State) and verdict != before:
                legal[before, verdict] = True
    legal[State.SEARCHING, State.PRIVATE] = True
    return legal


_LEGAL = _legal()
