"""What a conversation has to show, line by line, whoever shows it."""

from collections.abc import Iterable
from enum import StrEnum, auto
from typing import NamedTuple


class Kind(StrEnum):
    """Whose words a line holds, and how much they matter."""

    PERSON = auto()
    """Somebody else said this."""
    OWN = auto()
    """One said this oneself."""
    SERVER = auto()
    """The server says something."""
    TURN = auto()
    """The server says that a chat begins or ends, or all of it; or that the server is gone."""
    SITUATION = auto()
    """The server says where one is, which a screen shows all the time."""
    CLIENT = auto()
    """The client itself says something."""


class DisplayLine(NamedTuple):
    """One line, harmless on any terminal.

    Attributes:
        kind: whose words these are.
        text: the words.
        name: who said them, if a person did.
    """

    kind: Kind
    text: str
    name: str = ""

    def plain(self) -> str:
        """As in the text dialect."""
        return f"<{self.name}> {self.text}" if self.kind in (Kind.PERSON, Kind.OWN) else f"* {self.text}"


def lines(kind: Kind, sentences: Iterable[str]) -> list[DisplayLine]:
    """Lines of one kind that no person said."""
    return [DisplayLine(kind, sentence) for sentence in sentences]
