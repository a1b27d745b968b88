"""What the judge finds."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias


class EntryRef(NamedTuple):
    """A reference to an entry of an account.

    Attributes:
        account: the name of the account.
        entry: the entry's number, from 0; the number of entries stands for the account's end.
    """

    account: str
    entry: int


class RuleBreach(NamedTuple):
    """A broken rule.

    Attributes:
        rule: the name of its function.
        places: the entries that cannot all be true, in one account or in several.
        detail: what is wrong, in a sentence.
    """

    rule: str
    places: tuple[EntryRef, ...]
    detail: str


Complaint: TypeAlias = tuple[tuple[EntryRef, ...], str]
"""The places and the detail of a breach."""

Findings: TypeAlias = Iterator[Complaint | None]
"""One for each thing that a rule has looked at: a complaint, or None if all is well."""
