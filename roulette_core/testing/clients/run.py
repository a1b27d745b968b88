"""All accounts of a run, laid beside each other: who met whom how often, and who heard what of whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple, TypeAlias

from roulette_core.testing.clients.breach import EntryRef
from roulette_core.testing.clients.client_events import SawLine
from roulette_core.testing.clients.timeline import SaidLine, Span, Timeline

Chat: TypeAlias = tuple[str, str, int]
"""A private chat: the two, by name in alphabetical order, and which of theirs it is, from 1."""


class HeardLine(NamedTuple):
    """A line that a client heard.

    Attributes:
        hearer: the client.
        sighting: the number of the sighting among the client's.
        line: what was heard.
        saying: what was said; of what was said more than once, the first.
    """

    hearer: Timeline
    sighting: int
    line: SawLine
    saying: SaidLine | None

    @property
    def place(self) -> EntryRef:
        """Where it stands."""
        return EntryRef(self.hearer.name, self.hearer.entries[self.sighting])

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
        unseen_by: the chats that others had with a client who knows nothing of them, by its name.
        sayings: everything said, by who said it and the words; of what was said more than once, the first.
        heard_by: every line heard, by who heard it.
    """

    timelines: dict[str, Timeline]
    chats: dict[Chat, dict[str, Span]] = field(default_factory=dict)
    unseen_by: defaultdict[str, list[Chat]] = field(default_factory=lambda: defaultdict(list))
    sayings: dict[tuple[str, str], SaidLine] = field(default_factory=dict)
    heard_by: dict[str, list[HeardLine]] = field(default_factory=dict)

    def hearings(self) -> Iterator[HeardLine]:
        """Every line heard."""
        return chain.from_iterable(self.heard_by.values())


def lay_out(timelines: Iterable[Timeline]) -> Run:
    """Lays timelines beside each other."""
    run = Run({timeline.name: timeline for timeline in timelines})
    for timeline in run.timelines.values():
        for span in timeline.spans:
            if span.partner is not None:
                run.chats.setdefault(chat_of(timeline.name, span), {})[timeline.name] = span
        _match_repetitions(run, timeline)
    for chat, spans in run.chats.items():
        for name in set(chat[:2]).difference(spans):
            run.unseen_by[name].append(chat)
    for name, timeline in run.timelines.items():
        run.heard_by[name] = list(_hearings(run, timeline))
    return run


def _match_repetitions(run: Run, timeline: Timeline) -> None:
    """Enters what a client said; of what it repeated, the first."""
    times = Counter(saying.text for saying in timeline.sayings)
    for saying in timeline.sayings:
        saying.times = times[saying.text]
        run.sayings.setdefault((timeline.name, saying.text), saying)


def _hearings(run: Run, timeline: Timeline) -> Iterator[HeardLine]:
    for number, sighting in enumerate(timeline.sightings):
        if type(sighting) is SawLine:
            yield HeardLine(timeline, number, sighting, run.sayings.get((sighting.sender, sighting.text)))


def chat_of(name: str, span: Span) -> Chat:
    """Which chat a client's span in private is."""
    assert span.partner is not None
    first, second = sorted((name, span.partner))
    return first, second, span.number
