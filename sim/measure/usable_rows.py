"""Whether rows name users who can exist, at times that do not run back: asked of a whole block before it is followed.

So whoever follows the rows may use their numbers as indices, however damaged the rows are.
"""

from typing import Final

import numpy as np

from sim.rows import Rows
from sim.rows.codes import JOINED, KIND, LAST, NOBODY, PRIVATE_LINE, REFUSED

MOST_USERS: Final = 1 << 26
"""A user with a larger number is taken for damage."""


def in_order(rows: Rows, now: float) -> bool:
    """Returns whether times begin at ``now`` or later, and do not run back."""
    times = np.asarray(rows.times)[: rows.count]
    return not rows.count or bool(times[0] >= now and np.all(times[1:] >= times[:-1]))


def can_be_followed(rows: Rows, users: int) -> bool:
    """Returns whether codes can be and all users named have numbers below ``users``. May say no for nothing."""
    count = rows.count
    codes = np.asarray(rows.codes)[:count]
    firsts, seconds = np.asarray(rows.firsts)[:count], np.asarray(rows.seconds)[:count]
    if not count or max(firsts.max(), seconds.max()) >= users or codes.view(np.uint8).max() > KIND + LAST:
        return False
    kinds = codes & KIND
    return not np.any((kinds >= JOINED) & (firsts < 0)) and not np.any((kinds >= PRIVATE_LINE) & (seconds < 0))


def usable(rows: Rows, now: float, users: int) -> tuple[int, int]:
    """Returns the largest number of a user who joins, and how many rows there are up to the first that is damaged.

    Args:
        rows: the block.
        now: the time of the row before it, in seconds.
        users: how many users there is room for.
    """
    count = rows.count
    if not count:
        return NOBODY, 0
    times, codes = np.asarray(rows.times)[:count], np.asarray(rows.codes)[:count]
    firsts, seconds = np.asarray(rows.firsts)[:count], np.asarray(rows.seconds)[:count]
    kinds = codes & KIND
    joining = firsts[(kinds == JOINED) & (firsts < MOST_USERS)]
    newest = int(joining.max(initial=NOBODY))
    room = max(users, newest + 1)
    damaged = codes.view(np.uint8) > KIND + LAST
    damaged |= (kinds > REFUSED) & ((firsts < 0) | (firsts >= room))
    damaged |= (kinds >= PRIVATE_LINE) & ((seconds < 0) | (seconds >= room))
    damaged |= (kinds == JOINED) & (seconds < 0)
    damaged |= ~(times >= np.append(now, times[:-1]))
    first = np.flatnonzero(damaged)
    return newest, int(first[0]) if len(first) else count
