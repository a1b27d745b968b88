"""All accounts of a run together: who met whom how often, and who heard whose lines."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple, TypeAlias

from roulette_core.testing.clients.breach import EntryRef
from roulette_core.testing.clients.client_events import SawLine
from roulette_core.testing.clients.timeline import SaidLine, Span, Timeline

Chat: TypeAlias = tuple[str, str, int]
"""A private chat: the two names in alphabetical order, and which of their chats it is, from 1."""


class HeardLine(NamedTuple):
    """A line that a client heard."""

    hearer: Timeline
    sighting: int  # its number among the client's
    line: SawLine
    said: SaidLine | None  # if it was said more than once, the first

    @property
    def place(self) -> EntryRef:
        """Returns where the line stands."""
        return EntryRef(self.hearer.name, self.hearer.entries[self.sighting])

    @property
    def span(self) -> Span:
        """Returns the span in which it was heard."""
        return self.hearer.spans[self.hearer.span_at[self.sighting]]


@dataclass(slots=True)
class Run:
    """A run as its clients saw it.

    Attributes:
        chats: every private chat, with the spans of those of the two who know of it, by name.
        unseen_by: the chats that others had with a client who knows nothing of them, by its name.
        said_lines: every line, by sender and text; of a line said more than once, the first.
    """

    timelines: dict[str, Timeline]
    chats: dict[Chat, dict[str, Span]] = field(default_factory=dict)
    unseen_by: defaultdict[str, list[Chat]] = field(default_factory=lambda: defaultdict(list))
    said_lines: dict[tuple[str, str], SaidLine] = field(default_factory=dict)
    heard_by: dict[str, list[HeardLine]] = field(default_factory=dict)

    def heard_lines(self) -> Iterator[HeardLine]:
        """Returns every line heard."""
        return chain.from_iterable(self.heard_by.values())


def lay_out(timelines: Iterable[Timeline]) -> Run:
    """Combines timelines."""
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
        run.heard_by[name] = list(_heard_lines(run, timeline))
    return run


def _match_repetitions(run: Run, timeline: Timeline) -> None:
    """Enters a client's lines; of those it repeated, the first."""
    times = Counter(said.text for said in timeline.said_lines)
    for said in timeline.said_lines:
        said.times = times[said.text]
        run.said_lines.setdefault((timeline.name, said.text), said)


def _heard_lines(run: Run, timeline: Timeline) -> Iterator[HeardLine]:
    for number, sighting in enumerate(timeline.sightings):
        if type(sighting) is SawLine:
            yield HeardLine(timeline, number, sighting, run.said_lines.get((sighting.sender, sighting.text)))


def chat_of(name: str, span: Span) -> Chat:
    """Returns the chat of a client's span in private."""
    assert span.partner is not None
    first, second = sorted((name, span.partner))
    return first, second, span.number
