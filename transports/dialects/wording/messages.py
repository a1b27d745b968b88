"""The messages of the server. Each language is a table beside this file."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import NamedTuple

from roulette_core import Explanation


class Message(StrEnum):
    """A message; the comment names the fields that its sentence may use."""

    GREETING = auto()
    HELP = auto()  # commands
    STILL_THERE = auto()  # pong
    TOO_FAST = auto()
    LANGUAGE = auto()
    OPERATOR_SAYS = auto()  # text

    # Refusals: the reasons of the core, and ours.
    NAME_TAKEN = auto()
    NAME_UNFIT = auto()
    NAME_FIRST = auto()
    ALREADY_WELCOME = auto()
    ALREADY_PRIVATE = auto()
    ALREADY_IN_LOBBY = auto()
    NOT_PRIVATE = auto()
    CHAT_OVER = auto()
    NOT_IN_LOBBY = auto()
    NOT_BLOCKED = auto()
    NO_SUCH_USER = auto()
    TOO_MANY_INTERESTS = auto()  # interests
    NO_SUCH_LANGUAGE = auto()
    LINE_TOO_LONG = auto()  # line_limit
    NOT_UNDERSTOOD = auto()

    # What became of a request that was typed for a partner who had left, in text; in JSON it is CHAT_OVER.
    GIVEN_BACK = auto()  # name, text
    ALREADY_LEFT = auto()  # name

    # Why the server closes a connection: ``closing_`` and a ``CloseReason``.
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

    # Events.
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
    BLOCKED = auto()  # name
    UNBLOCKED = auto()  # name

    # The state of a user, and what they can type in it.
    SITUATION_LOBBY = auto()  # others
    SITUATION_SEARCHING = auto()  # reason
    SITUATION_PRIVATE = auto()  # name
    HINT_LOBBY = auto()
    HINT_SEARCHING = auto()
    HINT_PRIVATE = auto()


class CloseReason(StrEnum):
    """Why a connection ends. All but the last three are sent to the client."""

    ASKED = auto()  # the user asked for it
    STOPPING = auto()  # the server is shutting down
    FULL = auto()  # the server has its maximum of connections
    TOO_MANY_CONNECTIONS = auto()  # the address has its maximum of connections
    BANNED = auto()
    KICKED = auto()
    NO_NAME = auto()  # no pseudonym was chosen in time
    IDLE = auto()  # a ping was not answered in time
    GARBAGE = auto()  # too many lines in a row were invalid
    VERSION = auto()  # the client speaks another version of the protocol
    SLOW = auto()  # the client does not read: too much output is buffered
    LOST = auto()  # the connection was reset or failed
    HUNG_UP = auto()  # the client closed the connection

    @property
    def message(self) -> Message:
        """The message that tells the client."""
        return Message(f"closing_{self}")


class Wording(NamedTuple):
    """The sentences of a language.

    A reason may hold the figures of its ``Explanation`` as ``{0}``, ``{1}`` …; for codes that are missing in the table
    the policy's own English is used.
    """

    language: str  # its code, as in BCP 47
    sentences: Mapping[Message, str]  # one for every message; a line break starts another line of the server
    help: Mapping[str, str]  # word of a command → what it does
    reasons: Mapping[str, str]  # code of an ``Explanation`` → why a user is waiting

    def sentence(self, message: Message, **fields: object) -> str:
        """Returns the sentence for a message."""
        return self.sentences[message].format_map(fields)

    def reason(self, why: Explanation) -> str:
        """Returns why a user is still waiting."""
        own = self.reasons.get(why.code)
        return why.text if own is None else own.format(*why.figures)
