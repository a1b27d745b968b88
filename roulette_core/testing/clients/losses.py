"""Rules 20 and 21: nothing that was said or announced is lost."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from roulette_core.testing.clients.breach import Complaint, EntryRef, Findings
from roulette_core.testing.clients.happens_before import HappensBefore, Key, describe_moment
from roulette_core.testing.clients.lobby import LobbyView
from roulette_core.testing.clients.run import Run, chat_of
from roulette_core.testing.clients.timeline import SaidLine, Span, Timeline


def no_line_is_swallowed(lobby: LobbyView) -> Findings:
    """20. A line that was carried out is heard: by the partner or, outside private, by others who certainly were there.

    Or it is given back. A line is lost if, wherever the sender can have been, there was a user who would have heard it.
    """
    run = lobby.history.run
    unheard: list[tuple[SaidLine, list[Outside]]] = []
    for timeline in run.timelines.values():
        for said in timeline.said_lines:
            if not said.carried_out or said.times > 1:
                continue
            if said.heard_in or said.given_back:
                yield None
            elif all(_was_bound_to_hear(run, said, span) for span in timeline.spans_of(said)):
                unheard.append((said, list(_outside(lobby, timeline, said))))
    there = _who_was_there(lobby, {position for _, stays in unheard for stay in stays for position in stay})
    for said, stays in unheard:
        hearers = [there[before] & (there[after] | there[_END]) for before, after in stays]
        lost = all(any(name != said.sender for name, _ in some) for some in hearers)
        yield _swallowed(run, said) if lost else None


def _was_bound_to_hear(run: Run, said: SaidLine, span: Span | None) -> bool:
    """Returns whether a partner would have heard a line in a chat. True outside private, which is judged later."""
    if span is None:
        return False
    if span.partner is None:
        return True
    theirs = run.chats[chat_of(said.sender, span)].get(span.partner)
    if theirs is None:
        return False
    heard_it_out = theirs.farewell is not None or run.timelines[span.partner].complete
    return heard_it_out or theirs.heard > said.number


class Outside(NamedTuple):
    """A stretch of time outside private, as the positions of news before and after it."""

    before: int
    after: int


def _outside(lobby: LobbyView, timeline: Timeline, said: SaidLine) -> Iterator[Outside]:
    """Yields when a line can have been carried out outside private."""
    seen, moment = lobby.history.seen[timeline.name], lobby.history.numbers[said]
    for span in timeline.spans_of(said):
        if span is not None and span.partner is None:
            first, last = max(said.earliest, span.begins), min(said.latest, timeline.last_gap(span))
            before = max(lobby.known[moment], lobby.latest_by(seen[first - 1])) if first else -1
            after = lobby.next[moment]
            if last < len(seen):
                after = min(after, lobby.earliest_from(seen[last]))
            yield Outside(before, after)


def _swallowed(run: Run, said: SaidLine) -> Complaint:
    partners = {span.partner for span in run.timelines[said.sender].spans_of(said) if span is not None} - {None}
    by = f"neither by {' nor by '.join(map(str, partners))} nor in the lobby" if partners else "by no user there"
    return (EntryRef(said.sender, said.entry),), f"{said.text!r} of {said.sender} was heard {by}"


def lobby_misses_nothing(lobby: LobbyView) -> Findings:
    """21. Users who were certainly outside private hear what others say there, and who joins and leaves."""
    history = lobby.history
    for timeline in history.run.timelines.values():
        for earlier, later in stays(history, timeline):
            missed = [moment for moment in lobby.between(earlier, later) if not _is_own(history, moment, timeline)]
            if missed:
                what = history.keys[missed[0]]
                yield _missed(history, timeline, later, what)
            else:
                yield None


def stays(history: HappensBefore, timeline: Timeline) -> Iterator[tuple[int, int | None]]:
    """Yields each two successive moments that a client saw outside private, and the last one with None."""
    seen = history.seen[timeline.name]
    if ("arrived", timeline.name) not in history.numbers or not seen:
        return
    welcome = seen.index(history.numbers["arrived", timeline.name])
    for span in timeline.spans:
        if span.partner is None:
            begins = max(span.begins - 1, welcome)
            ends = len(seen) if span.ends is None else span.ends
            yield from zip(seen[begins : ends - 1], seen[begins + 1 : ends], strict=True)
    if timeline.spans[-1].partner is None and timeline.complete and not timeline.closed:
        yield seen[-1], None


def _is_own(history: HappensBefore, moment: int, timeline: Timeline) -> bool:
    key = history.keys[moment]
    return timeline.name == (key.sender if isinstance(key, SaidLine) else key[1])


def _missed(history: HappensBefore, timeline: Timeline, later: int | None, what: Key) -> Complaint:
    end = len(timeline.account.entries)
    if later is not None:
        end = timeline.entries[history.seen[timeline.name].index(later)]
    places = [EntryRef(timeline.name, end)]
    if isinstance(what, SaidLine):
        places.append(EntryRef(what.sender, what.entry))
    return tuple(places), f"{timeline.name}, in the lobby, never heard of {describe_moment(what)}"


_END = -2
"""Stands for the end of a run among positions."""


def _who_was_there(lobby: LobbyView, positions: set[int]) -> defaultdict[int, set[tuple[str, int]]]:
    """Returns which clients certainly heard or said the news at some positions, with the first gap of their span."""
    history = lobby.history
    there: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
    for name, timeline in history.run.timelines.items():
        for moment, at in zip(history.seen[name], timeline.span_at, strict=True):
            position = lobby.position.get(moment)
            if position in positions:
                there[position].add((name, timeline.spans[at].begins))
        for said in timeline.said_lines:
            position = lobby.position.get(history.numbers.get(said, -1))
            spans = timeline.spans_of(said)
            if position in positions and len(spans) == 1 and spans[0] is not None:
                there[position].add((name, spans[0].begins))
        if timeline.complete and not timeline.closed:
            there[_END].add((name, timeline.spans[-1].begins))
    return there
