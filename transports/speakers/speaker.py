"""What a speaker is, and what the dialects have in common."""

from collections.abc import Mapping
from typing import Final, Protocol

from roulette_core import Block, Event, Leave, Lobby, Next, Start
from roulette_core.testing.clients import Sighting

LONGEST: Final = 4 * (1 << 20) + 1024
"""No line from a server is longer, in bytes: ``docs/protocol.md``, for the largest ``--line-limit`` there is."""

COMMANDS: Mapping[type, str] = {Start: "start", Next: "next", Lobby: "lobby", Block: "/block", Leave: "close"}
"""Event → the command that asks for it."""

CLOSING: Final = "closing_"
"""What stands before the reason in the name of a message with which the server hangs up."""


class Garbled(Exception):
    """The server has sent what the protocol does not have."""


class Speaker(Protocol):
    """One client's end of a connection."""

    def opening(self, name: str) -> bytes:
        """The first words, by which the client is to be known under a pseudonym."""

    def ask(self, event: Event) -> bytes:
        """What is sent for an event: any that a user who is present may cause."""

    def hear(self, data: bytes) -> list[Sighting]:
        """What the client sees when bytes come from the server, in any pieces.

        Raises:
            Garbled: no server that keeps to the protocol sends this.
        """

    def answer(self) -> bytes:
        """What the server is owed since the last time it was asked: a sign of life, or nothing."""
