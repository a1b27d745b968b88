"""Results: a report on stdout, or with ``--json FILE`` as JSON; ``-`` is stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from roulette_cli.errors import CommandError, reason
from roulette_cli.files import require_writable, write_file

if TYPE_CHECKING:
    from rich.console import Console

_STDOUT = "-"

JsonFile: TypeAlias = Annotated[
    str | None,
    typer.Option("--json", help="Write results as JSON to FILE; - for stdout, without text.", metavar="FILE"),
]
"""The option."""


def require_json_file(path: str | None) -> None:
    """Checks before a long run that its results can be written. Raises ``BadUsage``."""
    if path is not None and path != _STDOUT:
        require_writable(path, "--json")


def publish(report: Callable[[], object], data: dict[str, Any], json_file: str | None, partial: bool = False) -> None:
    """Prints the report, unless the JSON goes to stdout, and writes the data as JSON where it is wanted.

    Results are ``partial`` if the command was stopped; the report says so first, and the data under that key.
    """
    if json_file != _STDOUT:
        if partial:
            print("PARTIAL: stopped before the end; this is what was found until then.\n")
        report()
    if json_file is None:
        return
    text = json.dumps({**data, "partial": partial}, indent=2, allow_nan=False) + "\n"
    if json_file == _STDOUT:
        sys.stdout.write(text)
        return
    try:
        write_file(json_file, text)
    except OSError as error:
        raise CommandError(
            f"cannot write to {json_file!r}: {reason(error)}", "free some space, or name another file with --json"
        ) from error


def show(texts: Iterable[str]) -> None:
    """Prints lines, made harmless for the terminal: text from a policy or a user may be among them."""
    from roulette_core import harmless

    for text in texts:
        for line in text.split("\n"):
            print(harmless.line(line))


def console() -> Console:
    """Returns stdout as a console of ``rich`` that shows text as it is."""
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, markup=False)
