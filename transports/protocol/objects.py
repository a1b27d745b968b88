"""The lines of the JSON dialect, as a client reads and writes them. Nothing that a server sends is trusted."""

import json
import math
from collections.abc import Mapping
from typing import Any

from roulette_core import harmless
from transports.dialects import NAME_LIMIT

SENTENCES_LIMIT = 20
"""How many lines of one object's text are shown: more than any honest sentence has."""

_decode = json.JSONDecoder().decode
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class ServerObject:
    """An object from the server, unchecked. Its methods read a member that is missing or of the wrong type as empty."""

    __slots__ = ("members",)

    def __init__(self, members: dict[str, Any]) -> None:
        self.members = members

    def text(self, member: str) -> str:
        """Returns a string, made harmless."""
        value = self.members.get(member)
        return harmless.line(value) if isinstance(value, str) else ""

    def name(self, member: str) -> str:
        """Returns a user's name, cut to the length that names can have."""
        return self.text(member)[:NAME_LIMIT]

    def number(self, member: str) -> float | None:
        """Returns a finite number that is not negative, or None."""
        value = self.members.get(member)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if 0 <= value < 1e12 and math.isfinite(value) else None

    def sentences(self) -> list[str]:
        """Returns the lines of ``text``, the server's words for people, made harmless."""
        value = self.members.get("text")
        lines = value.splitlines() if isinstance(value, str) else []
        return [harmless.line(line) for line in lines[:SENTENCES_LIMIT]]


def read_object(line: str) -> ServerObject | None:
    """Reads a line from the server. Returns None if it is no JSON object, or nested too deeply to be parsed."""
    try:
        members = _decode(line)
    except (ValueError, RecursionError):
        return None
    return ServerObject(members) if isinstance(members, dict) else None


def write_object(members: Mapping[str, object]) -> bytes:
    """Returns a line for the server, LF included. Lone surrogates, which UTF-8 cannot encode, become ``?``."""
    return _encode(members).encode("utf-8", "replace") + b"\n"
