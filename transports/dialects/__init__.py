"""The server's end of the protocol: lines to requests, and output to bytes; text for users, JSON for programs.

Start reading in ``commands.py``, the table of all commands.
"""

from transports.dialects.commands import (
    COMMANDS,
    INTERESTS_LIMIT,
    PONG,
    SAY,
    Argument,
    Command,
    Cost,
    Request,
    help_lines,
)
from transports.dialects.dialect import Dialect, Situation
from transports.dialects.json_lines import VERSION, JsonDialect
from transports.dialects.pseudonyms import NAME_LIMIT, pseudonym
from transports.dialects.text import TextDialect, read_typed
from transports.dialects.wording import ENGLISH, FRENCH, LANGUAGES, CloseReason, Message, Wording

__all__ = [
    "COMMANDS",
    "ENGLISH",
    "FRENCH",
    "INTERESTS_LIMIT",
    "LANGUAGES",
    "NAME_LIMIT",
    "PONG",
    "SAY",
    "VERSION",
    "Argument",
    "CloseReason",
    "Command",
    "Cost",
    "Dialect",
    "JsonDialect",
    "Message",
    "Request",
    "Situation",
    "TextDialect",
    "Wording",
    "help_lines",
    "pseudonym",
    "read_typed",
]
