"""Writes down what happens during a run, as cheaply as it can, and makes the ``Trace`` of it."""

from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from roulette_core import Effect, Event, Joined, Left, Paired, Parted, Returned, Searching, State
from sim.trace import Integers, Trace

NOBODY = -1
UNRANKED = -1
RANKED_AT_FIRST = 10_000
"""So many draws of a run are all ranked, which is plenty to tell whether they are even …"""
RANKED_LATER = 16
"""… and after that every so manieth, because ranking costs more than all the rest; likewise from large pools, where"""
LARGE_POOL = 256
"""this many are searching, and ranking takes time by the size of the pool."""

_PACK_EVERY = 1 << 10


def _code(first: State, second: State = State.OUTSIDE) -> int:
    """The states into which the one or two users of a row go, as one small number."""
    return 4 * first + second


_JOINED = _RETURNED = _code(State.LOBBY)
_SEARCHES = _code(State.SEARCHING)
_LEFT = _code(State.OUTSIDE)
_PAIRED = _code(State.PRIVATE, State.PRIVATE)
_PARTED: dict[str, tuple[int, int]] = {
    "next": (_code(State.SEARCHING, State.SEARCHING), 2),
    "lobby": (_code(State.LOBBY, State.SEARCHING), 1),
    "leave": (_SEARCHES, 1),
}
"""What ended a chat → the code of the row, and how many search because of it."""


class Recorder:
    """Observes a run, then gives its ``Trace``. Users must be whole numbers, 0 or more.

    A row is kept for each effect that moves somebody: when, where to, and the one or two who move. Rows are
    gathered in a list, which grows fastest, and packed away as plain numbers now and then. The columns of the
    trace are made from them at the end, all at once.

    The rank of a draw comes from the order in which users entered the pool: where the i-th and the j-th, i < j,
    are drawn, it is j(j−1)/2 + i, one of 0 … C(pool, 2) − 1.

    Args:
        pool: those searching, in the order in which they began, kept by somebody who observes the run *after* the
            recorder: the ledger of the invariants does.

    Attributes:
        events: how many events there have been.
    """

    def __init__(self, pool: Mapping[Any, float]) -> None:
        self.events = 0
        self._pool = pool
        self._joined: dict[int, None] = {}
        self._rows: list[float] = []
        self._draws: list[int] = []
        self._packed: list[tuple[npt.NDArray[Any], ...]] = []
        self._drawn = 0

    def observe(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Takes down what came of one event."""
        rows = self._rows
        searching = len(self._pool)
        effect: Any  # its fields follow from its type, and unpacking is the fastest way to them
        for effect in effects:
            kind = type(effect)
            if kind is Paired:
                first, second, _ = effect
                rows.extend((now, _PAIRED, first, second))
                self._draws.extend((searching, self._rank(searching, effect, effects)))
                searching -= 2
            elif kind is Parted:
                user, partner, cause, _ = effect
                code, searchers = _PARTED[cause]
                # After "leave" the user's own move is told by the ``Left`` that follows.
                rows.extend((now, code, user, partner) if cause != "leave" else (now, code, partner, NOBODY))
                searching += searchers
            elif kind in _ALONE:
                user = effect[0]
                rows.extend((now, _ALONE[kind], user, NOBODY))
                if kind is Searching:
                    searching += 1
                elif kind is Joined:
                    self._joined[user] = None
                elif user in self._pool:
                    searching -= 1
        self.events += 1
        if not self.events % _PACK_EVERY:
            self._pack()

    def _rank(self, searching: int, drawn: Paired, effects: tuple[Effect, ...]) -> int:
        """Which pair of the pool, as it is just before a draw, two users are."""
        if searching == 2:
            return 0
        self._drawn += 1
        if (self._drawn > RANKED_AT_FIRST or searching >= LARGE_POOL) and self._drawn % RANKED_LATER:
            return UNRANKED
        order = self._pool_before(drawn, effects)
        i, j = sorted((order.index(drawn.first), order.index(drawn.second)))
        return j * (j - 1) // 2 + i

    def _pool_before(self, drawn: Paired, effects: tuple[Effect, ...]) -> list[Any]:
        """The pool just before one of an event's draws: as it was before the event, and what came in between."""
        pool = dict.fromkeys(self._pool)
        for effect in effects:
            if effect is drawn:
                break
            match effect:
                case Searching(user):
                    pool[user] = None
                case Returned(user) | Left(user):
                    pool.pop(user, None)
                case Parted(user, partner, cause):
                    pool[partner] = None
                    if cause == "next":
                        pool[user] = None
                case Paired(first, second):
                    del pool[first], pool[second]
        return list(pool)

    def _pack(self) -> None:
        """Turns rows and draws into columns of numbers, as narrow as they may be."""
        times, codes, firsts, seconds = np.array(array("d", self._rows)).reshape(-1, 4).T
        pools, ranks = np.array(array("q", self._draws)).reshape(-1, 2).T
        integers = (column.astype(np.int32) for column in (firsts, seconds, pools))
        self._packed.append((times.copy(), codes.astype(np.int8), *integers, ranks.copy()))
        self._rows.clear()
        self._draws.clear()

    def trace(self, start: float, end: float) -> Trace:
        """What was recorded, as columns; to be asked for once, because it takes the memory of the rows.

        Args:
            start: when the run began, in seconds.
            end: when it ended, in seconds.
        """
        self._pack()
        times, codes, firsts, seconds, pools, ranks = map(np.concatenate, zip(*self._packed, strict=True))
        self._packed.clear()
        firsts, seconds = self._numbered(firsts), self._numbered(seconds)
        paired, double = codes == _PAIRED, seconds != NOBODY
        first_at = np.arange(len(times)) + np.cumsum(double) - double
        return Trace(
            users=len(self._joined),
            start=start,
            end=end,
            events=self.events,
            change_time=np.repeat(times, 1 + double),
            change_user=_spread(first_at, double, firsts, seconds),
            change_state=_spread(first_at, double, codes // 4, codes % 4),
            pair_time=times[paired],
            pair_first=firsts[paired],
            pair_second=seconds[paired],
            pair_pool=pools.astype(np.int64),
            pair_rank=ranks,
        )

    def _numbered(self, column: npt.NDArray[np.int32]) -> Integers:
        """A column of users, by their numbers: 0, 1, 2 … in the order in which they first joined."""
        joined = np.fromiter(self._joined, dtype=np.int64)
        numbers = np.full(joined.max(initial=0) + 2, NOBODY)  # the last is what NOBODY, −1, finds
        numbers[joined] = np.arange(len(joined))
        return numbers[column]


def _spread(
    first_at: Integers, double: npt.NDArray[np.bool_], firsts: npt.NDArray[Any], seconds: npt.NDArray[Any]
) -> Integers:
    """One entry for the first of each row, at the place given, and behind it one for the second where there is one."""
    spread = np.empty(len(firsts) + np.count_nonzero(double), dtype=np.int64)
    spread[first_at] = firsts
    spread[first_at[double] + 1] = seconds[double]
    return spread


_ALONE: dict[type, int] = {Joined: _JOINED, Searching: _SEARCHES, Returned: _RETURNED, Left: _LEFT}
"""The effects that move one user."""
