"""A run as columns of numbers: written by the recorder, read by all measures."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One run on the state machine, in chronological order.

    Users are numbered 0 … users − 1 in the order in which they first joined; times are in seconds.

    Attributes:
        users: number of different users in the whole run.
        start: start of the measurement, the time of the first event.
        end: end of the measurement, where stays in progress are cut off.
        events: number of events that the core handled.
        change_time: time of a change of state, shape (changes,).
        change_user: the user concerned, shape (changes,).
        change_state: the new ``roulette_core.State``, shape (changes,). A user in private who asks for the next partner
            has one change to SEARCHING, and one to PRIVATE at the next pairing.
        pair_time: time of a pairing, shape (pairings,).
        pair_first: one of the two users, shape (pairings,).
        pair_second: the other, shape (pairings,).
        draw_pairing: the pairings sampled as draws, by position in the columns above, shape (draws,).
        draw_pool: size of the pool just before, the two included, more than 2, shape (draws,).
        draw_rank: which of the C(pool, 2) pairs was drawn, by a numbering that does not depend on the draw, shape
            (draws,).
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
        """Length of the run, in seconds."""
        return self.end - self.start

    @property
    def pairings(self) -> int:
        """Number of pairings."""
        return len(self.pair_time)
