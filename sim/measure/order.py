"""Finds earlier entries of the same user in a column: the one kind of sorting that all measures share."""

import numpy as np
import numpy.typing as npt

from sim.trace import Integers

Positions = npt.NDArray[np.int32]


def previous_of_same(users: Integers) -> Positions:
    """Returns the position of each entry's predecessor of the same user; −1 for a user's first entry.

    Args:
        users: user numbers, 0 or more, in chronological order, at most 2**31 entries.
    """
    order = _order(users)
    sorted_users = users[order]
    same = sorted_users[1:] == sorted_users[:-1]
    previous = np.full(len(users), -1, dtype=np.int32)
    previous[order[1:][same]] = order[:-1][same]
    return previous


def _order(users: Integers) -> Positions:
    """Returns ``np.argsort(users, kind="stable")``, at a third of its cost.

    numpy sorts numbers of 16 bits by radix; larger ones are sorted here digit by digit of that size.
    """
    order = np.argsort(users.astype(np.uint16), kind="stable").astype(np.int32)
    largest = int(users.max(initial=0))
    for shift in range(16, largest.bit_length(), 16):
        digit = (users >> shift).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
    return order
