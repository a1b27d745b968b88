"""The specification of lines from the server, parsed from the tables of ``docs/protocol.md``."""

import json
import re
from functools import cache
from typing import Any, NamedTuple

from tests.support.fences import ROOT

NUMBERS = {"version", "line_limit", "others", "waited", "chat", "tag"}
"""The members that are numbers; all others are strings."""

_PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


class Kind(NamedTuple):
    """A type of object from the server.

    Attributes:
        members: beside ``type``.
        values: the only ones that some of them may have.
    """

    members: frozenset[str]
    values: dict[str, frozenset[str]]


def table(part: str, heading: str) -> list[list[str]]:
    """Returns the cells of the table under a heading, row by row, without its head."""
    section = _PAGE.partition(f"\n## {part}\n")[2].partition(f"\n### {heading}\n")[2].partition("\n#")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def paragraph(beginning: str) -> str:
    """Returns the paragraph with this beginning."""
    return beginning + _PAGE.partition(f"\n\n{beginning}")[2].partition("\n\n")[0]


def words(text: str) -> list[str]:
    """Returns the code spans of a text, in order."""
    return re.findall("`([^`]+)`", text)


def _reasons(kind: str) -> frozenset[str]:
    """Returns the reasons in a paragraph, each followed by a comma, an explanation or the full stop."""
    listed = paragraph(f"Reasons of `{kind}`").partition(":")[2].partition(". ")[0]
    return frozenset(words(re.sub(r"\([^)]*\)", "", listed)))


@cache
def kinds() -> dict[str, Kind]:
    """Returns every type of object from the server, and its members."""
    found: dict[str, Kind] = {}
    for names, cell, _ in table("JSON lines", "From the server"):
        for name in words(names):
            members: list[str] = []
            values: dict[str, set[str]] = {}
            for word in words(cell):
                if word.startswith('"'):
                    values.setdefault(members[-1], set()).add(word.strip('"'))
                else:
                    members.append(word)
            if re.search(r"(^|, )text$", cell):
                members.append("text")
            found[name] = Kind(frozenset(members), {member: frozenset(each) for member, each in values.items()})
    for name in ("refused", "closing"):
        found[name] = found[name]._replace(values={"reason": _reasons(name)})
    return found


@cache
def situations() -> dict[str, frozenset[str]]:
    """Returns state → the members of ``situation`` beside ``state`` and ``text``."""
    found: dict[str, set[str]] = {}
    for word in words(paragraph("`situation` has, beside `state`:").partition(":")[2]):
        if word.startswith('"'):
            found[state := word.strip('"')] = set()
        else:
            found[state].add(word)
    return {state: frozenset(members) for state, members in found.items()}


def conforming(line: bytes, line_limit: int) -> dict[str, Any]:
    """Parses an object from the server, and checks that it is as specified."""
    assert len(line) <= 4 * line_limit + 1024, "no line is longer"
    members: dict[str, Any] = json.loads(line, parse_constant=lambda constant: constant + 1)
    kind = kinds()[members["type"]]
    expected = {"type", *kind.members}
    if members["type"] == "situation":
        expected |= situations()[members["state"]]
    if members.get("reason") in ("chat_over", "not_in_lobby") and members["type"] == "refused":
        expected |= {"chat"} | ({"unsent", "tag"} & set(members))
    assert set(members) == expected, f"{members} has other members than specified"
    for member, value in members.items():
        assert type(value) in ((int, float) if member in NUMBERS else (str,)), f"{member} of {members}"
        assert value in kind.values.get(member, {value}), f"{member} of {members}"
    return members
