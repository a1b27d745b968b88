"""Fenced blocks of Markdown pages, so that what the documentation shows can be run."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
"""The top of the checkout."""

GAP = "…"
"""A line of shown output that stands for any number of lines left out."""

SPEED = re.compile(r"^( (?:time of all runs|pairings per second) +).*", re.MULTILINE)
"""The lines of a report that tell how fast it was, which is never the same twice."""


class Fence(NamedTuple):
    """A fenced block: the language named behind its first fence, and what is inside."""

    language: str
    text: str


class Step(NamedTuple):
    """One command of a ``console`` block, as typed behind ``$``, and the output shown below it."""

    command: str
    output: str


def fences(page: str, language: str | None = None) -> list[Fence]:
    """The fenced blocks of a page of this repository, or those in one language, from top to bottom."""
    found: list[Fence] = []
    block: list[str] | None = None
    opened = ""
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        if not line.startswith("```"):
            if block is not None:
                block.append(line)
        elif block is None:
            block, opened = [], line.removeprefix("```")
        else:
            found.append(Fence(opened, "\n".join(block) + "\n"))
            block = None
    assert block is None, f"{page}: a block opened with ```{opened} is never closed"
    return [fence for fence in found if language in (None, fence.language)]


def steps(page: str) -> list[Step]:
    """The commands of a page's ``console`` blocks."""
    found: list[Step] = []
    for fence in fences(page, "console"):
        assert fence.text.startswith("$ "), f"{page}: a console block begins with a command, not {fence.text!r}"
        for step in fence.text.removeprefix("$ ").split("\n$ "):
            command, _, output = step.partition("\n")
            found.append(Step(command, output.rstrip("\n")))
    return found


def agrees(shown: str, seen: str) -> bool:
    """Whether output that was seen is the one shown, whatever stands for ``GAP`` lines and blanks at any end."""
    wanted, lines = ([line.rstrip() for line in text.rstrip().splitlines()] for text in (shown, seen))
    position, anywhere = 0, False
    for line in wanted:
        if line.strip() == GAP:
            anywhere = True
            continue
        if anywhere and line in lines[position:]:
            position = lines.index(line, position)
        if lines[position : position + 1] != [line]:
            return False
        position, anywhere = position + 1, False
    return anywhere or position == len(lines)
