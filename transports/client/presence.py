"""What the client knows about where one is, whoever shows it."""

from dataclasses import dataclass
from enum import StrEnum, auto

from transports.client.labels import ENGLISH, LABELS, Labels
from transports.dialects.lines import LINE_LIMIT

FINAL = frozenset({"asked", "banned", "kicked", "version"})
"""Why a server hangs up, where coming back makes no sense; see ``closing`` in docs/protocol.md."""


class Place(StrEnum):
    """Where one is."""

    OFFLINE = auto()
    CONNECTING = auto()
    """Connected, and not yet welcome."""
    LOBBY = auto()
    SEARCHING = auto()
    PRIVATE = auto()


@dataclass
class Presence:
    """Where one is, and all that is to be seen of it. Times are in seconds, on the conversation's clock.

    Attributes:
        name: the pseudonym, or None while one has to be asked for.
        language: what is spoken now.
        place: where one is.
        since: when one came there.
        partner: with whom one is in private, or empty.
        typing_until: until when the partner is taken to be typing.
        explanation: why one is still waiting, or empty.
        others: how many others are in the lobby.
        line_limit: the longest line that the server takes, in bytes.
        met: whether the server has ever welcomed one.
        refusal: what the server said of a name that it refused, or empty.
        back_at: when the next attempt to connect is made, while there is no connection.
        retries: how often one's own name was still taken after a connection was lost.
        closing: why the server said that it hangs up, or empty.
    """

    name: str | None = None
    language: str = "en"
    place: Place = Place.OFFLINE
    since: float = 0.0
    partner: str = ""
    typing_until: float = 0.0
    explanation: str = ""
    others: int = 0
    line_limit: int = LINE_LIMIT
    met: bool = False
    refusal: str = ""
    back_at: float = 0.0
    retries: int = 0
    closing: str = ""

    @property
    def labels(self) -> Labels:
        """The client's own sentences in that language."""
        return LABELS.get(self.language, ENGLISH)

    @property
    def joined(self) -> bool:
        """Whether the server has welcomed one, and is still there."""
        return self.place in (Place.LOBBY, Place.SEARCHING, Place.PRIVATE)

    @property
    def over(self) -> bool:
        """Whether the server has ended it for good."""
        return self.closing in FINAL

    def move(self, place: Place, now: float, partner: str = "") -> None:
        """Goes somewhere; being there already changes nothing."""
        if (place, partner) != (self.place, self.partner):
            self.place, self.partner, self.since = place, partner, now
            self.typing_until = now
            self.explanation = ""
