"""Prints results on stdout, or writes them as JSON: text from a policy or a user may be among them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from roulette_cli.json_file import STDOUT, write_json


def show(texts: Iterable[str]) -> None:
    """Prints lines, made harmless for the terminal."""
    from roulette_core import harmless

    for text in texts:
        for line in text.split("\n"):
            print(harmless.line(line))


def publish(lines: Iterable[str], data: dict[str, Any], json_file: str | None) -> None:
    """Prints the lines, unless the JSON goes to stdout, and writes the data as JSON where it is wanted."""
    if json_file != STDOUT:
        show(lines)
    write_json(data, json_file)
