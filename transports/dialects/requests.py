"""What a line from a connection asks for, whichever dialect it is in."""

from typing import NamedTuple

INTERESTS_LIMIT = 5
"""How many interests may stand behind ``start``."""

COMMANDS = frozenset({"start", "next", "lobby", "close", "help"})
"""The words that are commands without a ``/`` before them."""


class Request(NamedTuple):
    """What somebody asks.

    Attributes:
        word: ``hello``, ``say``, ``start``, ``next``, ``lobby``, ``block``, ``close``, ``help``, ``where``, ``lang``,
            ``typing``, ``pong`` (nothing but a sign of life), or ``version`` (a hello in another version).
        text: what is said; a pseudonym as it was typed.
        interests: what the chat asked for is to be about.
        language: the code of a language, whether or not the server speaks it.
    """

    word: str
    text: str = ""
    interests: tuple[str, ...] = ()
    language: str = ""


PONG = Request("pong")


def interest(text: str) -> str:
    """The form in which interests are compared; empty if there is nothing in it.

    Args:
        text: one interest, made harmless.
    """
    return " ".join(text.casefold().split())
