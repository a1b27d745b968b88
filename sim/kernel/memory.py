"""What users remember of each other: their latest partners, and whom they have blocked.

A memory belongs to the user who remembers: it is dropped when they leave, while what others remember of them stays
until newer partners push it out. Blocks end when either of the two leaves.
"""

from array import array

from sim.kernel.growing import longer
from sim.rows.codes import NOBODY


class Latest:
    """Each user's latest partner."""

    def __init__(self) -> None:
        self.partner = array("i")

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        self.partner = longer(self.partner, seats)

    def remember(self, first: int, second: int) -> None:
        """Records that two users are paired."""
        self.partner[first] = second
        self.partner[second] = first

    def between(self, first: int, second: int) -> bool:
        """Returns whether either of two users had the other as latest partner."""
        return self.partner[first] == second or self.partner[second] == first

    def forget(self, seat: int) -> None:
        """Drops the partner of a user who has left."""
        self.partner[seat] = NOBODY


class Recent:
    """Each user's last ``depth`` partners, repetitions included: a ring for each seat, all in one array."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.partners = array("i")
        self.met = array("i")

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        self.partners = longer(self.partners, seats * self.depth)
        self.met = longer(self.met, seats, 0)

    def remember(self, first: int, second: int) -> None:
        """Records that two users are paired."""
        self._append(first, second)
        self._append(second, first)

    def times(self, first: int, second: int) -> int:
        """Returns how often two users have met, by the longer memory of the two."""
        by_first = self._count(first, second)
        by_second = self._count(second, first)
        return by_first if by_first > by_second else by_second

    def forget(self, seat: int) -> None:
        """Drops the partners of a user who has left."""
        self.met[seat] = 0

    def _append(self, seat: int, partner: int) -> None:
        met = self.met[seat]
        self.partners[seat * self.depth + met % self.depth] = partner
        self.met[seat] = met + 1

    def _count(self, seat: int, partner: int) -> int:
        """Returns how often a user remembers another."""
        begin = seat * self.depth
        known = self.met[seat]
        if known > self.depth:
            known = self.depth
        count = 0
        for place in range(begin, begin + known):
            if self.partners[place] == partner:
                count += 1
        return count


class Blocks:
    """Which users must not be paired with each other: for each user a list of the others.

    All lists are in two arrays. The two entries of a pair stand side by side, at an even
    place and the next, so that of an ``entry`` the other one is ``entry ^ 1``. Checking a
    pair takes time by the number of users kept apart from one of the two, and next to none where there are none.
    """

    def __init__(self) -> None:
        self.head = array("i")
        self.other = array("i")
        self.after = array("i")
        self.before = array("i")
        self.free = NOBODY
        self.pairs = 0

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        self.head = longer(self.head, seats)

    def add(self, user: int, other: int) -> None:
        """Keeps two users apart, who have not been kept apart before."""
        if self.free == NOBODY:
            self._make_room_for_pairs()
        entry = self.free
        self.free = self.after[entry]
        self._list(entry, user, other)
        self._list(entry ^ 1, other, user)
        self.pairs += 1

    def between(self, first: int, second: int) -> bool:
        """Returns whether two users are kept apart."""
        entry = self.head[first] if self.pairs else NOBODY
        while entry != NOBODY:
            if self.other[entry] == second:
                return True
            entry = self.after[entry]
        return False

    def forget(self, seat: int) -> None:
        """Drops all pairs of a user who has left."""
        while self.head[seat] != NOBODY:
            entry = self.head[seat]
            twin = entry ^ 1
            self._unlist(twin, self.other[entry])
            self._unlist(entry, seat)
            pair = entry if entry < twin else twin
            self.after[pair] = self.free
            self.free = pair
            self.pairs -= 1

    def _list(self, entry: int, user: int, other: int) -> None:
        """Puts an entry at the front of a user's list."""
        following = self.head[user]
        self.other[entry] = other
        self.before[entry] = NOBODY
        self.after[entry] = following
        if following != NOBODY:
            self.before[following] = entry
        self.head[user] = entry

    def _unlist(self, entry: int, user: int) -> None:
        """Takes an entry out of a user's list."""
        preceding = self.before[entry]
        following = self.after[entry]
        if preceding == NOBODY:
            self.head[user] = following
        else:
            self.after[preceding] = following
        if following != NOBODY:
            self.before[following] = preceding

    def _make_room_for_pairs(self) -> None:
        """Doubles the number of entries, and chains the new pairs as free."""
        entries = len(self.other)
        more = 2 * entries if entries else 64
        self.other = longer(self.other, more)
        self.after = longer(self.after, more)
        self.before = longer(self.before, more)
        for entry in range(entries, more, 2):
            self.after[entry] = self.free
            self.free = entry
