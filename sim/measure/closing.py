"""Makes the figures of a run of what was tallied, at its end."""

import math
from itertools import pairwise

import numpy as np

from roulette_core.testing import Result, Verdict
from sim.measure.chance import Searches, spreads
from sim.measure.columns import of_column
from sim.measure.histogram import BINS, LogHistogram, bin_of
from sim.measure.places import IN_LOBBY, IN_PRIVATE
from sim.measure.run_figures import (
    BATCHES,
    CHAT,
    DRAW_BINS,
    OUTCOMES,
    STILL_ON,
    Batch,
    Floats,
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


class Found:
    """What a tally found, by user number and by kind, with the searches that still go on.

    Attributes:
        seen: the users who were present at some time in the window.
        kinds: kind of each user.
        known: whether each has ever joined.
        chats: number of chats of each.
        searches_of: number of searches of each, those still on included.
        seconds_of: time that each spent searching within the window, in seconds.
        searches: number of searches, by kind and outcome.
        search_seconds: their length, by kind and outcome, in seconds.
        waits: number of searches that ended in a chat, by kind and bin of the histogram.
        all_waits: the same of all searches.
        state_seconds: time spent by kind and state, in seconds.
        longest: the longest searches: length, user and outcome.
        still_seconds: length of all searches that go on, in seconds.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._place, self.kinds = of_column(tally.place, np.int64), of_column(tally.kind, np.int64)
        self.known = of_column(tally.known, np.bool_)
        self.seen = np.flatnonzero(of_column(tally.seen, np.int64))
        self.chats = of_column(tally.chats_ever, np.int64) - of_column(tally.chats_before, np.int64)
        self._open_seconds = tally.now - of_column(tally.since, np.float64)
        self._still = np.flatnonzero(self._place >= 0)
        self.still_seconds = math.fsum(self._open_seconds[self._still].tolist())
        self.searches_of = self.chats + of_column(tally.fruitless, np.int64) + (self._place >= 0)
        self.seconds_of = of_column(tally.seconds_of, np.float64)
        self.seconds_of[self._still] += self._open_seconds[self._still]
        self._all_users = np.arange(len(self.kinds))
        self._count_searches()
        self._sort_waits()
        self._divide_time()
        self.longest = self._longest()

    def _by_kind(self, values: Floats | Integers, users: Integers) -> Floats:
        """Returns the sums of some users' values for each kind."""
        return np.bincount(self.kinds[users], weights=values[users], minlength=self._tally.kinds).astype(float)

    def _count_searches(self) -> None:
        tally = self._tally
        self.searches = of_column(tally.fruitless_searches, np.int64).reshape(-1, 4)
        self.searches[:, CHAT] = self._by_kind(self.chats, self._all_users)
        self.searches[:, STILL_ON] = np.bincount(self.kinds[self._still], minlength=tally.kinds)
        self.search_seconds = of_column(tally.fruitless_seconds, np.float64).reshape(-1, 4)
        self.search_seconds[:, STILL_ON] = self._by_kind(self._open_seconds, self._still)
        whole = self._by_kind(self.seconds_of, self._all_users) + of_column(tally.seconds_before, np.float64)
        rest = np.maximum(0.0, whole - self.search_seconds.sum(axis=1))
        self.search_seconds[:, CHAT] = np.where(self.searches[:, CHAT] > 0, rest, 0.0)

    def _sort_waits(self) -> None:
        tally = self._tally
        self.waits = of_column(tally.waits, np.int64).reshape(-1, BINS)
        self.waits[:, 0] = np.maximum(0, self.searches[:, CHAT] - self.waits.sum(axis=1))
        self.all_waits = self.waits + of_column(tally.fruitless_waits, np.int64).reshape(-1, BINS)
        for user in self._still.tolist():
            self.all_waits[self.kinds[user], bin_of(float(self._open_seconds[user]))] += 1

    def _divide_time(self) -> None:
        tally = self._tally
        present = of_column(tally.present_seconds, np.float64)
        lobby = of_column(tally.lobby_seconds, np.float64)
        lobby += self._by_kind(self._open_seconds, np.flatnonzero(self._place == IN_LOBBY))
        searching = self._by_kind(self.seconds_of, self._all_users)
        private = present - lobby - searching
        private[private < ROUNDING * present] = 0.0
        self.state_seconds = np.stack((lobby, searching, private), axis=1)

    def _longest(self) -> tuple[Longest, ...]:
        """Returns the three longest searches, the longest first, of equal ones that of the user of the lower number."""
        seconds = self._open_seconds[self._still]
        most = self._still[np.argsort(-seconds, kind="stable")[:3]].tolist()
        found = [*self._tally.longest, *((float(self._open_seconds[user]), user, STILL_ON) for user in most)]
        found.sort(key=lambda search: (-search[0], search[1]))
        return tuple(Longest(user, seconds, OUTCOMES[end]) for seconds, user, end in found[:3])

    def count(self, place: int) -> int:
        """Returns how many users are outside, in the lobby or in private."""
        return int(np.count_nonzero(self._place == place))

    @property
    def still(self) -> int:
        """Number of users who are searching."""
        return len(self._still)


def close(tally: Tally, end: float, initial_users: int = 0) -> RunFigures:
    """Ends a run, and returns its figures; can be called once.

    Args:
        tally: has read all of the run's rows.
        end: when the run ended, in seconds.
        initial_users: how many users were there from the start, who have the same numbers in every run.
    """
    tally.finish(end)
    found = Found(tally)
    seen, chats, searches = found.seen, found.chats, found.searches_of
    window = tally.now - tally.start
    fair = spreads(Searches(found.kinds[seen], searches[seen], chats[seen], found.seconds_of[seen], found.all_waits))
    never = np.flatnonzero((searches > 0) & (chats == 0))
    stayed = len(seen) and not tally.joined_later and not tally.left
    some = slice(0, initial_users)
    draws = of_column(tally.draws.counts, np.int64)
    return RunFigures(
        users=len(seen),
        kinds=tally.kinds,
        start=tally.start,
        end=tally.now,
        events=tally.events,
        pairings=tally.pairings_ever - tally.pairings_before,
        repairs=tally.repairs,
        repair_opportunities=tally.opportunities,
        recent=tally.recent,
        present_mean=_per(float(sum(tally.present_seconds)), window),
        searching_mean=_per(tally.pool_total.value(), window),
        state_seconds=found.state_seconds,
        searches=found.searches,
        search_seconds=found.search_seconds,
        waits=LogHistogram(found.waits.sum(axis=0)),
        all_waits=LogHistogram(found.all_waits.sum(axis=0)),
        waits_by_kind=tuple(map(LogHistogram, found.all_waits)),
        wait_max=_longest_wait(tally),
        longest=found.longest,
        chats_mean=_per(float(chats.sum()), len(seen)),
        distinct_partners=_per(2.0 * tally.couples.count(), len(seen)),
        distinct_by_chance=expected_partners(len(seen), chats[seen]) if stayed else None,
        chats=fair[0],
        waiting=fair[1],
        draw_p=draw_p(draws),
        draw_counts=tuple(draws.tolist()),
        never=len(never),
        never_users=tuple(never[:NAMED].tolist()),
        batches=_batches(tally),
        scores=Scores(
            np.where(found.known, found.kinds, -1)[some], searches[some], found.seconds_of[some], chats[some]
        ),
        checks=(littles_law(tally, found), conservation(tally, found)),
    )


def _longest_wait(tally: Tally) -> float:
    """Returns the longest search that ended in a chat, in seconds; NaN without one."""
    if tally.pairings_ever == tally.pairings_before:
        return math.nan
    return max(0.0, tally.wait_max)


def _per(amount: float, number: float) -> float:
    """Returns a quotient; NaN where there is nothing to divide by."""
    return amount / number if number else math.nan


def draw_p(counts: Integers) -> float | None:
    """Returns the p-value of χ² that all bins are equally likely; None with too few draws."""
    draws = int(counts.sum())
    if draws < LEAST_DRAWS:
        return None
    expected = draws / DRAW_BINS
    return chi2_tail(float(np.sum((counts - expected) ** 2)) / expected, DRAW_BINS - 1)


def _batches(tally: Tally) -> tuple[Batch, ...]:
    """Returns the batches of a run that came to its end, as long as was said; none of any other."""
    if not tally.start < tally.end <= tally.now or len(tally.marks) != BATCHES + 1:
        return ()
    return tuple(
        Batch(*(later - earlier for earlier, later in zip(before, after, strict=True)))  # type: ignore[arg-type]
        for before, after in pairwise(tally.marks)
    )


def littles_law(tally: Tally, found: Found) -> Result:
    """Checks L = λW on the sample path, where it is exact (Stidham 1974), by two sums that share little.

    L comes from the population: the size of the pool, integrated over time. λW comes from the users: the length of
    each search within the window, from its beginning to that user's next move. A move that is lost, doubled or of the
    wrong user breaks the equality.
    """
    name, window = "Little's law", tally.now - tally.start
    before = tally.before_total.value()
    from_population = tally.pool_total.value()
    from_users = math.fsum((tally.wait_total.value(), tally.fruitless_total.value(), found.still_seconds, -before))
    allowed = ROUNDING * (max(from_population, from_users) + before)
    verdict = Verdict.of(abs(from_population - from_users) <= allowed)
    searches = int(found.searches.sum())
    if not window > 0 or not searches:
        reason = "no user searched" if window > 0 else "the run took no time"
        return Result(name, Verdict.NOT_ASKED if verdict is Verdict.OK else verdict, reason)
    rate, wait = searches / window, from_users / searches
    detail = f"L = {from_population / window:.6g}, lambda W = {rate:.6g}/s x {wait:.6g} s = {rate * wait:.6g}"
    return Result(name, verdict, detail)


def conservation(tally: Tally, found: Found) -> Result:
    """Checks that the numbers of users who are present and who search are those who came less those who went."""
    name = "conservation of users"
    lobby, searching, private = found.count(IN_LOBBY), found.still, found.count(IN_PRIVATE)
    present = lobby + searching + private
    ended, pairings = int(found.searches[:, CHAT].sum()), tally.pairings_ever - tally.pairings_before
    wrong = ""
    if not tally.present_at_first + tally.joined - tally.left == present == tally.present:
        wrong = (
            f"of {tally.present_at_first} and {tally.joined} who joined, {tally.left} left, and {present} are present"
        )
    elif searching != tally.size:
        wrong = f"by those who began and ended to search {tally.size} are searching, by the users {searching}"
    elif ended != 2 * pairings or private % 2:
        wrong = f"{pairings} pairings ended {ended} searches, and {private} users are in private"
    if wrong:
        return Result(name, Verdict.FAILED, wrong)
    detail = (
        f"{tally.joined} joined, {tally.left} left; at the end {lobby} lobby, {searching} searching, {private} private"
    )
    return Result(name, Verdict.OK if present or tally.joined or tally.left else Verdict.NOT_ASKED, detail)
