"""The figures of one run: plain numbers, made from a closed ``Tally``, of which everything that reports is made."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roulette_core.testing import Result
from sim.measure.histogram import LogHistogram

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CHAT, GAVE_UP, LEFT, STILL_ON = range(4)
"""How a search ended, as the columns of ``RunFigures.searches``: in a chat; by returning to the lobby; by leaving; not
before the end of the run."""
OUTCOMES: Final = ("chat", "gave up", "left", "still on")
IN_LOBBY, SEARCHING, IN_PRIVATE = range(3)
"""States of users who are present, as the columns of ``RunFigures.state_seconds``."""

RECENT: Final = 5
"""Number of latest partners that count as recent."""
BATCHES: Final = 20
"""Parts of the window: between 10 and 30 loses little precision and keeps batches long (Schmeiser 1982)."""
DRAW_BINS: Final = 20
"""Bins of the draw test."""


class Longest(NamedTuple):
    """One of the longest searches: whose, how long in seconds, and how it ended, one of ``OUTCOMES``."""

    user: int
    seconds: float
    end: str


class Batch(NamedTuple):
    """Sums over one of several parts of the window of equal length.

    Attributes:
        wait_seconds: length of the searches that ended in a chat in this part, in seconds.
        waits: their number.
        repairs: re-pairs.
        opportunities: pairings of two users who both had a partner before.
        searching_seconds: users searching, integrated over time.
        seconds: length of the part.
    """

    wait_seconds: float
    waits: int
    repairs: int
    opportunities: int
    searching_seconds: float
    seconds: float


BATCH_SUMS: Final = len(Batch._fields)


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly a quantity is spread over users, beside what fair chance would give these users.

    By *chance* the outcomes of all searches of users of one kind are dealt anew to them, each user keeping their number
    of searches; see ``chance.py``. All is NaN where the total of the quantity is 0, or nothing can be dealt.

    Attributes:
        jain: Jain's index, from 1/users, where one user has all, to 1, where all have the same.
        gini: the Gini coefficient, from 0, where all have the same, towards 1, where one user has all.
        jain_chance: mean of Jain's index over the deals.
        jain_chance_sd: its standard deviation over the deals.
        jain_low: lower end of the range that holds Jain's index in 95 % of the deals.
        jain_high: its upper end.
        jain_p: two-sided p-value of Jain's index among the deals: small where it is too low or too high for chance.
        gini_chance: mean of the Gini coefficient over the deals.
        gini_low: lower end of the range that holds the Gini coefficient in 95 % of the deals.
        gini_high: its upper end.
        gini_p: two-sided p-value of the Gini coefficient among the deals.
        deals: number of deals.
    """

    jain: float
    gini: float
    jain_chance: float
    jain_chance_sd: float
    jain_low: float
    jain_high: float
    jain_p: float
    gini_chance: float
    gini_low: float
    gini_high: float
    gini_p: float
    deals: int


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What each initial user met with in the window, by user number; for tests over several runs.

    Attributes:
        kinds: the kind of each user, 0 … K − 1; −1 of a user who never joined; shape (users,).
        searches: number of searches, those still on included, shape (users,).
        seconds: time spent searching within the window, in seconds, shape (users,).
        chats: number of chats begun, shape (users,).
    """

    kinds: Integers
    searches: Integers
    seconds: Floats
    chats: Integers


@dataclass(frozen=True, slots=True, eq=False)
class RunFigures:
    """The figures of one run within the measuring window from ``start`` to ``end``.

    A search counts where it ends in the window, with its whole length; sums of time hold what lies in the window.
    Kinds are numbered 0 … K − 1.

    Attributes:
        users: number of different users who were present at some time in the window.
        kinds: number of kinds K, at least 1.
        start: start of the window, in seconds; the end of the warm-up.
        end: its end, in seconds.
        events: number of events.
        pairings: number of pairings.
        repairs: number of re-pairs: pairings of two users each of whom had the other as latest partner.
        repair_opportunities: number of pairings of two users who both had a partner before, in the window or ahead
            of it.
        recent: number of pairings of two users each of whom had the other among the last five partners.
        present_mean: users present, averaged over time; NaN if the window took no time.
        searching_mean: users searching, averaged over time; NaN if the window took no time.
        state_seconds: time spent in the lobby, searching and in private, in seconds, shape (K, 3).
        searches: number of searches by ``OUTCOMES``, shape (K, 4).
        search_seconds: their length, in seconds, shape (K, 4); those still on at their length at the end.
        waits: lengths of the searches that ended in a chat.
        all_waits: lengths of all searches, however they ended; those still on at their length at the end.
        waits_by_kind: the same for each kind, K of them.
        wait_max: longest search that ended in a chat, in seconds; NaN without one.
        longest: the longest of all searches, however they ended, at most three, the longest first.
        chats_mean: chats per user; NaN without users.
        distinct_partners: different partners per user; NaN without users. Exact up to 262,144 couples, beyond that an
            estimate with a standard error of at most 0.3 %.
        distinct_by_chance: the same if every partner were drawn anew from all other users; None where users come or go.
        chats: how evenly the number of chats is spread over the users.
        waiting: how evenly the time searched is.
        draw_p: p-value of a test that each draw takes every pair of the pool, by order of entry, with the same
            probability; None with fewer than 100 sampled draws.
        draw_counts: number of sampled draws in each of 20 bins that are equally likely if it does.
        never: number of users who searched, but got no chat.
        never_users: the first three of them.
        batches: sums over 20 parts of the window; empty if the end was not known from the start, or not reached.
        scores: what each initial user met with.
        checks: Little's law and the conservation of users.
    """

    users: int
    kinds: int
    start: float
    end: float
    events: int
    pairings: int
    repairs: int
    repair_opportunities: int
    recent: int
    present_mean: float
    searching_mean: float
    state_seconds: Floats
    searches: Integers
    search_seconds: Floats
    waits: LogHistogram
    all_waits: LogHistogram
    waits_by_kind: tuple[LogHistogram, ...]
    wait_max: float
    longest: tuple[Longest, ...]
    chats_mean: float
    distinct_partners: float
    distinct_by_chance: float | None
    chats: Spread
    waiting: Spread
    draw_p: float | None
    draw_counts: tuple[int, ...]
    never: int
    never_users: tuple[int, ...]
    batches: tuple[Batch, ...]
    scores: Scores
    checks: tuple[Result, ...]

    @property
    def seconds(self) -> float:
        """Length of the window, in seconds."""
        return self.end - self.start
