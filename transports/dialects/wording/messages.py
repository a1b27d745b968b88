"""What the server may have to say. Each language is a table of its own beside this file."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import NamedTuple

from roulette_core import Explanation


class Message(StrEnum):
    """Something to say. The fields its sentence may use stand behind it."""

    GREETING = auto()
    HELP = auto()  # commands
    STILL_THERE = auto()  # pong
    TOO_FAST = auto()
    LANGUAGE = auto()
    OPERATOR_SAYS = auto()  # text

    # Why something was refused: the reasons of the core, and ours.
    NAME_TAKEN = auto()
    NAME_UNFIT = auto()
    NAME_FIRST = auto()
    ALREADY_WELCOME = auto()
    ALREADY_SEARCHING = auto()
    ALREADY_PRIVATE = auto()
    ALREADY_IN_LOBBY = auto()
    NOT_PRIVATE = auto()
    TOO_MANY_INTERESTS = auto()  # interests
    NO_SUCH_LANGUAGE = auto()
    LINE_TOO_LONG = auto()  # line_limit
    NOT_UNDERSTOOD = auto()

    # Why the server hangs up; behind ``closing_`` stands the ``CloseReason``.
    CLOSING_ASKED = auto()
    CLOSING_STOPPING = auto()
    CLOSING_FULL = auto()
    CLOSING_TOO_MANY_CONNECTIONS = auto()
    CLOSING_BANNED = auto()
    CLOSING_KICKED = auto()
    CLOSING_NO_NAME = auto()
    CLOSING_IDLE = auto()
    CLOSING_GARBAGE = auto()
    CLOSING_VERSION = auto()

    # What has happened.
    WELCOME = auto()  # name
    ARRIVED = auto()  # name
    GONE = auto()  # name
    SEARCHING = auto()
    RETURNED = auto()
    PAIRED = auto()  # name
    YOU_ASKED_NEXT = auto()  # name
    YOU_WENT_TO_LOBBY = auto()  # name
    YOU_BLOCKED = auto()  # name
    PARTNER_ASKED_NEXT = auto()  # name
    PARTNER_WENT_TO_LOBBY = auto()  # name
    PARTNER_LEFT = auto()  # name
    PARTNER_BLOCKED = auto()  # name

    # Where one is; and what one can type there.
    SITUATION_LOBBY = auto()  # others
    SITUATION_SEARCHING = auto()  # reason
    SITUATION_PRIVATE = auto()  # name
    HINT_LOBBY = auto()
    HINT_SEARCHING = auto()
    HINT_PRIVATE = auto()


class CloseReason(StrEnum):
    """Why a connection came to its end. All but the last three are told to whom it concerns."""

    ASKED = auto()
    """They asked for it."""
    STOPPING = auto()
    """The server stops."""
    FULL = auto()
    """There is no room for more users."""
    TOO_MANY_CONNECTIONS = auto()
    """There are too many from their address."""
    BANNED = auto()
    KICKED = auto()
    NO_NAME = auto()
    """No pseudonym came in time."""
    IDLE = auto()
    """No sign of life came in time."""
    GARBAGE = auto()
    """Too many lines in a row made no sense."""
    VERSION = auto()
    """They speak another version of the protocol."""
    SLOW = auto()
    """They do not read: too much waits for them."""
    LOST = auto()
    """The connection was reset, or failed."""
    HUNG_UP = auto()
    """They closed their side."""

    @property
    def message(self) -> Message:
        """The message that tells it."""
        return Message(f"closing_{self}")


class Wording(NamedTuple):
    """A language.

    Attributes:
        language: its code, as in BCP 47.
        sentences: one for every message; a line break makes another line of the server's.
        help: word of a command → what it does.
        reasons: why one is still waiting, by the codes of ``Explanation``, its figures as ``{0}``, ``{1}`` …; where
            there is none, the policy's own English is used.
    """

    language: str
    sentences: Mapping[Message, str]
    help: Mapping[str, str]
    reasons: Mapping[str, str]

    def sentence(self, message: Message, **fields: object) -> str:
        """The sentence for a message."""
        return self.sentences[message].format_map(fields)

    def reason(self, why: Explanation) -> str:
        """Why one is still waiting."""
        own = self.reasons.get(why.code)
        return why.text if own is None else own.format(*why.figures)
