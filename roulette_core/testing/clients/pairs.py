"""Rules 11 to 13: what partners must agree on."""

from roulette_core.events import Unblock
from roulette_core.testing.clients.breach import Complaint, EntryRef, Findings
from roulette_core.testing.clients.client_events import Met, PartedFrom, SawBlocked, SawUnblocked
from roulette_core.testing.clients.run import Chat, Run
from roulette_core.testing.clients.timeline import Span, Timeline


def chats_are_mutual(run: Run) -> Findings:
    """11. If A has met B, B has met A, as often."""
    for chat, spans in run.chats.items():
        missing = [name for name in chat[:2] if name not in spans]
        yield _unknown_to(run, missing[0], chat, spans) if missing else None


def _unknown_to(run: Run, name: str, chat: Chat, spans: dict[str, Span]) -> Complaint | None:
    """Complains of a chat that only one of two knows of, unless the other's account is cut or it was leaving."""
    timeline = run.timelines.get(name)
    ((other, span),) = spans.items()
    places = (_begins(run.timelines[other], span),)
    if timeline is None:
        return places, f"{other} met {name}, who was never there"
    excused = timeline.closed and (_was_left(span) or _was_not_told_yet(run.timelines[other], span))
    if excused or not timeline.complete:
        return None
    return places, f"{other} met {name} {_times(chat[2])}, but {name} did not meet {other} as often"


def farewells_agree(run: Run) -> Findings:
    """12. Both partners are told how their chat ended: one ended it, and the other is told so, but not of a block."""
    for chat, spans in run.chats.items():
        if len(spans) == 2:
            yield _disagreement(run, chat, spans)


def _disagreement(run: Run, chat: Chat, spans: dict[str, Span]) -> Complaint | None:
    first, second = (run.timelines[name] for name in chat[:2])
    one, other = spans[first.name], spans[second.name]
    fault = None
    if one.farewell is not None and other.farewell is not None:
        fault = None if _match(one.farewell, other.farewell) else "tell differently how their chat ended"
    elif _was_not_told(first, one, other, second) or _was_not_told(second, other, one, first):
        fault = "do not both know that their chat has ended"
    places = (_ends(first, one), _ends(second, other))
    return None if fault is None else (places, f"{first.name} and {second.name} {fault}")


def _match(one: PartedFrom, other: PartedFrom) -> bool:
    """Returns whether two farewells are of one chat."""
    mine, theirs = (one, other) if one.by_me else (other, one)
    cause = "next" if mine.cause == "block" else mine.cause
    return mine.by_me and not theirs.by_me and theirs.cause == cause


def _was_not_told(one: Timeline, mine: Span, theirs: Span, other: Timeline) -> bool:
    """Returns whether ``one`` should have been told of the end of a chat: the other was, or has gone."""
    if mine.farewell is not None or not one.complete:
        return False
    if one.closed:  # a user who leaves need not be told that this ends the chat
        return theirs.farewell is not None and not _was_left(theirs)
    return theirs.farewell is not None or other.closed


def _was_left(span: Span) -> bool:
    """Returns whether a chat ended because the partner left."""
    farewell = span.farewell
    return farewell is not None and not farewell.by_me and farewell.cause == "leave"


def _was_not_told_yet(timeline: Timeline, span: Span) -> bool:
    """Returns whether an account legitimately ends within a chat."""
    return span.farewell is None and (timeline.closed or not timeline.complete)


def blocked_never_meet_again(run: Run) -> Findings:
    """13. After a block, the two users do not meet again, unless it is taken back."""
    for timeline in run.timelines.values():
        blocked: set[str] = set()
        for number, sighting in enumerate(timeline.sightings):
            if type(sighting) is Met:
                place = EntryRef(timeline.name, timeline.entries[number])
                again = sighting.partner in blocked
                yield _met_again(timeline.name, sighting.partner, place) if again else None
            elif type(sighting) is SawUnblocked:
                blocked.discard(sighting.name)
            elif type(sighting) is SawBlocked:
                blocked.add(sighting.name)
            elif type(sighting) is PartedFrom and sighting.by_me and sighting.cause == "block":
                blocked.add(sighting.partner)
        asked = {entry.what.other for entry in timeline.account.entries if isinstance(entry.what, Unblock)}
        for chat in run.unseen_by.get(timeline.name, ()):
            for name in blocked.intersection(chat[:2]).difference(asked):
                yield _met_again(timeline.name, name, _begins(run.timelines[name], run.chats[chat][name]))


def _met_again(name: str, other: str, place: EntryRef) -> Complaint:
    return (place,), f"{name} and {other} met again after {name} had blocked {other}"


def _begins(timeline: Timeline, span: Span) -> EntryRef:
    """Returns where a chat begins in an account."""
    return EntryRef(timeline.name, timeline.entries[span.begins - 1])


def _ends(timeline: Timeline, span: Span) -> EntryRef:
    """Returns where a chat ends in an account."""
    end = len(timeline.account.entries) if span.farewell is None else timeline.entries[(span.ends or 0) - 1]
    return EntryRef(timeline.name, end)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
