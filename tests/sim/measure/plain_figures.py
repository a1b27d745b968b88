"""The figures of a run read off a list of its rows, slowly and plainly; everything is a list or a dict."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import chisquare

from roulette_core import State
from roulette_core.testing import Verdict
from sim.measure.histogram import bin_of
from sim.measure.run_figures import OUTCOMES
from sim.rows import codes
from tests.sim.measure.sessions import Session
from tests.support.rows import Row, moves_of, rows_of

ENDS = {State.PRIVATE: "chat", State.LOBBY: "gave up", State.OUTSIDE: "left"}
PRESENT = (State.LOBBY, State.SEARCHING, State.PRIVATE)
WORD = (1 << 64) - 1


class Stay(NamedTuple):
    """A stay of a user in one state, and where it led; None if it was not over at the end."""

    user: int
    kind: int
    state: State
    began: float
    ended: float
    then: State | None

    @property
    def outcome(self) -> str:
        """How it ended, if it was a search."""
        return "still on" if self.then is None else ENDS[self.then]

    @property
    def seconds(self) -> float:
        """Its whole length."""
        return self.ended - self.began

    def within(self, start: float, end: float) -> float:
        """Its length between two times."""
        return max(0.0, min(self.ended, end) - max(self.began, start))


class Pairing(NamedTuple):
    """A pairing, with the partners that both had before it, the latest first, and the pool."""

    time: float
    event: int
    first: int
    second: int
    partners: tuple[list[int], list[int]]
    pool: list[int]


class Plain:
    """All stays and pairings of a session."""

    def __init__(self, session: Session) -> None:
        self.rows = list(rows_of(session.columns))
        self.start, self.end = session.start, session.end
        self.session = session
        self.stays: list[Stay] = []
        self.pairings: list[Pairing] = []
        self.joins: list[float] = []
        self.leaves: list[float] = []
        self.kinds: dict[int, int] = {}
        self._read()

    def _read(self) -> None:
        states: dict[int, tuple[State, float]] = {}
        partners: dict[int, list[int]] = {}
        pool: list[int] = []
        event = 0

        def move(user: int, to: State | None, time: float) -> None:
            state, since = states.get(user, (State.OUTSIDE, -math.inf))
            if state is to:
                return
            if state is not State.OUTSIDE:
                self.stays.append(Stay(user, self.kinds[user], state, since, time, to))
            if state is State.SEARCHING:
                pool.remove(user)
            if to is State.SEARCHING:
                pool.append(user)
            states[user] = (state if to is None else to, time)

        for row in self.rows:
            if row.code == codes.PAIRED:
                both = partners.setdefault(row.first, []), partners.setdefault(row.second, [])
                had = both[0][:], both[1][:]
                self.pairings.append(Pairing(row.time, event, row.first, row.second, had, pool[:]))
                both[0].insert(0, row.second)
                both[1].insert(0, row.first)
            if row.code == codes.JOINED:
                self.joins.append(row.time)
                self.kinds[row.first] = row.second
            if row.code == codes.LEFT:
                self.leaves.append(row.time)
            for user, state in moves_of(row):
                move(user, state, row.time)
            event += row.last and row.time >= self.start
        for user in sorted(states):
            if states[user][0] is not State.OUTSIDE:
                move(user, None, self.end)

    def after_warmup(self, row: Row | Pairing) -> bool:
        """Whether something happened in the window."""
        return row.time >= self.start


def figures(session: Session) -> dict[str, Any]:
    """Returns the figures by the names of ``RunFigures``, but for what chance would give."""
    plain = Plain(session)
    start, end = session.start, session.end
    kinds = range(session.kinds)
    searches = [stay for stay in plain.stays if stay.state is State.SEARCHING and stay.ended >= start]
    waits = [search for search in searches if search.outcome == "chat"]
    seen = {stay.user for stay in plain.stays if stay.ended >= start}
    pairings = list(filter(plain.after_warmup, plain.pairings))
    chats = Counter(user for pairing in pairings for user in (pairing.first, pairing.second))
    window = end - start
    never = sorted({search.user for search in searches} - set(chats))
    longest = sorted((search.seconds for search in searches if search.seconds > 0), reverse=True)[:3]
    draws = _draws(pairings)
    in_window = [stay for stay in plain.stays if stay.ended >= start]
    return {
        "users": len(seen),
        "kinds": session.kinds,
        "start": start,
        "end": end,
        "events": sum(row.last for row in plain.rows if row.time >= start),
        "pairings": len(pairings),
        "repairs": sum(map(_is_repair, pairings)),
        "repair_opportunities": sum(all(pairing.partners) for pairing in pairings),
        "recent": sum(_is_recent(pairing) for pairing in pairings),
        "present_mean": _per(sum(stay.within(start, end) for stay in plain.stays), window),
        "searching_mean": _per(sum(_searched(stay, start, end) for stay in plain.stays), window),
        "state_seconds": _table(
            kinds, PRESENT, in_window, lambda stay: stay.state, lambda stay: stay.within(start, end)
        ),
        "searches": _table(kinds, OUTCOMES, searches, lambda search: search.outcome, lambda search: 1),
        "search_seconds": _table(kinds, OUTCOMES, searches, lambda search: search.outcome, lambda each: each.seconds),
        "waits": _bins(waits),
        "all_waits": _bins(searches),
        "waits_by_kind": [_bins(search for search in searches if search.kind == kind) for kind in kinds],
        "wait_max": max((wait.seconds for wait in waits), default=math.nan),
        "longest": longest,
        "longest.all": {(search.user, search.seconds, search.outcome) for search in searches},
        "chats_mean": _per(2 * len(pairings), len(seen)),
        "distinct_partners": _per(2 * len({frozenset((each.first, each.second)) for each in pairings}), len(seen)),
        "distinct_by_chance": _distinct_by_chance(plain, seen, chats),
        "chats.jain": _jain([chats[user] for user in seen]),
        "chats.gini": _gini([chats[user] for user in seen]),
        "waiting.jain": _jain([_all_searched(plain, user) for user in seen]),
        "waiting.gini": _gini([_all_searched(plain, user) for user in seen]),
        "draw_p": None if sum(draws) < 100 else float(chisquare(draws).pvalue),
        "draw_counts": tuple(draws),
        "never": len(never),
        "never_users": tuple(never[:3]),
        "batches": [] if session.known_end > end or not window else _batches(plain, waits, pairings),
        "scores.kinds": [plain.kinds.get(user, -1) for user in range(session.users)],
        "scores.searches": [sum(search.user == user for search in searches) for user in range(session.users)],
        "scores.seconds": [_all_searched(plain, user) for user in range(session.users)],
        "scores.chats": [chats[user] for user in range(session.users)],
    }


def _per(amount: float, number: float) -> float:
    return amount / number if number else math.nan


def _table(
    kinds: range, columns: Iterable[Any], stays: list[Stay], place: Callable[[Stay], Any], amount: Callable[[Stay], Any]
) -> list[list[float]]:
    return [
        [sum(amount(stay) for stay in stays if (stay.kind, place(stay)) == (kind, each)) for each in columns]
        for kind in kinds
    ]


def _bins(searches: Iterable[Stay]) -> dict[int, int]:
    return dict(Counter(bin_of(search.seconds) for search in searches))


def _searched(stay: Stay, start: float, end: float) -> float:
    return stay.within(start, end) if stay.state is State.SEARCHING else 0.0


def _all_searched(plain: Plain, user: int) -> float:
    return sum(_searched(stay, plain.start, plain.end) for stay in plain.stays if stay.user == user)


def _is_repair(pairing: Pairing) -> bool:
    mine, others = pairing.partners
    return mine[:1] == [pairing.second] and others[:1] == [pairing.first]


def _is_recent(pairing: Pairing) -> bool:
    mine, others = pairing.partners
    return pairing.second in mine[:5] and pairing.first in others[:5]


def _jain(shares: list[float]) -> float:
    squares = sum(share**2 for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else math.nan


def _gini(shares: list[float]) -> float:
    total = sum(shares)
    return sum(abs(a - b) for a in shares for b in shares) / (2 * len(shares) * total) if total else math.nan


def _distinct_by_chance(plain: Plain, seen: set[int], chats: Counter[int]) -> float | None:
    others = len(seen) - 1
    moved = any(time > plain.start for time in plain.joins) or any(time >= plain.start for time in plain.leaves)
    if moved or others < 1:
        return None
    return sum(others * (1 - (1 - 1 / others) ** chats[user]) for user in seen) / len(seen)


def _draws(pairings: list[Pairing]) -> list[int]:
    """Returns the bins of the sampled draws: rank and size of the pool, spread at random by SplitMix64."""
    counts, word_before, noted = [0] * 20, 0, Counter[int]()
    for pairing in pairings:
        pool, event = pairing.pool, pairing.event
        sampled = event <= 4000 or (event - 4000) % 16 == 0
        if len(pool) <= 2 or not sampled or noted[event] == 8:
            continue
        noted[event] += 1
        couples = [{pool[low], pool[high]} for high in range(len(pool)) for low in range(high)]
        rank = couples.index({pairing.first, pairing.second})
        word_before = word = (word_before + 0x9E3779B97F4A7C15 + rank) & WORD
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            word = (word ^ word >> shift) * factor & WORD
        spread = ((word ^ word >> 31) >> 11) / 2**53
        counts[min(19, int((rank + spread) / len(couples) * 20))] += 1
    return counts


def _batches(plain: Plain, waits: list[Stay], pairings: list[Pairing]) -> list[tuple[float, ...]]:
    length = plain.end - plain.start
    ends = [plain.start + length * (batch + 1) / 20 for batch in range(20)]
    sums: list[list[float]] = [[0, 0, 0, 0, 0, 0] for _ in ends]
    for wait in waits:
        batch = sums[bisect_right(ends[:19], wait.ended)]
        batch[0] += wait.seconds
        batch[1] += 1
    for pairing in pairings:
        batch = sums[bisect_right(ends[:19], pairing.time)]
        batch[2] += _is_repair(pairing)
        batch[3] += all(pairing.partners)
    for batch, begin, end in zip(sums, [plain.start, *ends], ends, strict=False):
        batch[4] = sum(_searched(stay, begin, end) for stay in plain.stays)
        batch[5] = end - begin
    return [tuple(batch) for batch in sums]


def differences(found: Any, session: Session) -> list[str]:
    """Returns where figures are not those of the slow way: counts exactly, times to 1e-9 or 1e-12 of all time."""
    # Times in private are what the others leave of the time present.
    times = session.columns.times
    rounding = 1e-12 * (1 + float(len(set(session.columns.firsts.tolist())) * np.ptp([session.end, *times])))
    told = [
        f"{name} is {got!r} instead of {expected!r}"
        for name, expected in figures(session).items()
        if not _alike(got := _plain(found, name, expected), expected, rounding)
    ]
    failed = [check for check in found.checks if check.verdict is Verdict.FAILED]
    return told + [f"{check.name}: {check.detail}" for check in failed]


def _plain(found: Any, name: str, expected: Any) -> Any:
    """Returns a figure as plain numbers and lists."""
    if name == "longest":  # those of no length may be left out
        return [search.seconds for search in found.longest if search.seconds > 0]
    if name == "longest.all":
        return expected | {tuple(search) for search in found.longest}
    for part in name.split("."):
        found = getattr(found, part)
    if name == "waits_by_kind":
        return [_counted(each) for each in found]
    return _counted(found) if name in ("waits", "all_waits") else found


def _counted(histogram: Any) -> dict[int, int]:
    return {place: count for place, count in enumerate(histogram.counts.tolist()) if count}


def _alike(got: Any, expected: Any, rounding: float) -> bool:
    """Returns whether two figures are equal, but for an absolute rounding, or 1e-9 of them."""
    if isinstance(got, np.ndarray):
        got = got.tolist()
    if got is None or expected is None or isinstance(expected, (dict, set)):
        return bool(got == expected)
    if isinstance(expected, int) and isinstance(got, int):
        return got == expected
    if isinstance(expected, (int, float)):
        near = math.isclose(got, expected, rel_tol=1e-9, abs_tol=rounding)
        return near or (math.isnan(got) and math.isnan(expected))
    return len(got) == len(expected) and all(_alike(*both, rounding) for both in zip(got, expected, strict=True))
