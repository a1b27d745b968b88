"""The twin of ``roulette_core.Roulette`` on seats: events go in as calls, what happens goes out as rows.

Users are numbers: whoever joins has a seat, and comes back to it. What a user may do in each state is what
``roulette_core/states.py`` says, and the rows are to the last bit what the core's effects give. It knows no names, no
texts, no attributes, no blocks of others than the partner, and takes no block back. A request by a user who is not
present, or the joining of one who is, breaks the contract, and the core would raise; here nothing is checked.
"""

from array import array

from roulette_core import Place
from roulette_core.policies import NEVER
from sim.kernel.growing import longer
from sim.kernel.policy import SeatPolicy
from sim.kernel.states import IN_LOBBY, IN_POOL, IN_PRIVATE, OUTSIDE
from sim.rows.block import Rows
from sim.rows.codes import (
    JOINED,
    LEFT,
    LOBBY_LINE,
    NOBODY,
    PAIRED,
    PARTED_BLOCK,
    PARTED_LEAVE,
    PARTED_LOBBY,
    PARTED_NEXT,
    PRIVATE_LINE,
    REFUSED,
    RETURNED,
    SEARCHING,
    TO_LOBBY,
)


class SeatRoulette:
    """Users in a lobby who ask for private chats, and the policy that pairs them.

    Each method below is one event and ends with the last row of it. Overdue pairings come first, as if ``tick`` had
    been called just before. ``now`` is the time in seconds; it never decreases.

    Args:
        policy: decides who is paired with whom; it belongs to this roulette.
        rows: what happens is written there.
        seats: how many users there will be, as far as is known; more may come.
        left_behind: where a partner goes whose chat the other has ended.

    Attributes:
        deadline: when a ``tick`` is due, in seconds; ``NEVER`` if nothing will happen by time alone.
        states: the state of each user, as a number of ``roulette_core.State``.
        partners: the partner of each user in private; ``NOBODY`` otherwise.
        seats: the number of users there is room for.
    """

    def __init__(self, policy: SeatPolicy, rows: Rows, seats: int = 0, left_behind: Place = "searching") -> None:
        self.policy = policy
        self.rows = rows
        self.deadline = NEVER
        self.seats = 0
        self.states = array("b")
        self.partners = array("i")
        self._to_lobby = TO_LOBBY if left_behind == "lobby" else 0
        self._searching = 0
        self._pool_changed = False
        self._make_room(seats)

    def join(self, seat: int, kind: int, now: float) -> None:
        """A user of a kind joins the lobby."""
        if now >= self.deadline:
            self._draw_pairs(now)
        if seat >= self.seats:
            self._make_room(max(seat + 1, 2 * self.seats))
        self.states[seat] = IN_LOBBY
        self.rows.add(now, JOINED, seat, kind)
        self._end(now)

    def say(self, seat: int, now: float) -> None:
        """A user says a line: to the partner in private, to the lobby otherwise."""
        if now >= self.deadline:
            self._draw_pairs(now)
        partner = self.partners[seat]
        self.rows.add(now, LOBBY_LINE if partner == NOBODY else PRIVATE_LINE, seat, partner)
        self._end(now)

    def start(self, seat: int, topics: int, now: float) -> None:
        """A user asks for a private chat; one who is searching keeps their place and changes their topics.

        Args:
            seat: the user.
            topics: what they want to talk about, one bit for each topic; 0 means any topic.
            now: the time, in seconds.
        """
        if now >= self.deadline:
            self._draw_pairs(now)
        state = self.states[seat]
        if state == IN_PRIVATE:
            self._refuse(seat, now)
        else:
            self.rows.add(now, SEARCHING, seat, NOBODY)
            self.policy.wants(seat, topics, state == IN_POOL)
            if state == IN_POOL:
                self._pool_changed = True
            else:
                self._search(seat, now)
        self._end(now)

    def next(self, seat: int, now: float) -> None:
        """A user in private asks for another partner."""
        if now >= self.deadline:
            self._draw_pairs(now)
        if self.states[seat] == IN_PRIVATE:
            self._part(seat, PARTED_NEXT, now)
            self._search(seat, now)
        else:
            self._refuse(seat, now)
        self._end(now)

    def block(self, seat: int, now: float) -> None:
        """A user in private blocks the partner: the chat ends, and they never meet again until either leaves."""
        if now >= self.deadline:
            self._draw_pairs(now)
        if self.states[seat] == IN_PRIVATE:
            self.policy.blocks.add(seat, self.partners[seat])
            self._part(seat, PARTED_BLOCK, now)
            self._search(seat, now)
        else:
            self._refuse(seat, now)
        self._end(now)

    def lobby(self, seat: int, now: float) -> None:
        """A user goes back to the lobby, from searching or from private."""
        if now >= self.deadline:
            self._draw_pairs(now)
        state = self.states[seat]
        if state == IN_LOBBY:
            self._refuse(seat, now)
        elif state == IN_PRIVATE:
            self._part(seat, PARTED_LOBBY, now)
        else:
            self._stop_searching(seat)
            self.rows.add(now, RETURNED, seat, NOBODY)
        self.states[seat] = IN_LOBBY
        self._end(now)

    def leave(self, seat: int, now: float) -> None:
        """A user leaves, or has vanished."""
        if now >= self.deadline:
            self._draw_pairs(now)
        state = self.states[seat]
        if state == IN_PRIVATE:
            self._part(seat, PARTED_LEAVE, now)
        elif state == IN_POOL:
            self._stop_searching(seat)
        self.states[seat] = OUTSIDE
        self.policy.forget(seat)
        self.policy.blocks.forget(seat)
        self.rows.add(now, LEFT, seat, NOBODY)
        self._end(now)

    def tick(self, now: float) -> None:
        """Time has passed without any request: to be called at ``deadline``."""
        if now >= self.deadline:
            self._draw_pairs(now)
        self._end(now)

    def _end(self, now: float) -> None:
        """Ends an event: draws pairs if the pool has changed."""
        if self._pool_changed:
            self._draw_pairs(now)
        self.rows.end(now)

    def _refuse(self, seat: int, now: float) -> None:
        self.rows.add(now, REFUSED, seat, NOBODY)

    def _part(self, seat: int, cause: int, now: float) -> None:
        """Ends a chat, and lets the partner search again or puts them into the lobby."""
        partner = self.partners[seat]
        self.partners[seat] = self.partners[partner] = NOBODY
        self.rows.add(now, cause + self._to_lobby, seat, partner)
        if self._to_lobby:
            self.states[partner] = IN_LOBBY
        else:
            self._search(partner, now)  # ahead of the user who left

    def _search(self, seat: int, now: float) -> None:
        """Puts a user into the pool."""
        self.states[seat] = IN_POOL
        self._searching += 1
        self.policy.enter(seat, now)
        self._pool_changed = True

    def _stop_searching(self, seat: int) -> None:
        self._searching -= 1
        self.policy.leave(seat)
        self._pool_changed = True

    def _draw_pairs(self, now: float) -> None:
        """Asks the policy for pairs until it finds none."""
        policy = self.policy
        while self._searching > 1 and policy.draw(now):
            first = policy.first
            second = policy.second
            policy.paired(first, second)
            self._searching -= 2
            self.states[first] = self.states[second] = IN_PRIVATE
            self.partners[first] = second
            self.partners[second] = first
            self.rows.add(now, PAIRED, first, second)
        self._pool_changed = False
        if policy.has_deadlines:
            self.deadline = policy.deadline(now)

    def _make_room(self, seats: int) -> None:
        """Makes room for so many users."""
        self.seats = seats
        self.states = longer(self.states, seats, OUTSIDE, "b")
        self.partners = longer(self.partners, seats)
        self.policy.make_room(seats)
