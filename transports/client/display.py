"""The lines that a conversation shows, on a screen or in a pipe."""

from collections.abc import Iterable
from enum import StrEnum, auto
from typing import NamedTuple


class Kind(StrEnum):
    """The source of a line, and how much it matters."""

    PERSON = auto()  # said by another user
    OWN = auto()  # said by the user
    SERVER = auto()  # said by the server
    TURN = auto()  # the server says that a chat or the whole conversation begins or ends, or the connection is lost
    SITUATION = auto()  # the server says where the user is, which a screen shows all the time
    CLIENT = auto()  # said by the client itself


class DisplayLine(NamedTuple):
    """One line, harmless on any terminal."""

    kind: Kind
    text: str
    name: str = ""  # of the user who said it
    to: str = ""  # of the user's own lines, who has read them

    def plain(self) -> str:
        """Returns the line as the text dialect has it."""
        return f"<{self.name}> {self.text}" if self.kind in (Kind.PERSON, Kind.OWN) else f"* {self.text}"


def lines(kind: Kind, sentences: Iterable[str]) -> list[DisplayLine]:
    """Returns lines of one kind that no user said."""
    return [DisplayLine(kind, sentence) for sentence in sentences]
