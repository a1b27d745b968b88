"""What happened in one run, as columns of numbers: written by the recorder, read by everything that measures."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One run on the state machine, in the order of what happened.

    Users are numbered 0 … users − 1 in the order in which they first joined; times are in seconds.

    Attributes:
        users: how many different users there ever were.
        start: when measuring began (the first event's time).
        end: when measuring ended; what was then still going on is cut off there.
        events: how many events the core handled.
        change_time: when a user's state changed, shape (changes,).
        change_user: whose, shape (changes,).
        change_state: to which ``roulette_core.State``, shape (changes,). A user in private who asks for the next
            has one change to SEARCHING, and one to PRIVATE at the next pairing.
        pair_time: when two were paired, shape (pairings,).
        pair_first: one of them, shape (pairings,).
        pair_second: the other, shape (pairings,).
        draw_pairing: which pairings were looked at as draws: positions in the columns above, shape (draws,).
        draw_pool: how many were searching just before, the two included, more than 2, shape (draws,).
        draw_rank: which of the C(pool, 2) pairs was drawn, numbered before the draw in a way that does not depend
            on it, shape (draws,).
    """

    users: int
    start: float
    end: float
    events: int
    change_time: Floats
    change_user: Integers
    change_state: Integers
    pair_time: Floats
    pair_first: Integers
    pair_second: Integers
    draw_pairing: Integers
    draw_pool: Integers
    draw_rank: Integers

    @property
    def duration(self) -> float:
        """How long the run lasted, in seconds."""
        return self.end - self.start

    @property
    def pairings(self) -> int:
        """How many pairings there were."""
        return len(self.pair_time)
