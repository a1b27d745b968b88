"""Changes to the source, as mutmut shows them and as the page on survivors argues about them."""

from collections.abc import Iterator
from typing import NamedTuple

from tests.support.fences import fences

PAGE = "docs/mutation.md"


class Change(NamedTuple):
    """Lines of a file, within the library, and what was put in their place; indentation does not matter."""

    file: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(
            [f"--- {self.file}", *(f"-{line}" for line in self.before), *(f"+{line}" for line in self.after)]
        )


def changes(text: str) -> Iterator[Change]:
    """Reads the changes out of differences: files named behind ``---``, then lines taken away, then lines put there."""
    file = ""
    before: list[str] = []
    after: list[str] = []
    for line in [*text.splitlines(), ""]:
        sign, rest = line[:1], line[1:].strip()
        if after and (sign != "+" or line.startswith("+++")):
            yield Change(file, tuple(before), tuple(after))
            before, after = [], []
        if line.startswith("--- "):
            file = line.removeprefix("--- ").removeprefix("roulette_core/")
        elif sign == "-":
            before.append(rest)
        elif sign == "+" and not line.startswith("+++"):
            after.append(rest)


def argued() -> set[Change]:
    """Every survivor that the page says is none to worry about."""
    return {change for fence in fences(PAGE, "diff") for change in changes(fence.text)}
