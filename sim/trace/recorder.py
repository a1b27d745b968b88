"""Records a run as cheaply as possible, and makes a ``Trace`` of it."""

from collections.abc import Iterable, Mapping
from itertools import chain, compress
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from roulette_core import (
    Blocked,
    Effect,
    Event,
    Joined,
    Left,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
    Start,
    State,
    Unblocked,
)
from sim.trace.columns import Integers, Trace
from sim.trace.draws import Draws

NOBODY = -1

_PACK_EVERY = 1 << 10


def _code(first: State, second: State = State.OUTSIDE) -> int:
    """Returns one small number for the new states of the one or two users of a row."""
    return 4 * first + second


_LEFT = _code(State.OUTSIDE)
_SEARCHES = _code(State.SEARCHING)
_PAIRED = _code(State.PRIVATE, State.PRIVATE)
_PARTED = {
    (cause, place): _code(*states)
    for place, behind in (("searching", State.SEARCHING), ("lobby", State.LOBBY))
    for cause, states in {
        "next": (State.SEARCHING, behind),
        "block": (State.SEARCHING, behind),
        "lobby": (State.LOBBY, behind),
        "leave": (behind,),  # the ``Left`` that follows moves the user themselves
    }.items()
}
_STILL, _JOINED, _PARTING = -1, 16, 17
"""Codes of effects that change no state, of arrivals, and of partings whose cause is not yet known."""

_CODES: dict[type, int] = {
    Joined: _JOINED,
    Refused: _STILL,
    LobbyLine: _STILL,
    Blocked: _STILL,
    Unblocked: _STILL,
    PrivateLine: _STILL,
    Searching: _SEARCHES,
    Returned: _code(State.LOBBY),
    Paired: _PAIRED,
    Parted: _PARTING,
    Left: _LEFT,
}


class Rows(NamedTuple):
    """One row for each effect that changed a state: its time, the new states, and the one or two users."""

    times: npt.NDArray[np.float64]
    codes: npt.NDArray[np.int8]
    firsts: npt.NDArray[np.int32]
    seconds: npt.NDArray[np.int32]


class TraceRecorder:
    """Observes a run, then returns its ``Trace``. Users must be whole numbers, 0 or more.

    Effects are first kept as they are, and every so often packed into rows of plain numbers, a column at a time. The
    columns of the trace are made of the rows at the end.

    Args:
        pool: the users searching, in the order in which they began. It must be updated *after* the recorder has
            observed an event, as the ledger of the invariants is.

    Attributes:
        events: number of events so far.
    """

    def __init__(self, pool: Mapping[Any, float]) -> None:
        self.events = 0
        self._times: list[float] = []
        self._effects: list[tuple[Effect, ...]] = []
        self._packed: list[Rows] = []
        self._pairings = 0
        self._joined: dict[int, None] = {}
        self._pool = pool
        self._draws = Draws(pool)
        self._sampled: list[Integers] = []

    def observe(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Records the effects of one event."""
        if type(event) is Start and event.user in self._pool:  # with other interests: the search goes on
            effects = tuple(effect for effect in effects if type(effect) is not Searching)
        self._times.append(now)
        self._effects.append(effects)
        if self.events == self._draws.next:
            self._draws.observe(effects)
        self.events += 1
        if not self.events % _PACK_EVERY:
            self._pack()

    def _pack(self) -> None:
        """Packs the effects into rows."""
        counts = np.fromiter(map(len, self._effects), np.int64, len(self._effects))
        effects = list(chain.from_iterable(self._effects))
        codes = _column(map(_CODES.__getitem__, map(type, effects)), np.int8)
        self._pack_draws(counts, codes == _PAIRED)
        times, moving = np.repeat(self._times, counts), codes != _STILL
        effects, codes, times = list(compress(effects, moving.tolist())), codes[moving], times[moving]
        firsts = _column(map(itemgetter(0), effects), np.int32)
        seconds = np.full_like(firsts, NOBODY)
        parting = codes == _PARTING
        double = parting | (codes == _PAIRED)
        seconds[double] = _column(map(itemgetter(1), compress(effects, double.tolist())), np.int32)
        partings: Iterable[Any] = compress(effects, parting.tolist())
        causes = ((effect.cause, effect.left_behind) for effect in partings)
        codes[parting] = _column(map(_PARTED.__getitem__, causes), np.int8)
        alone = parting & (codes % 4 == State.OUTSIDE)  # by leaving: only the partner, who is second, has moved
        firsts[alone], seconds[alone] = seconds[alone], NOBODY
        arriving = codes == _JOINED
        self._joined.update(dict.fromkeys(firsts[arriving].tolist()))
        codes[arriving] = _code(State.LOBBY)
        self._packed.append(Rows(times, codes, firsts, seconds))
        self._times.clear()
        self._effects.clear()

    def _pack_draws(self, counts: Integers, paired: npt.NDArray[np.bool_]) -> None:
        """Packs the sampled draws into columns: the number of the pairing in the run, the size of the pool, the rank.

        Args:
            counts: number of effects of each event, shape (events,).
            paired: which of these effects are pairings, shape (effects,).
        """
        events, among, pools, ranks = np.array(self._draws.found, dtype=np.int64).reshape(-1, 4).T
        before = np.concatenate(([0], np.cumsum(paired)))
        event = events - (self.events - len(counts))
        pairings = self._pairings + before[(np.cumsum(counts) - counts)[event]] + among
        self._sampled.append(np.stack((pairings, pools, ranks)))
        self._pairings += int(before[-1])
        del self._draws.found[:]

    def trace(self, start: float, end: float) -> Trace:
        """Returns the trace of a run from ``start`` to ``end``; can be called once, because it frees the rows."""
        self._pack()
        times, codes, firsts, seconds = map(np.concatenate, zip(*self._packed, strict=True))
        self._packed.clear()
        firsts, seconds = self._numbered(firsts), self._numbered(seconds)
        paired, double = codes == _PAIRED, seconds != NOBODY
        first_at = np.arange(len(times)) + np.cumsum(double) - double
        draw_pairing, draw_pool, draw_rank = np.concatenate(self._sampled, axis=1)
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
            draw_pairing=draw_pairing,
            draw_pool=draw_pool,
            draw_rank=draw_rank,
        )

    def _numbered(self, column: npt.NDArray[np.int32]) -> Integers:
        """Returns a column of users with numbers 0, 1, 2 … in the order in which they first joined."""
        joined = np.fromiter(self._joined, dtype=np.int64)
        numbers = np.full(joined.max(initial=0) + 2, NOBODY)  # the last entry is the one of NOBODY, −1
        numbers[joined] = np.arange(len(joined))
        return numbers[column]


def _column(values: Iterable[Any], kind: type) -> npt.NDArray[Any]:
    return np.fromiter(values, dtype=kind)


def _spread(
    first_at: Integers, double: npt.NDArray[np.bool_], firsts: npt.NDArray[Any], seconds: npt.NDArray[Any]
) -> Integers:
    """Returns an entry for the first user of each row, at ``first_at``, followed by one for the second, if any."""
    spread = np.empty(len(firsts) + np.count_nonzero(double), dtype=np.int64)
    spread[first_at] = firsts
    spread[first_at[double] + 1] = seconds[double]
    return spread
