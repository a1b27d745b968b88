"""The centre of measuring: reads rows as they come, and keeps sums, counts and histograms by user and by kind.

Memory grows with the number of users, never with time. It believes what the rows say, whether it can be or not: that is
judged by the watcher. Rows that name users who cannot exist are left out.

What is asked of every pairing is kept small. Time in private, for instance, is what is left of the time present, and a
pairing does not touch it.
"""

import math
from typing import Final

import numpy as np

from sim.measure.columns import LARGE, REAL, SMALL, column, longer, reading
from sim.measure.compensated import CompensatedSum
from sim.measure.couples import Couples
from sim.measure.draw_test import ALL_AT_FIRST, LATER_EVERY, DrawTest
from sim.measure.histogram import BINS, LEAST, MOST, SCALE, SHIFT
from sim.measure.named_users import known_codes, newest_user
from sim.measure.places import IN_LOBBY, IN_PRIVATE, OUTSIDE
from sim.measure.run_figures import BATCHES, CHAT, GAVE_UP, LEFT, RECENT
from sim.measure.usable_rows import can_be_followed
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

NEVER: Final = float("inf")
NEVER_PAIRED: Final = -1
ROWS_AT_ONCE: Final = 4096
"""So many are added up plainly; see ``sim.measure.closing.ROUNDING``."""
SHORTEST_LINE: Final = 32


class Tally:
    """Measures one run, of which it reads the rows.

    Users who search stand in a line, in the order in which they came. Who leaves it keeps the place, until there are
    many such places: then the others move up.

    Args:
        users: how many users there will be, as far as is known; more may come.
        kinds: number of their kinds, at least 1.
        start: when measuring begins, in seconds.
        end: when the run ends, as far as is known: it is cut into batches then.
    """

    def __init__(self, users: int, kinds: int, start: float, end: float = NEVER) -> None:
        self.users = 0
        self.kinds = kinds
        self.start = start
        self.end = end
        self.now = min(start, 0.0)
        self.edge = start  # when measuring begins, or the next batch
        self.measuring = False
        self.size = 0  # of the pool
        self.tail = 0  # of the line
        self.room = SHORTEST_LINE
        self.present = 0
        self.pairings_ever = 0
        self.couples = Couples()
        self.draws = DrawTest()
        self.place = column(SMALL, 0, OUTSIDE, COMPILED)
        self.line = column(SMALL, SHORTEST_LINE, NOBODY, COMPILED)
        self.kind = column(SMALL, 0, 0, COMPILED)
        self.since = column(REAL, 0, 0.0, COMPILED)
        self.latest = column(LARGE, 0, NEVER_PAIRED, COMPILED)
        self.partners = column(SMALL, 0, NOBODY, COMPILED)
        self.chats_ever = column(SMALL, 0, 0, COMPILED)
        self.chats_before = column(SMALL, 0, 0, COMPILED)
        self.known = column(SMALL, 0, 0, COMPILED)
        self.seen = column(SMALL, 0, 0, COMPILED)
        self.fruitless = column(SMALL, 0, 0, COMPILED)
        self.seconds_of = column(REAL, 0, 0.0, COMPILED)
        self.present_by_kind = column(SMALL, kinds, 0, COMPILED)
        self._make_room(users)
        self._forget_sums()

    def _make_room(self, users: int) -> None:
        """Makes room for so many users."""
        self.users = users
        self.place = longer(self.place, SMALL, users, OUTSIDE)
        self.line = longer(self.line, SMALL, 2 * users + SHORTEST_LINE, NOBODY)
        self.kind = longer(self.kind, SMALL, users, 0)
        self.known = longer(self.known, SMALL, users, 0)
        self.since = longer(self.since, REAL, users, 0.0)
        self.latest = longer(self.latest, LARGE, users, NEVER_PAIRED)
        self.partners = longer(self.partners, SMALL, RECENT * users, NOBODY)
        self.chats_ever = longer(self.chats_ever, SMALL, users, 0)
        self.chats_before = longer(self.chats_before, SMALL, users, 0)
        self.seen = longer(self.seen, SMALL, users, 0)
        self.fruitless = longer(self.fruitless, SMALL, users, 0)
        self.seconds_of = longer(self.seconds_of, REAL, users, 0.0)
        self.couples.make_room(users)

    def _forget_sums(self) -> None:
        """Sets all that is measured to zero. Of what users are doing, only the part from now on is to count."""
        kinds = self.kinds
        self.events = 0
        self.present_at_first = self.present
        self.joined = 0
        self.joined_later = 0
        self.left = 0
        self.pairings_before = self.pairings_ever
        self.repairs = 0
        self.opportunities = 0
        self.recent = 0
        self.wait_max = -1.0
        self.pool_seconds = 0.0  # of the rows at hand
        self.wait_seconds = 0.0
        self.pool_total = CompensatedSum()
        self.wait_total = CompensatedSum()  # of searches that ended in a chat
        self.fruitless_total = CompensatedSum()
        self.before_total = CompensatedSum()  # what of all searches lies ahead of the start
        self.present_seconds = column(REAL, kinds, 0.0, COMPILED)
        self.present_since = column(REAL, kinds, self.now, COMPILED)
        self.lobby_seconds = column(REAL, kinds, 0.0, COMPILED)
        self.seconds_before = column(REAL, kinds, 0.0, COMPILED)
        self.fruitless_searches = column(LARGE, 4 * kinds, 0, COMPILED)
        self.fruitless_seconds = column(REAL, 4 * kinds, 0.0, COMPILED)
        self.waits = column(LARGE, BINS * kinds, 0, COMPILED)
        self.fruitless_waits = column(LARGE, BINS * kinds, 0, COMPILED)
        self.marks: list[tuple[float, int, int, int, float, float]] = []
        self.longest: list[tuple[float, int, int]] = []
        self.third_longest = -1.0
        for user in range(self.users):
            self.seconds_of[user] = 0.0
            self.fruitless[user] = 0
            self.chats_before[user] = self.chats_ever[user]
            place = self.place[user]
            self.seen[user] = 0 if place == OUTSIDE else 1
            passed = self.now - self.since[user]
            if place >= 0:
                self.seconds_of[user] = -passed
                self.seconds_before[self.kind[user]] += passed
                self.before_total.add(passed)
            elif place == IN_LOBBY:
                self.lobby_seconds[self.kind[user]] -= passed
        self.couples.clear()
        self.draws.clear()

    def take(self, rows: Rows) -> None:
        """Reads a block of rows."""
        count = rows.count
        usable = np.asarray(rows.codes)[:count]
        if not can_be_followed(rows, self.users):
            newest = newest_user(rows)
            if newest >= self.users:
                self._make_room(max(newest + 1, 2 * self.users))
            usable = known_codes(rows, self.users)
        times = reading(np.asarray(rows.times)[:count], COMPILED)
        codes = reading(usable, COMPILED)
        firsts = reading(np.asarray(rows.firsts)[:count], COMPILED)
        seconds = reading(np.asarray(rows.seconds)[:count], COMPILED)
        low = 0
        while low < count:
            while times[low] >= self.edge and self.edge < NEVER:
                self._pass_edge()
            high = min(low + ROWS_AT_ONCE, count)
            if times[high - 1] >= self.edge and self.edge < NEVER:
                high = low + 1
                while not times[high] >= self.edge:
                    high += 1
            for row in range(low, high):
                time = times[row]
                if time > self.now:
                    self.pool_seconds += (time - self.now) * self.size
                    self.now = time
                whole = codes[row]
                code = whole & KIND
                if code == PAIRED:
                    self._pair(firsts[row], seconds[row])
                elif code >= PARTED:
                    if code < PARTED_LOBBY and not code & TO_LOBBY:
                        self._search_again(seconds[row], firsts[row])
                    else:
                        self._part(code, firsts[row], seconds[row])
                elif JOINED <= code <= HAS_LEFT:
                    self._move(code, firsts[row], seconds[row])
                if whole >= LAST:
                    self.events += 1
            self._add_up()
            low = high

    def finish(self, end: float) -> None:
        """Ends the run. To be called once, after the last block."""
        if not self.measuring:
            self.start = self.edge = min(self.start, end)
            self._pass_edge()
        while self.edge < end:
            self._pass_edge()
        if end > self.now:
            self.pool_seconds += (end - self.now) * self.size
            self.now = end
        self._add_up()
        for kind in range(self.kinds):
            self._count_present(kind, 0)
        self._mark()

    def _pass_edge(self) -> None:
        """Begins to measure, or a batch."""
        if self.measuring:
            if self.edge > self.now:
                self.pool_seconds += (self.edge - self.now) * self.size
                self.now = self.edge
            self._add_up()
        else:
            self.now = self.edge
            self.measuring = True
            self._forget_sums()
        self._mark()
        batch = len(self.marks)
        self.edge = self.start + (self.end - self.start) * batch / BATCHES if batch < BATCHES else NEVER

    def _mark(self) -> None:
        """Notes all sums that batches are made of."""
        self.marks.append(
            (
                self.wait_total.value(),
                2 * (self.pairings_ever - self.pairings_before),
                self.repairs,
                self.opportunities,
                self.pool_total.value(),
                self.now,
            )
        )

    def _add_up(self) -> None:
        """Adds the sums of some rows to the totals."""
        self.pool_total.add(self.pool_seconds)
        self.wait_total.add(self.wait_seconds)
        self.pool_seconds = self.wait_seconds = 0.0

    def _pair(self, first: int, second: int) -> None:
        """Two users end their searches, and begin to chat."""
        if self.size > 2 and (not self.events % LATER_EVERY or self.events < ALL_AT_FIRST):
            self._note_draw(first, second)
        self.size -= 2
        self.place[first] = self.place[second] = IN_PRIVATE
        wait = self.now - self.since[first]
        if wait > 0.0:
            self._end_wait(first, wait)
        wait = self.now - self.since[second]
        if wait > 0.0:
            self._end_wait(second, wait)
        number = self.pairings_ever
        self.pairings_ever = number + 1
        mine = self.latest[first]
        others = self.latest[second]
        self.latest[first] = self.latest[second] = number
        if mine >= 0 and others >= 0:
            self.opportunities += 1
            # Each had the other as latest partner exactly if both took part in the same latest pairing.
            if mine == others:
                self.repairs += 1
                self.recent += 1
            else:
                place = RECENT * first
                if (
                    self.partners[place] == second
                    or self.partners[place + 1] == second
                    or self.partners[place + 2] == second
                    or self.partners[place + 3] == second
                    or self.partners[place + 4] == second
                ) and self._has_met(second, first):
                    self.recent += 1
        chats = self.chats_ever[first]
        self.chats_ever[first] = chats + 1
        self.partners[RECENT * first + chats % RECENT] = second
        chats = self.chats_ever[second]
        self.chats_ever[second] = chats + 1
        self.partners[RECENT * second + chats % RECENT] = first
        tag = self.couples.tags[first] ^ self.couples.tags[second]
        if self.couples.table[tag & self.couples.mask] != tag:
            self.couples.add(tag)

    def _has_met(self, user: int, other: int) -> bool:
        """Returns whether another user is among a user's last partners."""
        for place in range(RECENT * user, RECENT * user + RECENT):  # noqa: SIM110 - compiled, this is a plain loop
            if self.partners[place] == other:
                return True
        return False

    def _end_wait(self, user: int, seconds: float) -> None:
        """Counts a search of some length that ended in a chat. Those of no length are what is missing in the end."""
        self.wait_seconds += seconds
        self.seconds_of[user] += seconds
        place = 1
        if seconds >= LEAST:
            place = BINS - 1 if seconds >= MOST else int(math.log(seconds) * SCALE + SHIFT)
        self.waits[self.kind[user] * BINS + place] += 1
        if seconds > self.third_longest:
            self._rank(user, seconds, CHAT)
        if seconds > self.wait_max:
            self.wait_max = seconds

    def _end_fruitless(self, user: int, outcome: int) -> None:
        """Counts a search that ended without a chat."""
        self.size -= 1
        kind, seconds = self.kind[user], self.now - self.since[user]
        self.fruitless[user] += 1
        self.seconds_of[user] += seconds
        self.fruitless_total.add(seconds)
        self.fruitless_searches[4 * kind + outcome] += 1
        self.fruitless_seconds[4 * kind + outcome] += seconds
        place = 0
        if seconds > 0.0:
            place = 1
            if seconds >= LEAST:
                place = BINS - 1 if seconds >= MOST else int(math.log(seconds) * SCALE + SHIFT)
        self.fruitless_waits[kind * BINS + place] += 1
        if seconds > self.third_longest:
            self._rank(user, seconds, outcome)

    def _rank(self, user: int, seconds: float, outcome: int) -> None:
        """Puts a search among the three longest; of equal ones the earlier stays."""
        self.longest.append((seconds, user, outcome))
        self.longest.sort(key=_seconds_of, reverse=True)
        if len(self.longest) > 3:
            self.longest.pop()
        if len(self.longest) == 3:
            self.third_longest = self.longest[2][0]

    def _search_again(self, partner: int, user: int) -> None:
        """Two users end a chat, and both search: the partner first."""
        tail = self.tail
        if tail + 2 > self.room:
            tail = self._move_up()
        self.line[tail] = partner
        self.place[partner] = tail
        self.since[partner] = self.now
        tail += 1
        self.line[tail] = user
        self.place[user] = tail
        self.since[user] = self.now
        self.tail = tail + 1
        self.size += 2

    def _search(self, user: int) -> None:
        """A user begins to search."""
        if self.tail + 2 > self.room:
            self._move_up()
        self.line[self.tail] = user
        self.place[user] = self.tail
        self.since[user] = self.now
        self.tail += 1
        self.size += 1

    def _move_up(self) -> int:
        """Closes the gaps of the line, and returns its new end."""
        line, place = self.line, self.place
        end = 0
        for old in range(self.tail):
            user = line[old]
            if place[user] == old:
                line[end] = user
                place[user] = end
                end += 1
        self.tail = end
        self.room = max(SHORTEST_LINE, 2 * end)
        return end

    def _note_draw(self, first: int, second: int) -> None:
        """Notes which pair of the pool was drawn: j(j−1)/2 + i for the i-th and the j-th to have come, i < j."""
        low = min(self.place[first], self.place[second])
        high = max(self.place[first], self.place[second])
        if low < 0:
            return
        i = j = 0
        for spot in range(high):
            if self.place[self.line[spot]] == spot:
                j += 1
                if spot < low:
                    i += 1
        self.draws.note(self.events, j * (j - 1) // 2 + i, self.size)

    def _part(self, code: int, first: int, second: int) -> None:
        """Two users end a chat, of whom one at least does not search again."""
        if code & TO_LOBBY:
            self.place[second] = IN_LOBBY
            self.since[second] = self.now
        else:
            self._search(second)
        if code < PARTED_LOBBY:
            self._search(first)
        elif code < PARTED_LEAVE:
            self.place[first] = IN_LOBBY
            self.since[first] = self.now

    def _move(self, code: int, user: int, kind: int) -> None:
        """One user moves: by joining, leaving, searching or no longer searching."""
        place = self.place[user]
        if place >= 0:
            if code == SEARCHING:
                return
            self._end_fruitless(user, GAVE_UP if code == RETURNED else LEFT)
        elif place == IN_LOBBY and code != RETURNED:
            self.lobby_seconds[self.kind[user]] += self.now - self.since[user]
        if code == SEARCHING:
            self._search(user)
        elif code == HAS_LEFT:
            if place != OUTSIDE:
                self.place[user] = OUTSIDE
                self.left += 1
                self._count_present(self.kind[user], -1)
        elif code == RETURNED:
            if place != IN_LOBBY:
                self.place[user] = IN_LOBBY
                self.since[user] = self.now
        elif place == OUTSIDE:
            self._join(user, kind if 0 <= kind < self.kinds else 0)

    def _join(self, user: int, kind: int) -> None:
        """A user comes, for the first time or again."""
        self.kind[user] = kind
        self.place[user] = IN_LOBBY
        self.since[user] = self.now
        self.known[user] = 1
        self.seen[user] = 1
        self.joined += 1
        if self.now > self.start:
            self.joined_later += 1
        self._count_present(kind, 1)

    def _count_present(self, kind: int, more: int) -> None:
        """Changes the number of present users of a kind."""
        self.present_seconds[kind] += (self.now - self.present_since[kind]) * self.present_by_kind[kind]
        self.present_since[kind] = self.now
        self.present_by_kind[kind] += more
        self.present += more


def _seconds_of(search: tuple[float, int, int]) -> float:
    return search[0]
