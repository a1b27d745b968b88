"""What the client knows about where the user is."""

from dataclasses import dataclass
from enum import StrEnum, auto

from transports.client.labels import ENGLISH, LABELS, Labels
from transports.client.whereabouts import LOBBY, NOWHERE, Whereabouts
from transports.lines import LINE_LIMIT

FINAL = frozenset({"asked", "banned", "kicked", "version"})
"""Reasons of ``closing`` after which reconnecting makes no sense; see docs/protocol.md."""


GIVE_BACK = 3.0
"""How long after a partner has left what is begun still belongs to that chat, in seconds; a command ends it."""


class Place(StrEnum):
    """Where the user is."""

    OFFLINE = auto()
    CONNECTING = auto()  # connected, but not welcomed yet
    LOBBY = auto()
    SEARCHING = auto()
    PRIVATE = auto()


@dataclass
class Presence:
    """Where the user is, and everything the client shows about it. Times are in seconds, on the conversation's clock.

    A text is empty where there is nothing to tell.
    """

    name: str | None = None  # the pseudonym; None while the user has to be asked for one
    language: str = "en"  # of all texts, now
    place: Place = Place.OFFLINE
    since: float = 0.0  # when the user came to the place
    partner: str = ""  # in private
    chat: int | None = None  # in private, the server's number of the chat; None if it gave none
    connection: int = 0  # how many connections there have been
    left: Whereabouts = NOWHERE  # the latest chat that the partner ended
    left_until: float = 0.0  # until when what is begun belongs to it
    typing_until: float = 0.0  # until when the partner is shown as typing
    explanation: str = ""  # why the user is still waiting
    others: int = 0  # how many other users are in the lobby
    line_limit: int = LINE_LIMIT  # the longest line that the server accepts, in bytes
    met: bool = False  # whether the server has ever welcomed the user
    refusal: str = ""  # the server's sentence about a pseudonym that it refused
    back_at: float = 0.0  # when the next attempt to connect is made, while there is no connection
    retries: int = 0  # how often the user's own pseudonym was still taken after a lost connection
    closing: str = ""  # the server's reason for closing the connection

    @property
    def labels(self) -> Labels:
        """Returns the client's own texts in the user's language."""
        return LABELS.get(self.language, ENGLISH)

    @property
    def joined(self) -> bool:
        """Returns whether the server has welcomed the user and is still connected."""
        return self.place in (Place.LOBBY, Place.SEARCHING, Place.PRIVATE)

    @property
    def here(self) -> Whereabouts:
        """Returns where the user is, as far as the server has said."""
        if self.place is Place.PRIVATE:
            return Whereabouts(self.chat, self.partner, self.connection)
        return LOBBY if self.joined else NOWHERE

    def begun(self, now: float) -> Whereabouts:
        """Returns where a line belongs that is begun now: the user may not have read yet that the partner has left."""
        return self.left if now < self.left_until else self.here

    @property
    def over(self) -> bool:
        """Returns whether the server has ended the conversation for good."""
        return self.closing in FINAL

    def move(self, place: Place, now: float, partner: str = "", chat: int | None = None) -> None:
        """Moves the user to a place. Does nothing if the user is there already."""
        if (place, partner, chat) != (self.place, self.partner, self.chat):
            self.place, self.partner, self.chat, self.since = place, partner, chat, now
            self.typing_until = now
            self.explanation = ""
