"""Watches a run by its rows alone, and only says whether it is plainly sound so far.

A watcher rebuilds from the rows who is where, who is whose partner and who is searching, and asks of every row what
those invariants of ``roulette_core.testing`` ask that rows can show. It takes rows from any source: the kernel, the
core, the accounts of clients. It words nothing: where a run is not plainly sound, ``roulette_core.testing.Checker``
judges the same run again.

This module asks what holds under every policy. What a policy promises beside that stands in ``rule_watchers.py``.
"""

from roulette_core import NEVER
from sim.measure.state_by_rows import StateByRows
from sim.measure.usable_rows import can_be_followed, in_order, usable
from sim.measure.whereabouts import IN_LOBBY, IN_POOL, NO_POOL, OUTSIDE, REFUSAL, SOUND
from sim.rows.block import Rows
from sim.rows.codes import (
    BLOCKED,
    JOINED,
    KIND,
    LAST,
    LEFT,
    LOBBY_LINE,
    NOBODY,
    PAIRED,
    PARTED_BLOCK,
    PARTED_LEAVE,
    PARTED_LOBBY,
    PARTED_NEXT,
    PRIVATE_LINE,
    QUIET,
    REFUSED,
    RETURNED,
    SEARCHING,
    TO_LOBBY,
    UNBLOCKED,
)


class Watcher(StateByRows):
    """A sink of rows that asks what holds under every policy.

    Args:
        users: how many users there will be, as far as is known; more may come.
        kinds: number of kinds of users; 0 if any number may stand in a row.

    Attributes:
        unsound: the number of the first event that is not plainly sound; ``SOUND`` while there is none.
        events: how many events were plainly sound.
        pairings: how many pairings there were; where an event is not plainly sound, some of its own count as well.
        partings: the same of partings by ``next``.
        least: the size from which on a pool may have a pair that the policy must not leave; ``NO_POOL`` without a rule.
        never_repeats: whether the policy promises that no user has the same partner twice running.
        seen: a bit for each code among their rows, pairings and partings by ``next`` aside.
    """

    def __init__(self, users: int = 0, kinds: int = 0) -> None:
        self.unsound = SOUND
        self.events = self.pairings = self.partings = self.seen = 0
        self._asked = 0
        self._now = -NEVER
        self._kinds = kinds
        self.least = NO_POOL
        self.never_repeats = self._remembers = False
        super().__init__(users)

    def take(self, rows: Rows) -> None:
        """Follows the rows of a block, up to the first event that is not plainly sound."""
        if self.unsound != SOUND:
            return
        count = rows.count
        if not (in_order(rows, self._now) and can_be_followed(rows, self._users)):
            newest, count = usable(rows, self._now, self._users)
            if newest >= self._users:
                self._make_room(max(newest + 1, 2 * self._users))
        if self._last + 2 * count > len(self._queue):
            self._make_room_in_queue(2 * count)
        if self._follow_all(rows, count) < rows.count:
            self.unsound = self.events

    def _follow_all(self, rows: Rows, count: int) -> int:
        """Follows the first rows of a block; returns how many were plainly sound.

        Pairings and partings by ``next`` are followed here, since most rows of long runs are such.
        """
        times, codes, firsts, seconds = rows.times, rows.codes, rows.firsts, rows.seconds
        where, latest, place, queue, since = self._where, self._latest, self._place, self._queue, self._since
        kept_apart, never_repeats = self._kept_apart, self.never_repeats
        for row in range(count):
            code = codes[row]
            first = firsts[row]
            second = seconds[row]
            kind = code & KIND
            if kind == PAIRED:
                if where[first] != IN_POOL or where[second] != IN_POOL or first == second:
                    return row
                if never_repeats and (latest[first] == second or latest[second] == first):
                    return row
                if kept_apart.couples and kept_apart.between(first, second):
                    return row
                where[first] = latest[first] = second
                where[second] = latest[second] = first
                self._size -= 2
                self.pairings += 1
                if self._remembers:
                    self._remember(first, second)
            elif kind == PARTED_NEXT:
                if where[first] != second or self._asked:
                    return row
                self._asked = PARTED_NEXT
                where[first] = where[second] = IN_POOL
                last = self._last
                queue[last] = second  # ahead of the user who asked
                queue[last + 1] = first
                place[second] = last
                place[first] = last + 1
                since[last] = since[last + 1] = times[row]
                self._last = last + 2
                self._size += 2
                self.partings += 1
            elif not self._follow(kind, first, second, times[row]):
                return row
            if code >= LAST:
                if self._size >= self.least and self._leaves_a_pair(times[row]):
                    return row
                if self._size == 0:
                    self._last = 0
                self._tried = self._last
                self._asked = 0
                self.events += 1
        self._now = times[count - 1] if count else self._now
        return count

    def _follow(self, kind: int, first: int, second: int, now: float) -> bool:
        """Follows a row of another kind; returns whether it is plainly sound."""
        self.seen |= 1 << kind
        if kind == QUIET:
            return True
        if kind == REFUSED:
            return self._refuse()
        if kind == JOINED:
            return self._join(first, second)
        if kind >= PARTED_NEXT:
            return self._part(kind, first, second, now)
        where = self._where[first]
        if where == OUTSIDE:
            return False
        if kind == LOBBY_LINE:
            return where < 0 and self._ask_once(LOBBY_LINE)
        if kind == PRIVATE_LINE:
            return where == second and self._ask_once(LOBBY_LINE)
        if kind == SEARCHING:
            return where < 0 and self._search(first, now)
        if kind == RETURNED:
            return where == IN_POOL and self._return(first)
        if kind == LEFT:
            return where < 0 and self._leave(first)
        if kind == BLOCKED:
            return where != second and first != second and self._block(first, second)
        if kind == UNBLOCKED:
            return self._unblock(first, second)
        return False

    def _ask_once(self, request: int) -> bool:
        """Enters the request of an event; returns whether it is the only one, as it has exactly one answer."""
        alone = self._asked == 0
        self._asked = request
        return alone

    def _ask_also(self, request: int) -> bool:
        """Enters the request of an event that may have several answers; returns whether all are of this request."""
        if self._asked & ~REFUSAL not in (0, request):
            return False
        self._asked |= request
        return True

    def _refuse(self) -> bool:
        """Enters a refusal: beside it there is no answer to a request that has exactly one."""
        request = self._asked & ~REFUSAL
        self._asked |= REFUSAL
        return request in (0, SEARCHING, PARTED_LOBBY, PARTED_LEAVE)

    def _join(self, user: int, kind: int) -> bool:
        """Enters a user in the lobby, who is of a kind for good."""
        if self._where[user] != OUTSIDE or kind < 0 or (self._kinds and kind >= self._kinds):
            return False
        self._where[user] = IN_LOBBY
        self._kind[user] = kind
        return True

    def _search(self, user: int, now: float) -> bool:
        """Lets a user search, from the lobby; one who is searching keeps their place."""
        if self._where[user] != IN_POOL:
            self._enter(user, now)
        return self._ask_also(SEARCHING)

    def _return(self, user: int) -> bool:
        """Puts a user back into the lobby."""
        self._where[user] = IN_LOBBY
        self._size -= 1
        return True

    def _leave(self, user: int) -> bool:
        """Takes a user away, with what they remember and all blocks of and against them."""
        if self._where[user] == IN_POOL:
            self._size -= 1
        self._where[user] = OUTSIDE
        self._latest[user] = NOBODY
        self._forget(user)
        self._kept_apart.forget(user)
        return True

    def _part(self, kind: int, user: int, partner: int, now: float) -> bool:
        """Ends a chat. Who leaves is in the lobby until the row that says so."""
        if kind > PARTED_LEAVE + TO_LOBBY or self._where[user] != partner:
            return False
        cause = kind - TO_LOBBY if kind & TO_LOBBY else kind
        self._where[user] = self._where[partner] = IN_LOBBY
        if not kind & TO_LOBBY:
            self._enter(partner, now)
        if cause in (PARTED_LOBBY, PARTED_LEAVE):
            return self._ask_also(cause)
        self._enter(user, now)
        if cause == PARTED_BLOCK:
            self._kept_apart.block(user, partner)
        return self._ask_once(cause)

    def _block(self, user: int, other: int) -> bool:
        """Enters a block of a user who is not the partner."""
        if self._where[other] == OUTSIDE:
            return False
        self._kept_apart.block(user, other)
        return self._ask_once(PARTED_BLOCK)

    def _unblock(self, user: int, other: int) -> bool:
        """Takes back a block, after which any two may have to be tried again."""
        self._tried = 0
        return self._kept_apart.unblock(user, other) and self._ask_once(UNBLOCKED)

    def _remember(self, first: int, second: int) -> None:
        """Called for each pairing if a rule ``_remembers`` more than latest partners."""

    def _forget(self, user: int) -> None:
        """Called for each user who leaves."""

    def _leaves_a_pair(self, now: float) -> bool:
        """Returns whether the policy's rule allows a pair of the pool, after an event at ``now``."""
        return False
