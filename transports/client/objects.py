"""What a server sends, one object a line, none of it trusted."""

import json
import math
from typing import Any

from roulette_core import harmless
from transports.dialects.pseudonyms import NAME_LIMIT

SENTENCES_LIMIT = 20
"""How many lines of one object's text are shown: more than any honest sentence has."""


class ServerObject:
    """One object from the server. What is missing or of the wrong type reads as empty.

    Args:
        members: as they came.
    """

    def __init__(self, members: dict[str, Any]) -> None:
        self._members = members

    def text(self, member: str) -> str:
        """A string, made harmless; empty if there is none."""
        value = self._members.get(member)
        return harmless.line(value) if isinstance(value, str) else ""

    def name(self, member: str) -> str:
        """Somebody's name, no longer than names can be."""
        return self.text(member)[:NAME_LIMIT]

    def number(self, member: str) -> float | None:
        """A finite number that is not negative, or None."""
        value = self._members.get(member)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if 0 <= value < 1e12 and math.isfinite(value) else None

    def sentences(self) -> list[str]:
        """What the server says to people, line by line."""
        value = self._members.get("text")
        lines = value.splitlines() if isinstance(value, str) else []
        return [harmless.line(line) for line in lines[:SENTENCES_LIMIT]]


def read_object(line: str) -> ServerObject | None:
    """Reads a line from the server; None if it is no object, or is made to break who reads it."""
    try:
        members = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return ServerObject(members) if isinstance(members, dict) else None


def write_object(members: dict[str, Any]) -> bytes:
    """A line for the server, with its LF. Lone surrogates, which are no characters, become question marks."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
