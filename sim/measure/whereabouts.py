"""The numbers that a watcher uses. Not compiled: compiled modules take them over when they are imported."""

from typing import Final

SOUND: Final = -1
"""The value of ``Watcher.unsound`` while all is plainly sound."""

OUTSIDE: Final = -1
IN_LOBBY: Final = -2
IN_POOL: Final = -3
"""Where a user is who is not in private. One in private has the partner's number there instead."""

REFUSAL: Final = 64
"""Stands beside the request of an event in which something is refused."""

NO_POOL: Final = 1 << 30
"""So large is no pool: under a policy without a rule nothing is asked of it."""
