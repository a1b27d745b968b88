"""One account, prepared for comparison: where its client was, and when its lines were carried out.

A client is told in order of everything that happens to it. So its sightings cut the server's time into *gaps*: gap 0
before the first sighting, gap n after the n-th. The client's place is known for each gap. A line was carried out in one
of a few gaps: not before what the client had seen when it said so, not before the answer to its earlier requests, and
not after the answer to its later ones.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

from roulette_core.testing.clients.client_events import Account, PartedFrom, Sighting


@dataclass(slots=True, eq=False)
class Span:
    """A stretch of one client's time in one private chat, or outside private between two of them."""

    partner: str | None  # None outside private
    number: int  # which chat with that partner it is, from 1; 0 outside private
    chat: int | None  # the number that the server gave it; 0 outside private, None if the client was not told
    begins: int  # its first gap
    ends: int | None = None  # the gap after its last; None in the last span
    farewell: PartedFrom | None = None  # how a private chat ended, if the client was told
    heard: int = -1  # the number of the last of the partner's lines heard in it; -1 if there is none


@dataclass(slots=True, eq=False)
class SaidLine:
    """A line that a client said."""

    sender: str
    number: int  # among the client's lines, from 0
    text: str
    entry: int  # its number in the account
    earliest: int  # the first of the sender's gaps in which it can have been carried out
    latest: int  # the last such gap
    chat: int | None = None  # the number of the chat that it names, 0 for the lobby; None if it names none
    meant: Span | None = None  # the private chat in which it was typed, if it must not be heard elsewhere
    given_back: bool = False  # instead of being heard
    carried_out: bool = False  # certainly, if only to be given back
    times: int = 1  # how often the client said the same words; if more than once, it is not known which was heard
    heard_in: str = ""  # "lobby" or "private"; empty if it was not heard, or if that cannot be told


@dataclass(slots=True, eq=False)
class Timeline:
    """What is known of one client's time.

    Attributes:
        complete: whether everything that the client was ever told is in the account.
        closed: whether the server has said goodbye.
        dismissed: whether it did so unasked, so that the last requests may never have been looked at.
        vague: whether there was a refusal whose reason does not show what was refused.
        entries: the number of each sighting in the account.
        span_at: for each sighting the number of its span; for ``Met`` and ``PartedFrom`` that of the new one.
    """

    name: str
    account: Account
    complete: bool
    closed: bool = False
    dismissed: bool = False
    vague: bool = False
    sightings: list[Sighting] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    span_at: list[int] = field(default_factory=list)
    spans: list[Span] = field(default_factory=lambda: [Span(None, 0, 0, 0)])
    said_lines: list[SaidLine] = field(default_factory=list)

    @property
    def beyond(self) -> int:
        """Returns the last gap of all: after every sighting and, in an incomplete account, after the missing ones."""
        return len(self.sightings) + (not self.complete)

    def span_at_gap(self, gap: int) -> Span:
        """Returns the span of a gap."""
        return self.spans[bisect_right(self.spans, gap, key=_begins) - 1]

    def last_gap(self, span: Span) -> int:
        """Returns the last gap of a span."""
        return self.beyond if span.ends is None else span.ends - 1

    def spans_of(self, said: SaidLine) -> list[Span | None]:
        """Returns the spans in which a line can have been carried out; None stands for what is missing."""
        first, last = (bisect_right(self.spans, gap, key=_begins) for gap in (said.earliest, said.latest))
        missing = not self.complete and said.latest == self.beyond
        return [*self.spans[first - 1 : last], *([None] if missing else [])]


def _begins(span: Span) -> int:
    return span.begins
