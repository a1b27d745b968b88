"""Lays out the reports of the harness in 80 columns."""

import textwrap
from collections.abc import Iterable, Iterator

WIDTH = 80


def paragraph(text: str, indent: int = 0) -> list[str]:
    """Returns the lines of a text; all but the first are indented."""
    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * indent) or [""]


def story(lines: Iterable[str]) -> Iterator[str]:
    """Yields an empty line, then a history, event by event."""
    yield ""
    for line in lines:
        yield from paragraph(line, 12)  # under the event: a time stands before it


def ready_test(source: str) -> Iterator[str]:
    """Yields an empty line, then a test to keep."""
    yield from ("", "As a test:", "", source.rstrip())
