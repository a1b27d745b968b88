"""``--json FILE``: results as JSON; ``-`` is standard output."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, TypeAlias

import typer

from roulette_cli.errors import BadUsage, reason

STDOUT = "-"

JsonFile: TypeAlias = Annotated[
    str | None,
    typer.Option("--json", help="Write results as JSON to FILE; - for stdout, without text.", metavar="FILE"),
]
"""The option."""


def require_writable(path: str | None) -> None:
    """Checks before a long run that its results can be written.

    Raises:
        BadUsage: the file cannot be written.
    """
    if path is None or path == STDOUT:
        return
    try:
        open(path, "a", encoding="utf-8").close()
    except OSError as error:
        raise BadUsage(f"cannot write to {path!r}: {reason(error)}", "name another file with --json") from error


def write_json(data: dict[str, Any], path: str | None) -> None:
    """Writes one object as JSON; without a path, does nothing."""
    if path is None:
        return
    text = json.dumps(data, indent=2, allow_nan=False) + "\n"
    if path == STDOUT:
        sys.stdout.write(text)
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
