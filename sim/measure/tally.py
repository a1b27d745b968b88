"""The centre of measuring: reads rows as they come, and keeps sums, counts and histograms by user and by kind.

Memory grows with the number of users, never with time. It believes what the rows say, whether it can be or not: whether
it can be is asked by the watcher. Rows about users who never joined are left out.
"""

import math
from typing import Final

from sim.kernel.states import IN_LOBBY, IN_POOL, IN_PRIVATE, OUTSIDE
from sim.measure.columns import LARGE, REAL, SMALL, column, longer
from sim.measure.compensated import CompensatedSum
from sim.measure.couples import Couples
from sim.measure.draw_test import DrawTest
from sim.measure.histogram import BINS, LEAST, MOST, SCALE, SHIFT
from sim.measure.run_figures import BATCH_SUMS, BATCHES, CHAT, GAVE_UP, LEFT, RECENT, STILL_ON
from sim.rows.block import Rows
from sim.rows.codes import (
    JOINED,
    KIND,
    LAST,
    NOBODY,
    PAIRED,
    PARTED,
    PARTED_LEAVE,
    PARTED_LOBBY,
    RETURNED,
    SEARCHING,
    TO_LOBBY,
)
from sim.rows.codes import LEFT as HAS_LEFT

COMPILED: Final = not __file__.endswith(".py")

FOR_EVER: Final = float("inf")
NEVER_PAIRED: Final = -1


class Tally:
    """Measures one run, of which it reads the rows.

    Args:
        users: how many users there will be, as far as is known; more may come.
        kinds: number of their kinds, at least 1.
        start: when measuring begins, in seconds.
        end: when the run ends, as far as is known: it is cut into batches then.
    """

    def __init__(self, users: int, kinds: int, start: float, end: float = FOR_EVER) -> None:
        self.users = 0
        self.kinds = kinds
        self.start = start
        self.end = end
        self.now = start
        self.measuring = False
        self.size = 0  # of the pool
        self.head = NOBODY
        self.tail = NOBODY
        self.present = 0
        self.pairings_ever = 0
        self.couples = Couples()
        self.draws = DrawTest()
        self.state = column(SMALL, 0, OUTSIDE, COMPILED)
        self.kind = column(SMALL, 0, 0, COMPILED)
        self.since = column(REAL, 0, 0.0, COMPILED)
        self.after = column(SMALL, 0, NOBODY, COMPILED)
        self.before = column(SMALL, 0, NOBODY, COMPILED)
        self.latest = column(LARGE, 0, NEVER_PAIRED, COMPILED)
        self.partners = column(SMALL, 0, NOBODY, COMPILED)
        self.ring = column(SMALL, 0, 0, COMPILED)
        self.seen = column(SMALL, 0, 0, COMPILED)
        self.searches_of = column(LARGE, 0, 0, COMPILED)
        self.seconds_of = column(REAL, 0, 0.0, COMPILED)
        self.chats_of = column(LARGE, 0, 0, COMPILED)
        self._make_room(users)
        self._forget_sums()

    def _make_room(self, users: int) -> None:
        """Makes room for so many users."""
        self.users = users
        self.state = longer(self.state, SMALL, users, OUTSIDE)
        self.kind = longer(self.kind, SMALL, users, NOBODY)
        self.since = longer(self.since, REAL, users, 0.0)
        self.after = longer(self.after, SMALL, users, NOBODY)
        self.before = longer(self.before, SMALL, users, NOBODY)
        self.latest = longer(self.latest, LARGE, users, NEVER_PAIRED)
        self.partners = longer(self.partners, SMALL, RECENT * users, NOBODY)
        self.ring = longer(self.ring, SMALL, users, 0)
        self.seen = longer(self.seen, SMALL, users, 0)
        self.searches_of = longer(self.searches_of, LARGE, users, 0)
        self.seconds_of = longer(self.seconds_of, REAL, users, 0.0)
        self.chats_of = longer(self.chats_of, LARGE, users, 0)
        self.couples.make_room(users)

    def _forget_sums(self) -> None:
        """Sets all that is measured to zero."""
        kinds = self.kinds
        self.events = 0
        self.present_at_first = self.present
        self.joined = 0
        self.joined_later = 0
        self.left = 0
        self.searching_at_first = self.size
        self.began = 0
        self.pairings = 0
        self.repairs = 0
        self.opportunities = 0
        self.recent = 0
        self.wait_max = -1.0
        self.pool_seconds = 0.0  # of this block
        self.user_seconds = 0.0
        self.present_seconds = 0.0
        self.pool_total = CompensatedSum()
        self.user_total = CompensatedSum()
        self.present_total = CompensatedSum()
        self.state_seconds = column(REAL, 3 * kinds, 0.0, COMPILED)
        self.searches = column(LARGE, 4 * kinds, 0, COMPILED)
        self.search_seconds = column(REAL, 4 * kinds, 0.0, COMPILED)
        self.waits = column(LARGE, BINS, 0, COMPILED)
        self.all_waits = column(LARGE, BINS * kinds, 0, COMPILED)
        self.batches = column(REAL, BATCHES * BATCH_SUMS, 0.0, COMPILED)
        self.batch = 0
        self.batch_end = self._end_of_batch(0)
        self.longest_users = column(SMALL, 3, NOBODY, COMPILED)
        self.longest_seconds = column(REAL, 3, -1.0, COMPILED)
        self.longest_ends = column(SMALL, 3, 0, COMPILED)
        for user in range(self.users):
            self.seen[user] = 1 if self.state[user] != OUTSIDE else 0
            self.searches_of[user] = 0
            self.seconds_of[user] = 0.0
            self.chats_of[user] = 0
        self.couples.clear()
        self.draws.clear()

    def _end_of_batch(self, batch: int) -> float:
        """Returns when a batch ends, in seconds; never, if the end of the run is not known."""
        return self.start + (self.end - self.start) * (batch + 1) / BATCHES

    def take(self, rows: Rows) -> None:
        """Reads a block of rows."""
        times, codes, firsts, seconds = rows.times, rows.codes, rows.firsts, rows.seconds
        for row in range(rows.count):
            time, whole = times[row], codes[row]
            if not self.measuring and time >= self.start:
                self._begin()
            if time > self.now:
                self._pass(time)
            code = whole & KIND
            first = firsts[row]
            if code == JOINED:
                self._join(first, seconds[row])
            elif 0 <= first < self.users:
                self._read(code, first, seconds[row])
            if whole >= LAST:
                self.events += 1
                self.draws.end_event()
        self._add_up()

    def finish(self, end: float) -> None:
        """Ends the run: counts what still goes on. To be called once, after the last block."""
        if not self.measuring:
            self._begin()
        if end > self.now:
            self._pass(end)
        for user in range(self.users):
            state = self.state[user]
            if state != OUTSIDE:
                since = self.since[user]
                stay = self.now - (since if since > self.start else self.start)
                self.state_seconds[3 * self.kind[user] + state - 1] += stay
                if state == IN_POOL:
                    self.user_total.add(stay)
                    self.seconds_of[user] += stay
                    self._end_search(user, self.now - since, STILL_ON)
        self._add_up()

    def _read(self, code: int, first: int, second: int) -> None:
        """Reads a row about a user who is known, at ``now``."""
        if code == PAIRED:
            if 0 <= second < self.users:
                self._pair(first, second)
        elif code >= PARTED:
            if 0 <= second < self.users:
                self._move(second, IN_LOBBY if code & TO_LOBBY else IN_POOL, GAVE_UP)
                if code < PARTED_LEAVE:
                    self._move(first, IN_POOL if code < PARTED_LOBBY else IN_LOBBY, GAVE_UP)
        elif code == SEARCHING:
            self._move(first, IN_POOL, GAVE_UP)
        elif code == RETURNED:
            self._move(first, IN_LOBBY, GAVE_UP)
        elif code == HAS_LEFT and self.state[first] != OUTSIDE:
            self._move(first, OUTSIDE, LEFT)
            self.present -= 1
            self.left += 1

    def _begin(self) -> None:
        """Begins to measure: users stay where they are, and what they did before is not counted."""
        self.measuring = True
        self._forget_sums()
        self.now = self.start

    def _pass(self, time: float) -> None:
        """Lets time pass, in which nobody moves."""
        if self.measuring:
            while time > self.batch_end:
                self._pass_within_batch(self.batch_end)
                self.batch += 1
                self.batch_end = self._end_of_batch(self.batch) if self.batch + 1 < BATCHES else FOR_EVER
            self._pass_within_batch(time)
        self.now = time

    def _pass_within_batch(self, time: float) -> None:
        passed = time - self.now
        area = passed * self.size
        self.pool_seconds += area
        self.present_seconds += passed * self.present
        self.batches[self.batch * BATCH_SUMS + 4] += area
        self.batches[self.batch * BATCH_SUMS + 5] += passed
        self.now = time

    def _add_up(self) -> None:
        """Adds the sums of a block to the totals: rounding errors then grow with a block, not with the run."""
        self.pool_total.add(self.pool_seconds)
        self.user_total.add(self.user_seconds)
        self.present_total.add(self.present_seconds)
        self.pool_seconds = self.user_seconds = self.present_seconds = 0.0

    def _join(self, user: int, kind: int) -> None:
        """A user comes, for the first time or again."""
        if user < 0:
            return
        if user >= self.users:
            self._make_room(max(user + 1, 2 * self.users))
        if self.state[user] != OUTSIDE:
            return
        self.kind[user] = kind if 0 <= kind < self.kinds else 0
        self.present += 1
        self.joined += 1
        if self.now > self.start:
            self.joined_later += 1
        self.seen[user] = 1
        self._move(user, IN_LOBBY, GAVE_UP)

    def _move(self, user: int, state: int, outcome: int) -> None:
        """Moves a user into another state; a search that this ends ends so."""
        left = self.state[user]
        if left == state:
            return
        since = self.since[user]
        if left != OUTSIDE and self.measuring:
            stay = self.now - (since if since > self.start else self.start)
            self.state_seconds[3 * self.kind[user] + left - 1] += stay
            if left == IN_POOL:
                self.user_seconds += stay
                self.seconds_of[user] += stay
                self._end_search(user, self.now - since, outcome)
        if left == IN_POOL:
            self._unlink(user)
        if state == IN_POOL:
            self._link(user)
        self.state[user] = state
        self.since[user] = self.now

    def _end_search(self, user: int, seconds: float, outcome: int) -> None:
        """Counts a search that has ended."""
        kind = self.kind[user]
        self.searches_of[user] += 1
        self.searches[4 * kind + outcome] += 1
        self.search_seconds[4 * kind + outcome] += seconds
        place = 0
        if seconds > 0.0:
            place = 1
            if seconds >= LEAST:
                place = BINS - 1 if seconds >= MOST else int(math.log(seconds) * SCALE + SHIFT)
        self.all_waits[kind * BINS + place] += 1
        if outcome == CHAT:
            self.waits[place] += 1
            self.batches[self.batch * BATCH_SUMS] += seconds
            self.batches[self.batch * BATCH_SUMS + 1] += 1.0
            if seconds > self.wait_max:
                self.wait_max = seconds
        if seconds > self.longest_seconds[2]:
            self._rank(user, seconds, outcome)

    def _rank(self, user: int, seconds: float, outcome: int) -> None:
        """Puts a search among the three longest; of equal ones the first user comes first."""
        place = 2
        while place > 0 and self.longest_seconds[place - 1] < seconds:
            self.longest_users[place] = self.longest_users[place - 1]
            self.longest_seconds[place] = self.longest_seconds[place - 1]
            self.longest_ends[place] = self.longest_ends[place - 1]
            place -= 1
        self.longest_users[place] = user
        self.longest_seconds[place] = seconds
        self.longest_ends[place] = outcome

    def _link(self, user: int) -> None:
        """Puts a user at the end of the pool."""
        self.before[user] = self.tail
        self.after[user] = NOBODY
        if self.tail == NOBODY:
            self.head = user
        else:
            self.after[self.tail] = user
        self.tail = user
        self.size += 1
        self.began += 1

    def _unlink(self, user: int) -> None:
        """Takes a user out of the pool."""
        before, after = self.before[user], self.after[user]
        if before == NOBODY:
            self.head = after
        else:
            self.after[before] = after
        if after == NOBODY:
            self.tail = before
        else:
            self.before[after] = before
        self.size -= 1

    def _pair(self, first: int, second: int) -> None:
        """Two users begin to chat."""
        if self.draws.wanted and self.size > 2 and self.state[first] == self.state[second] == IN_POOL:
            self.draws.note(self._rank_of_pair(first, second), self.size)
        number = self.pairings_ever
        if self.measuring:
            self._count_pairing(first, second)
        self.pairings_ever = number + 1
        self.latest[first] = self.latest[second] = number
        self._remember(first, second)
        self._remember(second, first)
        self._move(first, IN_PRIVATE, CHAT)
        self._move(second, IN_PRIVATE, CHAT)

    def _count_pairing(self, first: int, second: int) -> None:
        self.pairings += 1
        self.chats_of[first] += 1
        self.chats_of[second] += 1
        self.couples.add(self.couples.tags[first] ^ self.couples.tags[second])
        mine, others = self.latest[first], self.latest[second]
        if mine >= 0 and others >= 0:
            self.opportunities += 1
            self.batches[self.batch * BATCH_SUMS + 3] += 1.0
            # Each had the other as latest partner exactly if both took part in the same latest pairing.
            if mine == others:
                self.repairs += 1
                self.batches[self.batch * BATCH_SUMS + 2] += 1.0
            if self._has_met(first, second) and self._has_met(second, first):
                self.recent += 1

    def _has_met(self, user: int, other: int) -> bool:
        """Returns whether another user is among a user's last partners."""
        base = RECENT * user
        for place in range(RECENT):  # noqa: SIM110 - a generator would not be compiled to a loop
            if self.partners[base + place] == other:
                return True
        return False

    def _remember(self, user: int, partner: int) -> None:
        """Lets a partner take the place of the oldest of the last ones."""
        place = self.ring[user]
        self.partners[RECENT * user + place] = partner
        self.ring[user] = place + 1 if place + 1 < RECENT else 0

    def _rank_of_pair(self, first: int, second: int) -> int:
        """Returns which pair of the pool this is: j(j−1)/2 + i for the i-th and the j-th to have come, i < j."""
        user, place, low = self.head, 0, -1
        while user != NOBODY:
            if user in (first, second):
                if low >= 0:
                    return place * (place - 1) // 2 + low
                low = place
            place += 1
            user = self.after[user]
        return 0
