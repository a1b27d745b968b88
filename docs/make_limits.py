"""Writes the table of limits in ``docs/operating.md`` from their declarations: ``python docs/make_limits.py``."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from transports import Limits

PAGE = Path(__file__).with_name("operating.md")
HEAD = "| option | default | what it limits | precedent |\n|---|---|---|---|\n"


def rows() -> Iterator[str]:
    """Every limit that is an option, as a row."""
    for limit in fields(Limits):
        if about := limit.metadata:
            option = f"--{limit.name.replace('_', '-')}"
            meaning = re.sub(r"(--[a-z-]+)", r"`\1`", about["help"].removesuffix("."))
            yield f"| `{option}` | {_default(limit.default, about['metavar'])} | {meaning} | {about['precedent']} |\n"


def _default(value: object, unit: str) -> str:
    match value, unit:
        case int(), "BYTES":
            return f"{value >> 20} MiB" if value >> 20 else f"{value >> 10} KiB"
        case int() | float(), "SECONDS":
            return f"{value:,.0f} s"
        case int() | float(), _:
            return f"{value:,.0f}"
    return "loopback"


def written(page: str) -> str:
    """A page with the table as it has to be."""
    before, _, rest = page.partition(HEAD)
    return f"{before}{HEAD}{''.join(rows())}\n{rest.partition(chr(10) * 2)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
