"""One account made ready to be held against others: where its client was, and when what it said was carried out.

A client is told all that becomes of it, in order. So its sightings cut the server's time into *gaps*: gap 0 before the
first sighting, gap n after the n-th. Where the client was is known for each gap, and something that the client said was
carried out in one of a few of them: not before what it had seen when it said so, not before the answer to what it had
asked earlier, and not after the answer to what it asked later.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

from roulette_core.testing.clients.client_events import Account, PartedFrom, Sighting


@dataclass(slots=True, eq=False)
class Span:
    """A stretch of one client's time in one private chat, or outside private between two of them.

    Attributes:
        partner: with whom; None outside private.
        number: which chat with that partner it is, from 1; 0 outside private.
        begins: its first gap.
        ends: the gap after its last; None as long as it is the last span.
        farewell: how a private chat ended, if the client was told.
        heard: the number of the last of the partner's lines that was heard in it, among all of the partner's; -1 if
            none was.
    """

    partner: str | None
    number: int
    begins: int
    ends: int | None = None
    farewell: PartedFrom | None = None
    heard: int = -1


@dataclass(slots=True, eq=False)
class SaidLine:
    """Something that a client said.

    Attributes:
        sender: who said it.
        number: its number among what this client said, from 0.
        text: the words.
        entry: where it stands in the account.
        earliest: the first gap of the sender's in which it can have been carried out.
        latest: the last such gap.
        carried_out: whether it is certain that it was.
        times: how often the client said the same words; if more than once, it cannot be told which was heard.
        heard_in: ``lobby`` or ``private``, where somebody heard it; empty if nobody did, or if that cannot be told.
    """

    sender: str
    number: int
    text: str
    entry: int
    earliest: int
    latest: int
    carried_out: bool = False
    times: int = 1
    heard_in: str = ""


@dataclass(slots=True, eq=False)
class Timeline:
    """What is known of one client's time.

    Attributes:
        name: whose it is.
        account: of what.
        complete: whether all that was ever told to the client is in the account.
        closed: whether the server has said goodbye.
        dismissed: whether it did so of its own accord, so that what was asked last may never have been looked at.
        vague: whether something was refused for a reason that does not show what was.
        sightings: what the client was told, in order.
        entries: the number of each sighting in the account.
        span_at: the number of the span in which the client was told so; that of Met and PartedFrom is the new one.
        spans: all its spans, in order.
        sayings: all that it said, in order.
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
    spans: list[Span] = field(default_factory=lambda: [Span(None, 0, 0)])
    sayings: list[SaidLine] = field(default_factory=list)

    @property
    def beyond(self) -> int:
        """The last gap of all: after everything told; in an account that is not complete, after what is missing."""
        return len(self.sightings) + (not self.complete)

    def span_at_gap(self, gap: int) -> Span:
        """Where the client was in a gap."""
        return self.spans[bisect_right(self.spans, gap, key=_begins) - 1]

    def last_gap(self, span: Span) -> int:
        """The last gap of a span."""
        return self.beyond if span.ends is None else span.ends - 1

    def spans_of(self, saying: SaidLine) -> list[Span | None]:
        """Where the client can have been when something it said was carried out; None stands for what is missing."""
        first, last = (bisect_right(self.spans, gap, key=_begins) for gap in (saying.earliest, saying.latest))
        missing = not self.complete and saying.latest == self.beyond
        return [*self.spans[first - 1 : last], *([None] if missing else [])]


def _begins(span: Span) -> int:
    return span.begins
