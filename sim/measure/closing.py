"""Makes the figures of a run of what was tallied, at its end."""

import math

import numpy as np

from roulette_core.testing import Result, Verdict
from sim.kernel.states import IN_LOBBY, IN_POOL, IN_PRIVATE
from sim.measure.chance import Searches, spreads
from sim.measure.columns import of_column
from sim.measure.histogram import BINS, LogHistogram
from sim.measure.run_figures import (
    BATCH_SUMS,
    BATCHES,
    CHAT,
    DRAW_BINS,
    OUTCOMES,
    Batch,
    Integers,
    Longest,
    RunFigures,
    Scores,
)
from sim.measure.tally import Tally
from sim.theory import chi2_tail, expected_partners

NAMED = 3
"""Number of users without a chat who are named."""
LEAST_DRAWS = 5 * DRAW_BINS
"""With fewer draws, too few fall into a bin for the χ² distribution."""
ROUNDING = 1e-12
"""How much two sums of positive numbers may differ, relative to the larger.

Within a block of 4,096 rows numbers are added plainly, which may lose 4,096 · 2⁻⁵³ = 4.5e-13 of each sum; blocks are
added with compensation, which loses next to nothing.
"""


def close(tally: Tally, end: float, initial_users: int = 0) -> RunFigures:
    """Ends a run, and returns its figures; can be called once.

    Args:
        tally: has read all of the run's rows.
        end: when the run ended, in seconds.
        initial_users: how many users were there from the start, who have the same numbers in every run.
    """
    tally.finish(end)
    state, kinds = of_column(tally.state, np.int64), of_column(tally.kind, np.int64)
    searches, seconds = of_column(tally.searches_of, np.int64), of_column(tally.seconds_of, np.float64)
    chats, seen = of_column(tally.chats_of, np.int64), np.flatnonzero(of_column(tally.seen, np.int64))
    by_kind = of_column(tally.all_waits, np.int64).reshape(tally.kinds, BINS)
    window = tally.now - tally.start
    fair = spreads(Searches(kinds[seen], searches[seen], chats[seen], seconds[seen], by_kind))
    never = np.flatnonzero((searches > 0) & (chats == 0))
    stayed = len(seen) and not tally.joined_later and not tally.left
    some = slice(0, initial_users)
    return RunFigures(
        users=len(seen),
        kinds=tally.kinds,
        start=tally.start,
        end=tally.now,
        events=tally.events,
        pairings=tally.pairings,
        repairs=tally.repairs,
        repair_opportunities=tally.opportunities,
        recent=tally.recent,
        present_mean=_per(tally.present_total.value(), window),
        searching_mean=_per(tally.pool_total.value(), window),
        state_seconds=of_column(tally.state_seconds, np.float64).reshape(-1, 3),
        searches=of_column(tally.searches, np.int64).reshape(-1, 4),
        search_seconds=of_column(tally.search_seconds, np.float64).reshape(-1, 4),
        waits=LogHistogram(of_column(tally.waits, np.int64)),
        all_waits=LogHistogram(by_kind.sum(axis=0)),
        waits_by_kind=tuple(map(LogHistogram, by_kind)),
        wait_max=tally.wait_max if tally.wait_max >= 0.0 else float("nan"),
        longest=_longest(tally),
        chats_mean=_per(float(chats.sum()), len(seen)),
        distinct_partners=_per(2.0 * tally.couples.count(), len(seen)),
        distinct_by_chance=expected_partners(len(seen), chats[seen]) if stayed else None,
        chats=fair[0],
        waiting=fair[1],
        draw_p=_draw_p(of_column(tally.draws.counts, np.int64)),
        draw_counts=tuple(of_column(tally.draws.counts, np.int64).tolist()),
        never=len(never),
        never_users=tuple(never[:NAMED].tolist()),
        batches=_batches(tally),
        scores=Scores(kinds[some], searches[some], seconds[some], chats[some]),
        checks=(littles_law(tally), conservation(tally, state)),
    )


def _per(amount: float, number: float) -> float:
    """Returns a quotient; NaN where there is nothing to divide by."""
    return amount / number if number else math.nan


def _longest(tally: Tally) -> tuple[Longest, ...]:
    """Returns the longest searches."""
    found = zip(tally.longest_users, tally.longest_seconds, tally.longest_ends, strict=True)
    return tuple(Longest(user, seconds, OUTCOMES[end]) for user, seconds, end in found if seconds >= 0.0)


def _draw_p(counts: Integers) -> float | None:
    """Returns the p-value of χ² that all bins are equally likely; None with too few draws."""
    draws = int(counts.sum())
    if draws < LEAST_DRAWS:
        return None
    expected = draws / DRAW_BINS
    return chi2_tail(float(np.sum((counts - expected) ** 2)) / expected, DRAW_BINS - 1)


def _batches(tally: Tally) -> tuple[Batch, ...]:
    """Returns the batches of a run that came to its end, as long as was said; none of any other."""
    if tally.end == math.inf or tally.now < tally.end:
        return ()
    sums = of_column(tally.batches, np.float64).reshape(BATCHES, BATCH_SUMS).tolist()
    return tuple(
        Batch(wait, int(waits), int(again), int(both), area, time) for wait, waits, again, both, area, time in sums
    )


def littles_law(tally: Tally) -> Result:
    """Checks L = λW on the sample path, where it is exact (Stidham 1974), by two sums that share little.

    L comes from the population: the size of the pool, integrated over time. λW comes from the users: the length of
    each search within the window, from its beginning to that user's next move. A move that is lost, doubled or of the
    wrong user breaks the equality.
    """
    name, window = "Little's law", tally.now - tally.start
    from_population, from_users = tally.pool_total.value(), tally.user_total.value()
    verdict = Verdict.of(abs(from_population - from_users) <= ROUNDING * max(from_population, from_users))
    searches = tally.searching_at_first + tally.began
    if not window > 0 or not searches:
        reason = "no user searched" if window > 0 else "the run took no time"
        return Result(name, Verdict.NOT_ASKED if verdict is Verdict.OK else verdict, reason)
    rate, wait = searches / window, from_users / searches
    detail = f"L = {from_population / window:.6g}, lambda W = {rate:.6g}/s x {wait:.6g} s = {rate * wait:.6g}"
    return Result(name, verdict, detail)


def conservation(tally: Tally, state: Integers) -> Result:
    """Checks that users only come from outside and only leave to there, and that searches that began end or go on."""
    name = "conservation of users"
    lobby, searching, private = (int(np.count_nonzero(state == each)) for each in (IN_LOBBY, IN_POOL, IN_PRIVATE))
    present = lobby + searching + private
    ended = of_column(tally.searches, np.int64).reshape(-1, 4)
    before, began, found = tally.searching_at_first, tally.began, int(ended[:, CHAT].sum())
    wrong = ""
    if not tally.present_at_first + tally.joined - tally.left == present == tally.present:
        wrong = (
            f"of {tally.present_at_first} and {tally.joined} who joined, {tally.left} left, and {present} are present"
        )
    elif searching != tally.size or before + began != int(ended.sum()):
        wrong = (
            f"of {before} searches and {began} that began, {int(ended.sum())} ended or go on, {searching} of them now"
        )
    elif found != 2 * tally.pairings or private % 2:
        wrong = f"{tally.pairings} pairings ended {found} searches, and {private} users are in private"
    if wrong:
        return Result(name, Verdict.FAILED, wrong)
    detail = (
        f"{tally.joined} joined, {tally.left} left; at the end {lobby} lobby, {searching} searching, {private} private"
    )
    return Result(name, Verdict.OK if present or tally.joined or tally.left else Verdict.NOT_ASKED, detail)
