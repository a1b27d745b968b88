"""What a row can mean: one small whole number for each kind of effect, and for the end of an event.

A row is a time in seconds, a code, a first user and a second, who are whole numbers from 0:

| code | first | second |
|---|---|---|
| ``QUIET``: an event without effects | ``NOBODY`` | ``NOBODY`` |
| ``REFUSED``, ``RETURNED``, ``SEARCHING``, ``LEFT``, ``LOBBY_LINE`` | the user | ``NOBODY`` |
| ``JOINED`` | the user | their kind: the number of their persona, 0 where there are none |
| ``PRIVATE_LINE`` | who says it | who receives it |
| ``BLOCKED``, ``UNBLOCKED`` | who asks | the other |
| ``PAIRED`` | one of the two | the other |
| ``PARTED`` + 2 · cause + place | who ended the chat | the partner left behind |

A user who parts by leaving is moved by the ``LEFT`` that follows. In all other partings that lead back to the pool, the
partner enters it ahead of the user who asked, as in ``roulette_core``.

This module is not compiled: compiled ones take its numbers over when they are imported.
"""

from typing import Final

from roulette_core import Cause, Place

NOBODY: Final = -1

QUIET: Final = 0
REFUSED: Final = 1
JOINED: Final = 2
RETURNED: Final = 3
SEARCHING: Final = 4
LEFT: Final = 5
LOBBY_LINE: Final = 6
PRIVATE_LINE: Final = 7
BLOCKED: Final = 8
UNBLOCKED: Final = 9
PAIRED: Final = 10
PARTED: Final = 16
"""The first of eight codes; see ``parted``."""

KIND: Final = 31
"""Masks the code of an effect."""
LAST: Final = 32
"""Added to the code of the last row of each event."""

CAUSES: Final[tuple[Cause, ...]] = ("next", "block", "lobby", "leave")
PLACES: Final[tuple[Place, ...]] = ("searching", "lobby")

PARTED_NEXT: Final = 16
PARTED_BLOCK: Final = 18
PARTED_LOBBY: Final = 20
PARTED_LEAVE: Final = 22
TO_LOBBY: Final = 1
"""Added to a parting whose partner is left behind in the lobby."""


def parted(cause: Cause, left_behind: Place) -> int:
    """Returns the code of a parting."""
    return PARTED + 2 * CAUSES.index(cause) + PLACES.index(left_behind)
