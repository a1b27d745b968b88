"""Finding one's way back along a column: the one piece of sorting that all measures share."""

import numpy as np
import numpy.typing as npt

from sim.trace import Integers

Positions = npt.NDArray[np.int32]


def previous_of_same(users: Integers) -> Positions:
    """For each entry of a column, where its user last appeared before.

    Args:
        users: user numbers, 0 or more, in the order of what happened, shape (any,), at most 2**31 entries.

    Returns:
        Positions in ``users``, −1 for a user's first appearance, same shape.
    """
    order = _order(users)
    sorted_users = users[order]
    same = sorted_users[1:] == sorted_users[:-1]
    previous = np.full(len(users), -1, dtype=np.int32)
    previous[order[1:][same]] = order[:-1][same]
    return previous


def _order(users: Integers) -> Positions:
    """What ``np.argsort(users, kind="stable")`` gives, at a third of its cost.

    Numbers of 16 bits are those which numpy sorts by radix; larger ones are sorted digit by such digit.
    """
    order = np.argsort(users.astype(np.uint16), kind="stable").astype(np.int32)
    largest = int(users.max(initial=0))
    for shift in range(16, largest.bit_length(), 16):
        digit = (users >> shift).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
    return order
