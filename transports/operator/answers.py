"""Answers to the operator as plain data: shown as a table on a terminal, sent as JSON to programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any, TypeAlias

Cell: TypeAlias = str | int | float | None
"""One cell of a table; None if it is empty."""

ROWS_LIMIT = 100
"""The most rows of an answer: a question must not keep a full server from its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer. Its texts are as users sent them; the caller makes them harmless before showing them."""

    columns: Sequence[str] = ()  # the titles; empty if there is no table
    rows: Sequence[Sequence[Cell]] = ()  # the first ``ROWS_LIMIT`` of the table
    total: int = 0  # the number of rows of the whole table
    counts: Mapping[str, float] = field(default_factory=dict)  # figures by name, for programs
    remarks: Sequence[str] = ()  # sentences
    refused: bool = False  # whether the command was not carried out

    def to_data(self) -> dict[str, Any]:
        """Returns the answer as plain JSON data."""
        return asdict(self)


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], total: int, **more: Any) -> Answer:
    """Returns an answer with a table, cut to ``ROWS_LIMIT`` rows; the rest of ``rows`` is not evaluated."""
    return Answer(columns=columns, rows=list(islice(rows, ROWS_LIMIT)), total=total, **more)


def done(remark: str, **counts: float) -> Answer:
    """Returns the answer to a command that was carried out."""
    return Answer(remarks=[remark], counts=counts)


def refusal(*remarks: str) -> Answer:
    """Returns the answer to a command that cannot be carried out or is invalid."""
    return Answer(remarks=remarks, refused=True)
