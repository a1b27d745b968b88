"""All the sentences the server says, in one place. Another language is another table like ``ENGLISH``."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import TypeAlias


class Message(StrEnum):
    """What the server may have to say. The fields a sentence may use stand behind it."""

    GREETING = auto()
    HELP = auto()
    GOODBYE = auto()
    SERVER_STOPS = auto()
    LINE_TOO_LONG = auto()  # limit
    TOO_MANY_INTERESTS = auto()  # limit
    NAME_UNFIT = auto()
    NAME_TAKEN = auto()
    NAME_FIRST = auto()
    ALREADY_SEARCHING = auto()
    ALREADY_PRIVATE = auto()
    ALREADY_IN_LOBBY = auto()
    NOT_PRIVATE = auto()
    WELCOME = auto()  # name
    ARRIVED = auto()  # name
    GONE = auto()  # name
    SEARCHING = auto()
    RETURNED = auto()
    PAIRED = auto()  # name
    YOU_ASKED_NEXT = auto()  # name
    PARTNER_ASKED_NEXT = auto()  # name
    YOU_WENT_TO_LOBBY = auto()  # name
    PARTNER_WENT_TO_LOBBY = auto()  # name
    PARTNER_LEFT = auto()  # name
    SITUATION_LOBBY = auto()  # others
    SITUATION_SEARCHING = auto()  # reason
    SITUATION_PRIVATE = auto()  # name


Wording: TypeAlias = Mapping[Message, str]
"""A sentence for every message; a line break in it makes another line of the server's."""
