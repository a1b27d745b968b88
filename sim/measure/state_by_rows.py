"""The state of a run as rows tell it: who is where, who remembers whom, who is kept apart, and who is searching."""

from array import array

from sim.kernel.growing import longer
from sim.measure.kept_apart import KeptApart
from sim.measure.whereabouts import IN_POOL, OUTSIDE


class StateByRows:
    """Users, their partners and the pool, with room for as many as come.

    The users searching are listed in the order in which they began. A user who stops searching stays on the list until
    it is tidied: an entry counts only while its user is in the pool and it is the user's latest.

    Args:
        users: how many users there will be, as far as is known; more may come.
    """

    def __init__(self, users: int) -> None:
        self._users = self._size = self._last = self._tried = 0
        self._kept_apart = KeptApart()
        self._where = array("i")
        self._latest = array("i")
        self._kind = array("i")
        self._place = array("i")
        self._queue = array("i")
        self._since = array("d")
        self._make_room(users)

    def _enter(self, user: int, now: float) -> None:
        """Puts a user into the pool, behind all others."""
        self._where[user] = IN_POOL
        self._queue[self._last] = user
        self._since[self._last] = now
        self._place[user] = self._last
        self._last += 1
        self._size += 1

    def _met_last(self, first: int, second: int) -> bool:
        """Returns whether either of two users had the other as latest partner."""
        return self._latest[first] == second or self._latest[second] == first

    def _are_apart(self, one: int, other: int) -> bool:
        """Returns whether a block keeps the users of two entries apart."""
        return self._kept_apart.couples > 0 and self._kept_apart.between(self._queue[one], self._queue[other])

    def _any_may_meet(self, entries: int) -> bool:
        """Returns whether any two users of the first entries are not kept apart by a block."""
        for newer in range(1, entries):
            for older in range(newer):
                if not self._are_apart(older, newer):
                    return True
        return False

    def _tidy(self) -> None:
        """Drops the entries that do not count."""
        if self._last == self._size:
            return
        tried = self._tried
        kept = self._tried = 0
        for entry in range(self._last):
            user = self._queue[entry]
            if self._where[user] == IN_POOL and self._place[user] == entry:
                self._queue[kept] = user
                self._since[kept] = self._since[entry]
                self._place[user] = kept
                kept += 1
                if entry < tried:
                    self._tried = kept
        self._last = kept

    def _make_room(self, users: int) -> None:
        """Makes room for so many users."""
        self._users = users
        self._where = longer(self._where, users, OUTSIDE)
        self._latest = longer(self._latest, users)
        self._kind = longer(self._kind, users, 0)
        self._place = longer(self._place, users)
        self._kept_apart.make_room(users)

    def _make_room_in_queue(self, entries: int) -> None:
        """Makes room for so many further entries."""
        self._tidy()
        if self._last + entries > len(self._queue):
            room = 2 * (self._last + entries)
            self._queue = longer(self._queue, room)
            self._since = longer(self._since, room, 0, "d")
