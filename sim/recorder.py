"""Writes down what happens during a run, as cheaply as it can, and makes the ``Trace`` of it."""

from array import array
from typing import Any

import numpy as np
import numpy.typing as npt

from roulette_core import Effect, Event, Joined, Left, Paired, Parted, Returned, Searching, State
from sim.trace import Integers, Trace

NOBODY = -1
UNRANKED = -1
RANKED_UP_TO = 256
"""Every draw from a pool of up to this many users is ranked."""
RANKED_OF_LARGER = 64
"""Ranking takes time by the size of the pool: every 64th pairing from a larger one is ranked."""

_PACK_EVERY = 1 << 10


def _code(first: State, second: State = State.OUTSIDE) -> int:
    """The states into which the one or two users of a row go, as one small number."""
    return 4 * first + second


_JOINED = _RETURNED = _code(State.LOBBY)
_SEARCHES = _code(State.SEARCHING)
_LEFT = _code(State.OUTSIDE)
_PAIRED = _code(State.PRIVATE, State.PRIVATE)
_PARTED_BY_NEXT = _code(State.SEARCHING, State.SEARCHING)
_PARTED_BY_LOBBY = _code(State.LOBBY, State.SEARCHING)


class Recorder:
    """Observes a run, then gives its ``Trace``. Users must be whole numbers, 0 or more.

    A row is kept for each effect that moves somebody: when, where to, and the one or two who move. Rows are
    gathered in a list, which grows fastest, and packed away as plain numbers now and then. The columns of the
    trace are made from them at the end, all at once.

    The rank of a draw comes from the order in which users entered the pool: where the i-th and the j-th, i < j,
    are drawn, it is j(j−1)/2 + i, one of 0 … C(pool, 2) − 1.

    Attributes:
        events: how many events there have been.
    """

    def __init__(self) -> None:
        self.events = 0
        self._joined: dict[int, None] = {}
        self._pool: dict[int, None] = {}
        self._rows: list[float] = []
        self._draws: list[int] = []
        self._packed: list[tuple[npt.NDArray[Any], ...]] = []
        self._larger = 0

    def observe(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Takes down what came of one event."""
        pool, rows = self._pool, self._rows
        effect: Any  # its fields follow from its type, and unpacking is the fastest way to them
        for effect in effects:
            kind = type(effect)
            if kind is Paired:
                first, second, _ = effect
                self._draws.extend((len(pool), 0 if len(pool) == 2 else self._rank(first, second)))
                del pool[first], pool[second]
                rows.extend((now, _PAIRED, first, second))
            elif kind is Parted:
                first, second, cause, _ = effect
                pool[second] = None
                if cause == "next":
                    pool[first] = None
                    rows.extend((now, _PARTED_BY_NEXT, first, second))
                elif cause == "lobby":
                    rows.extend((now, _PARTED_BY_LOBBY, first, second))
                else:  # "leave": the user's own move is told by the ``Left`` that follows
                    rows.extend((now, _SEARCHES, second, NOBODY))
            elif kind in _ALONE:
                self._move_alone(kind, effect[0])
                rows.extend((now, _ALONE[kind], effect[0], NOBODY))
        self.events += 1
        if not self.events % _PACK_EVERY:
            self._pack()

    def _move_alone(self, kind: type, user: int) -> None:
        """Follows the moves of one user into and out of the pool."""
        if kind is Searching:
            self._pool[user] = None
        elif kind is Joined:
            self._joined[user] = None
        else:
            self._pool.pop(user, None)

    def _rank(self, first: int, second: int) -> int:
        """Which pair of the pool, as it is just before a draw, two users are."""
        if len(self._pool) > RANKED_UP_TO:
            self._larger += 1
            if self._larger % RANKED_OF_LARGER:
                return UNRANKED
        order = list(self._pool)
        i, j = order.index(first), order.index(second)
        return j * (j - 1) // 2 + i if i < j else i * (i - 1) // 2 + j

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
