"""What the judge finds."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias


class EntryRef(NamedTuple):
    """A reference to an entry of an account, by its number from 0; the number of entries stands for the end."""

    account: str
    entry: int


class RuleBreach(NamedTuple):
    """A broken rule.

    Attributes:
        rule: the name of its function, a key of ``RULES``.
        places: the entries that cannot all be true.
        detail: what is wrong.
    """

    rule: str
    places: tuple[EntryRef, ...]
    detail: str


Complaint: TypeAlias = tuple[tuple[EntryRef, ...], str]
"""The places and the detail of a breach."""

Findings: TypeAlias = Iterator[Complaint | None]
"""One for each thing that a rule has looked at: a complaint, or None if all is well."""
