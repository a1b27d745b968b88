"""Who has blocked whom, worked out from rows: for each user a list, all lists in a few arrays."""

from array import array

from sim.kernel.growing import longer
from sim.rows.codes import NOBODY


class KeptApart:
    """Which users a block keeps apart, and whose block it is.

    A couple has two entries, at an even place and the next, one in the list of either.

    Attributes:
        couples: how many couples are kept apart.
    """

    def __init__(self) -> None:
        self.couples = 0
        self._head = array("i")
        self._other = array("i")
        self._after = array("i")
        self._own = array("b")
        self._free = NOBODY

    def make_room(self, users: int) -> None:
        """Makes room for so many users."""
        self._head = longer(self._head, users)

    def block(self, user: int, other: int) -> None:
        """Enters that a user has blocked another."""
        entry = self._find(user, other)
        if entry == NOBODY:
            entry = self._new_couple(user, other)
        self._own[entry] = 1

    def unblock(self, user: int, other: int) -> bool:
        """Takes back a user's own block; returns whether there was one."""
        entry = self._find(user, other)
        if entry == NOBODY or not self._own[entry]:
            return False
        self._own[entry] = 0
        if not self._own[_twin(entry)]:
            self._drop(entry, user, other)
        return True

    def between(self, user: int, other: int) -> bool:
        """Returns whether a block of either keeps two users apart."""
        return self._find(user, other) != NOBODY

    def forget(self, user: int) -> None:
        """Ends all blocks of a user who has left, and all against them."""
        while self._head[user] != NOBODY:
            entry = self._head[user]
            self._drop(entry, user, self._other[entry])

    def _find(self, user: int, other: int) -> int:
        """Returns a user's entry for another, or ``NOBODY``."""
        entry = self._head[user]
        while entry != NOBODY and self._other[entry] != other:
            entry = self._after[entry]
        return entry

    def _new_couple(self, user: int, other: int) -> int:
        """Lists two users with each other; returns the entry of the first."""
        if self._free == NOBODY:
            self._make_room_for_couples()
        entry = self._free
        self._free = self._after[entry]
        self._list(entry, user, other)
        self._list(entry + 1, other, user)
        self.couples += 1
        return entry

    def _list(self, entry: int, user: int, other: int) -> None:
        """Puts an entry at the front of a user's list."""
        self._other[entry] = other
        self._own[entry] = 0
        self._after[entry] = self._head[user]
        self._head[user] = entry

    def _drop(self, entry: int, user: int, other: int) -> None:
        """Takes both entries of a couple out of their lists."""
        twin = _twin(entry)
        self._unlist(entry, user)
        self._unlist(twin, other)
        first = entry if entry < twin else twin
        self._after[first] = self._free
        self._free = first
        self.couples -= 1

    def _unlist(self, entry: int, user: int) -> None:
        """Takes an entry out of a user's list."""
        here = self._head[user]
        if here == entry:
            self._head[user] = self._after[entry]
            return
        while self._after[here] != entry:
            here = self._after[here]
        self._after[here] = self._after[entry]

    def _make_room_for_couples(self) -> None:
        """Doubles the number of entries, and chains the new couples as free."""
        entries = len(self._other)
        more = 2 * entries if entries else 64
        self._other = longer(self._other, more)
        self._after = longer(self._after, more)
        self._own = longer(self._own, more, 0, "b")
        for entry in range(entries, more, 2):
            self._after[entry] = self._free
            self._free = entry


def _twin(entry: int) -> int:
    """Returns the entry of the other of a couple."""
    return entry + 1 if entry % 2 == 0 else entry - 1
