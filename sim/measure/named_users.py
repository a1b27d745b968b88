"""Which users the rows of a block name, so that whoever follows them may use the numbers as indices."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.measure.usable_rows import MOST_USERS
from sim.rows import Rows
from sim.rows.codes import JOINED, KIND, LAST, NOBODY, PRIVATE_LINE


def newest_user(rows: Rows) -> int:
    """Returns the largest number of those who join; ``NOBODY`` if none does."""
    kinds = np.asarray(rows.codes)[: rows.count] & KIND
    joining = np.asarray(rows.firsts)[: rows.count][kinds == JOINED]
    return int(joining[joining < MOST_USERS].max(initial=NOBODY))


def known_codes(rows: Rows, users: int) -> npt.NDArray[Any]:
    """Returns the codes of the rows, as those of no effect where a row names a user with no number below ``users``."""
    codes = np.asarray(rows.codes)[: rows.count]
    firsts, seconds = np.asarray(rows.firsts)[: rows.count], np.asarray(rows.seconds)[: rows.count]
    kinds = codes & KIND
    damaged = codes.view(np.uint8) > KIND + LAST
    damaged |= (kinds >= JOINED) & ((firsts < 0) | (firsts >= users))
    damaged |= (kinds >= PRIVATE_LINE) & ((seconds < 0) | (seconds >= users))
    return np.where(damaged, codes & LAST, codes).astype(np.int8)
