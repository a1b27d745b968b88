"""All accounts of a run, laid beside each other: who met whom how often, and who heard what of whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from roulette_core.testing.clients.breach import Place
from roulette_core.testing.clients.sightings import Line
from roulette_core.testing.clients.timeline import Saying, Span, Timeline

Chat: TypeAlias = tuple[str, str, int]
"""A private chat: the two, by name in alphabetical order, and which of theirs it is, from 1."""


class Hearing(NamedTuple):
    """A line that a client heard.

    Attributes:
        hearer: the client.
        sighting: the number of the sighting among the client's.
        line: what was heard.
        saying: what was said, if the same was said just once.
    """

    hearer: Timeline
    sighting: int
    line: Line
    saying: Saying | None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.hearer.name, self.hearer.entries[self.sighting])

    @property
    def span(self) -> Span:
        """Where the hearer was."""
        return self.hearer.spans[self.hearer.span_at[self.sighting]]


@dataclass(slots=True)
class Run:
    """A run as its clients saw it.

    Attributes:
        timelines: everybody's, by name.
        chats: every private chat, and for each of the two who knows of it their name and span.
        sayings: everything said, by who said it and the words.
        hearings: every line heard of somebody who has an account.
    """

    timelines: dict[str, Timeline]
    chats: dict[Chat, dict[str, Span]] = field(default_factory=dict)
    sayings: dict[tuple[str, str], Saying] = field(default_factory=dict)
    hearings: list[Hearing] = field(default_factory=list)


def lay_out(timelines: Iterable[Timeline]) -> Run:
    """Lays timelines beside each other."""
    run = Run({timeline.name: timeline for timeline in timelines})
    for timeline in run.timelines.values():
        for span in timeline.spans:
            if span.partner is not None:
                run.chats.setdefault(chat_of(timeline.name, span), {})[timeline.name] = span
        for saying in timeline.sayings:
            first = run.sayings.setdefault((timeline.name, saying.text), saying)
            if first is not saying:
                first.repeated = saying.repeated = True
    for timeline in run.timelines.values():
        run.hearings += _hearings(run, timeline)
    return run


def _hearings(run: Run, timeline: Timeline) -> Iterator[Hearing]:
    for number, sighting in enumerate(timeline.sightings):
        if type(sighting) is Line:
            saying = run.sayings.get((sighting.sender, sighting.text))
            yield Hearing(timeline, number, sighting, saying)


def chat_of(name: str, span: Span) -> Chat:
    """Which chat a client's span in private is."""
    assert span.partner is not None
    first, second = sorted((name, span.partner))
    return first, second, span.number
