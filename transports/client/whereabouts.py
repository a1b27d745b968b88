"""Where a line was begun, and whether it may be sent where the user is by now."""

from typing import NamedTuple

READING = 1.0
"""How long a user takes at least to read where a line would go, in seconds: an Enter before that confirms nothing."""


class Whereabouts(NamedTuple):
    """A place in which a line can be begun, and which alone it is for."""

    chat: int | None  # the server's number of a private chat; 0 is the lobby; None if there is none
    partner: str = ""  # in private
    connection: int = 0  # in private, which connection it was: another server begins to number its chats anew


LOBBY = Whereabouts(0)
"""The lobby, which is the same on every connection."""

NOWHERE = Whereabouts(None)
"""Without a connection, or a pseudonym."""


class Redirection:
    """Lets a line go elsewhere than it was begun only after the user was told where, and had time to read it."""

    def __init__(self) -> None:
        self._told: tuple[Whereabouts, Whereabouts] | None = None
        self._at = 0.0

    def has_told(self, begun: Whereabouts, here: Whereabouts) -> bool:
        """Returns whether the user was told already."""
        return self._told == (begun, here)

    def allows(self, begun: Whereabouts, here: Whereabouts, now: float) -> bool:
        """Returns whether a line begun in one place may be sent in another; if not, the user is to be told where."""
        if begun == here:
            return True
        confirmed = self.has_told(begun, here) and now - self._at >= READING
        self._told, self._at = (None, now) if confirmed else ((begun, here), now)  # a key held down confirms nothing
        return confirmed
