"""``--json FILE``: figures as JSON where they are wanted, ``-`` being standard output."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, TypeAlias

import typer

from roulette_cli.errors import BadUsage, reason

STDOUT = "-"

JsonFile: TypeAlias = Annotated[
    str | None, typer.Option("--json", help="Write the figures there; - is stdout, without words.", metavar="FILE")
]
"""The option."""


def require_writable(path: str | None) -> None:
    """Finds out before a long run, not after it.

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
    """Writes one object, if it is wanted anywhere."""
    if path is None:
        return
    text = json.dumps(data, indent=2, allow_nan=False) + "\n"
    if path == STDOUT:
        sys.stdout.write(text)
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
