"""What an operator is answered, as plain data: for a table on a terminal, and for programs as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any, TypeAlias

Cell: TypeAlias = str | int | float | None
"""What stands in one place of a table; None where there is nothing to say."""

ROWS_LIMIT = 100
"""How many rows an answer has: a question should never keep a full server from its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer. Text in it is as people sent it; whoever shows it makes it harmless.

    Attributes:
        columns: what stands in each column; empty if there is no table.
        rows: the table, at most ``ROWS_LIMIT`` rows of it.
        total: how many rows the whole table would have.
        counts: figures by name, for programs.
        remarks: sentences for people.
        refused: whether what was asked has not been done.
    """

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    total: int = 0
    counts: Mapping[str, float] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    refused: bool = False

    def to_data(self) -> dict[str, Any]:
        """The answer as plain JSON data."""
        return asdict(self)


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], total: int, **more: Any) -> Answer:
    """An answer with a table, cut to ``ROWS_LIMIT`` rows; what is cut off is never looked at."""
    return Answer(columns=columns, rows=list(islice(rows, ROWS_LIMIT)), total=total, **more)


def done(remark: str, **counts: float) -> Answer:
    """An answer to an order that has been carried out."""
    return Answer(remarks=[remark], counts=counts)


def refusal(*remarks: str) -> Answer:
    """An answer to what cannot be done or understood."""
    return Answer(remarks=remarks, refused=True)
