"""The users who are searching, as two policies need them: in the order in which they came, or numbered for draws."""

from array import array

from roulette_core._pool import FEW
from sim.kernel.growing import longer
from sim.rows.codes import NOBODY


class WaitingPool:
    """The users who are searching, in the order in which they began: a linked list in two arrays.

    Entering and leaving take constant time.

    Attributes:
        size: how many there are.
        head: the longest-waiting user, or ``NOBODY``.
        tail: the newest, or ``NOBODY``.
        after: for each user of the pool the next newer one, or ``NOBODY``.
        before: for each user of the pool the next older one, or ``NOBODY``.
        since: when each began to search, in seconds.
    """

    def __init__(self) -> None:
        self.size = 0
        self.head = self.tail = NOBODY
        self.after = array("i")
        self.before = array("i")
        self.since = array("d")

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        self.after = longer(self.after, seats)
        self.before = longer(self.before, seats)
        self.since = longer(self.since, seats, 0, "d")

    def enter(self, seat: int, now: float) -> None:
        """Puts a user behind all others."""
        tail = self.tail
        self.after[seat] = NOBODY
        self.before[seat] = tail
        if tail == NOBODY:
            self.head = seat
        else:
            self.after[tail] = seat
        self.tail = seat
        self.since[seat] = now
        self.size += 1

    def leave(self, seat: int) -> None:
        """Takes a user out."""
        older = self.before[seat]
        newer = self.after[seat]
        if older == NOBODY:
            self.head = newer
        else:
            self.after[older] = newer
        if newer == NOBODY:
            self.tail = older
        else:
            self.before[newer] = older
        self.size -= 1

    def first_untried(self, now: float) -> int:
        """Returns the longest-waiting of those who entered at ``now``, the latest time of all; or ``NOBODY``.

        They are those to try under a policy that has drawn every pair it could after each event so far, if two who may
        not meet now may not meet later either while both are waiting. In a pool of ``FEW``, all are tried.
        """
        if self.size <= FEW:
            return self.head
        first = NOBODY
        seat = self.tail
        while seat != NOBODY and self.since[seat] == now:
            first = seat
            seat = self.before[seat]
        return first


class NumberedPool:
    """The users who are searching, numbered from 0. Entering, leaving and looking up a number take constant time.

    The user with the last number takes the number of one who leaves, so a number says nothing about the waiting time.

    Attributes:
        size: how many there are.
        users: the user with each number, below ``size``.
    """

    def __init__(self) -> None:
        self.size = 0
        self.users = array("i")
        self._numbers = array("i")

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        self.users = longer(self.users, seats)
        self._numbers = longer(self._numbers, seats)

    def holds(self, seat: int) -> bool:
        """Returns whether a user is in the pool."""
        return self._numbers[seat] != NOBODY

    def enter(self, seat: int) -> None:
        """Gives a user the next number."""
        self.users[self.size] = seat
        self._numbers[seat] = self.size
        self.size += 1

    def leave(self, seat: int) -> None:
        """Takes a user out; the last one fills the gap."""
        number = self._numbers[seat]
        self.size -= 1
        last = self.users[self.size]
        self.users[number] = last
        self._numbers[last] = number
        self._numbers[seat] = NOBODY

    def clear(self) -> None:
        """Takes all users out."""
        while self.size:
            self.leave(self.users[self.size - 1])
