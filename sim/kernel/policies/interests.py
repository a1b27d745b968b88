"""``roulette_core.policies.Interests`` on seats."""

from array import array

from roulette_core.policies import NEVER
from sim.kernel.choices import Choices
from sim.kernel.growing import longer
from sim.kernel.memory import Latest
from sim.kernel.policies.in_order import InOrder
from sim.kernel.pool import NumberedPool
from sim.rows.codes import NOBODY


class Interests(InOrder):
    """Two users who share an interest meet at once; failing that, two who are open to any topic.

    A user is open at once if they named no topic, otherwise after ``patience``. Patience runs out in the order in which
    users came, so the impatient are at the front of the pool.

    Only a user who has just entered, or has just become open, can complete a pair. A draw tries those, each with all of
    the pool: more than two wait for one topic only because of blocks, so the number of topics bounds its size.

    Args:
        choices: not asked.
        patience: how long to wait for a shared topic, in seconds.
    """

    def __init__(self, choices: Choices, patience: float) -> None:
        super().__init__(choices)
        self.latest = Latest()
        self.patience = patience
        self.has_deadlines = True
        self._topics = array("Q")
        self._impatient = array("b")
        self._first_patient = NOBODY
        self._untried = NumberedPool()
        self._arrivals = 0
        self._arrival = array("q")

    def make_room(self, seats: int) -> None:
        """Makes room for so many seats."""
        InOrder.make_room(self, seats)  # not super(), of which a compiled method knows nothing
        self.latest.make_room(seats)
        self._topics = longer(self._topics, seats, 0, "Q")
        self._impatient = longer(self._impatient, seats, 0, "b")
        self._untried.make_room(seats)
        self._arrival = longer(self._arrival, seats, 0, "q")

    def wants(self, seat: int, topics: int, waiting: bool) -> None:
        """Remembers what the user wants to talk about, and tries a user of the pool anew."""
        self._topics[seat] = topics
        if waiting and not self._untried.holds(seat):
            self._untried.enter(seat)

    def enter(self, seat: int, now: float) -> None:
        """Puts the user behind all others, patient and untried."""
        self.pool.enter(seat, now)
        self._arrivals += 1
        self._arrival[seat] = self._arrivals
        self._impatient[seat] = False
        if self._first_patient == NOBODY:
            self._first_patient = seat
        self._untried.enter(seat)

    def leave(self, seat: int) -> None:
        """Takes the user out of the pool and all else."""
        if seat == self._first_patient:
            self._first_patient = self.pool.after[seat]
        if self._untried.holds(seat):
            self._untried.leave(seat)
        self.pool.leave(seat)

    def draw(self, now: float) -> bool:
        """Finds a pair of those who can complete one: a shared topic first, then the longest-waiting."""
        found = self._try()
        while not found and self._first_patient != NOBODY:
            seat = self._first_patient
            if self.pool.since[seat] + self.patience > now:
                break
            self._first_patient = self.pool.after[seat]
            self._impatient[seat] = True
            self._untried.enter(seat)
            found = self._try()
        return found

    def paired(self, first: int, second: int) -> None:
        """Takes the two out of the pool and remembers them as each other's latest partner."""
        self.leave(first)
        self.leave(second)
        self.latest.remember(first, second)

    def forget(self, seat: int) -> None:
        """Drops the user's latest partner."""
        self.latest.forget(seat)

    def deadline(self, now: float) -> float:
        """Returns when the next user loses patience, if another user is there to meet."""
        if self.pool.size < 2 or self._first_patient == NOBODY:
            return NEVER
        return self.pool.since[self._first_patient] + self.patience

    def _try(self) -> bool:
        found = self._complete(True) or self._complete(False)
        if not found:
            # None of them completes a pair, so none will until another user enters or becomes open.
            self._untried.clear()
        return found

    def _complete(self, sharing: bool) -> bool:
        """Finds the longest-waiting pair that one of the untried completes, by a shared topic or by both being open."""
        first, second = NOBODY, NOBODY
        for number in range(self._untried.size):
            user = self._untried.users[number]
            other = self._first_to_meet(user, sharing)
            if other != NOBODY:
                if self._arrival[other] < self._arrival[user]:
                    user, other = other, user
                if first == NOBODY or self._is_ahead(user, other, first, second):
                    first, second = user, other
        self.first, self.second = first, second
        return first != NOBODY

    def _is_ahead(self, user: int, other: int, first: int, second: int) -> bool:
        """Returns whether the first pair has waited longer than the second."""
        if user == first:
            return self._arrival[other] < self._arrival[second]
        return self._arrival[user] < self._arrival[first]

    def _first_to_meet(self, user: int, sharing: bool) -> int:
        """Returns the longest-waiting of those whom a user may meet, by a shared topic or by both being open."""
        if self._topics[user] == 0 if sharing else not self._is_open(user):
            return NOBODY
        other = self.pool.head
        while other != NOBODY:
            fits = self._share(user, other) if sharing else self._are_open(user, other)
            if fits and other != user and not self.blocks.between(user, other):
                return other
            other = self.pool.after[other]
        return NOBODY

    def _share(self, user: int, other: int) -> bool:
        """Returns whether two users have a topic in common, and have not just left each other."""
        return self._topics[user] & self._topics[other] != 0 and not self.latest.between(user, other)

    def _are_open(self, user: int, other: int) -> bool:
        """Returns whether the other is open, too, and they have not just left each other, unless both are impatient."""
        both_impatient = self._impatient[user] + self._impatient[other] == 2
        return self._is_open(other) and (both_impatient or not self.latest.between(user, other))

    def _is_open(self, user: int) -> bool:
        """Returns whether a user is open to any topic."""
        return self._topics[user] == 0 or self._impatient[user] != 0
