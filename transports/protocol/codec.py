"""The interface of a client codec, and what both dialects share."""

from typing import Final, Protocol

from roulette_core import Event, Leave
from roulette_core.testing.clients import Sighting
from transports.dialects import COMMANDS, Command

LINE_LIMIT: Final = 4 * (1 << 20) + 1024
"""No line from a server is longer, in bytes: ``docs/protocol.md``, for the largest ``--line-limit`` allowed."""

CLOSING: Final = "closing_"
"""Prefix of the names of the messages with which the server closes a connection; the reason follows."""


class ProtocolError(Exception):
    """The server sent something that the protocol does not allow."""


def command_for(event: Event) -> Command:
    """Returns the command that requests an event."""
    return COMMANDS["close" if isinstance(event, Leave) else event.kind]


class ClientCodec(Protocol):
    """Encodes and decodes one connection, from the client's side."""

    def hello(self, name: str) -> bytes:
        """Returns the first line or lines of the connection, which choose a pseudonym."""

    def encode(self, event: Event) -> bytes:
        """Returns the request for an event: any that a user who has joined may cause."""

    def decode(self, data: bytes) -> list[Sighting]:
        """Takes bytes from the server, in pieces of any size, and returns what they tell. Raises ``ProtocolError``."""

    def pongs(self) -> bytes:
        """Returns the answers to the pings decoded since the last call."""
