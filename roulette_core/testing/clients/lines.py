"""Rules 13 to 16: what is heard was said, and said to those who hear it."""

from collections import Counter

from roulette_core.testing.clients.breach import Complaint, EntryRef, Findings
from roulette_core.testing.clients.client_events import Arrived, Gone
from roulette_core.testing.clients.run import HeardLine, Run, chat_of
from roulette_core.testing.clients.timeline import SaidLine
from roulette_core.testing.clients.words import describe


def nothing_is_invented(run: Run) -> Findings:
    """13. What is heard of a user, that user has said."""
    for hearing in run.hearings():
        if hearing.saying is not None:
            yield None
        else:
            hearer, _, line, _ = hearing
            yield (hearing.place,), f"{hearer.name} heard {line.text!r}, which {line.sender} never said"


def nothing_is_doubled(run: Run) -> Findings:
    """14. Nothing is heard more often than it was said; arrivals and departures are told once."""
    for timeline in run.timelines.values():
        heard: Counter[SaidLine | None] = Counter()
        for hearing in run.heard_by[timeline.name]:
            saying = hearing.saying
            heard[saying] += 1
            doubled = saying is not None and heard[saying] > saying.times
            yield ((hearing.place,), f"{timeline.name} heard {hearing.line.text!r} too often") if doubled else None
        news: set[object] = set()
        for number, sighting in enumerate(timeline.sightings):
            if type(sighting) in (Arrived, Gone):
                key = type(sighting), sighting
                place = EntryRef(timeline.name, timeline.entries[number])
                yield ((place,), f"{timeline.name} {describe(sighting)}, twice") if key in news else None
                news.add(key)


def order_is_kept(run: Run) -> Findings:
    """15. One user's lines are heard in the order in which they were said."""
    for hearings in run.heard_by.values():
        latest: dict[str, HeardLine] = {}
        for hearing in hearings:
            hearer, _, line, saying = hearing
            if saying is None or saying.times > 1:
                continue
            before = latest.get(line.sender)
            if before is not None and before.saying is not None and before.saying.number > saying.number:
                detail = f"{hearer.name} heard {before.line.text!r} of {line.sender} before {line.text!r}"
                yield (before.place, hearing.place), f"{detail}, and it was said after"
            else:
                yield None
            latest[line.sender] = hearing


def no_line_across_pairs(run: Run) -> Findings:
    """16. What was said in a private chat is heard in that chat alone, and what was said outside, outside."""
    first: dict[SaidLine, HeardLine] = {}
    for hearing in run.hearings():
        saying = hearing.saying
        if saying is None or saying.times > 1:
            continue
        other = first.setdefault(saying, hearing)
        fault = None
        if other is hearing:
            if not _can_have_been_there(run, hearing, saying):
                fault = f"where {saying.sender} was not when it was carried out"
        elif other.hearer is not hearing.hearer and "private" in (other.line.to, hearing.line.to):
            fault = f"and so did {other.hearer.name} elsewhere"
        yield None if fault is None else _heard_elsewhere(saying, hearing, fault)


def _heard_elsewhere(saying: SaidLine, hearing: HeardLine, fault: str) -> Complaint:
    places = (EntryRef(saying.sender, saying.entry), hearing.place)
    return places, f"{hearing.hearer.name} heard {saying.text!r} of {saying.sender} {fault}"


def _can_have_been_there(run: Run, hearing: HeardLine, saying: SaidLine) -> bool:
    """Returns whether the sender can have been where a line was heard."""
    sender = run.timelines[saying.sender]
    if hearing.line.to == "lobby":
        return any(span is None or span.partner is None for span in sender.spans_of(saying))
    span = run.chats[chat_of(hearing.hearer.name, hearing.span)].get(sender.name)
    if span is None:  # the end of the account is missing, or the chat began as the server closed the connection
        return saying.latest >= len(sender.sightings) - sender.closed
    return saying.latest >= span.begins and (span.ends is None or saying.earliest < span.ends)
