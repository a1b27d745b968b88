"""How the harness lays out text for a screen of 80 columns."""

import textwrap
from collections.abc import Iterable, Iterator

WIDTH = 80


def paragraph(text: str, indent: int = 0) -> list[str]:
    """Returns a text in lines, all but the first of them indented."""
    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * indent) or [""]


def story(lines: Iterable[str]) -> Iterator[str]:
    """Yields a history, an event after another, behind an empty line."""
    yield ""
    for line in lines:
        yield from paragraph(line, 12)  # under the event: a time stands before it


def ready_test(source: str) -> Iterator[str]:
    """Yields a test to keep, behind an empty line."""
    yield from ("", "As a test:", "", source.rstrip())
