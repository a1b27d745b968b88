"""Rules 13 to 16: what is heard was said, and said to those who hear it."""

from collections import Counter

from roulette_core.testing.clients.breach import Complaint, EntryRef, Findings
from roulette_core.testing.clients.client_events import Arrived, Gone
from roulette_core.testing.clients.run import HeardLine, Run, chat_of
from roulette_core.testing.clients.timeline import SaidLine
from roulette_core.testing.clients.words import describe


def nothing_is_invented(run: Run) -> Findings:
    """13. What is heard of a user, that user has said."""
    for heard in run.heard_lines():
        if heard.said is not None:
            yield None
        else:
            hearer, _, line, _ = heard
            yield (heard.place,), f"{hearer.name} heard {line.text!r}, which {line.sender} never said"


def nothing_is_doubled(run: Run) -> Findings:
    """14. Nothing is heard more often than it was said; arrivals and departures are told once."""
    for timeline in run.timelines.values():
        times: Counter[SaidLine | None] = Counter()
        for heard in run.heard_by[timeline.name]:
            said = heard.said
            times[said] += 1
            doubled = said is not None and times[said] > said.times
            yield ((heard.place,), f"{timeline.name} heard {heard.line.text!r} too often") if doubled else None
        news: set[object] = set()
        for number, sighting in enumerate(timeline.sightings):
            if type(sighting) in (Arrived, Gone):
                key = type(sighting), sighting
                place = EntryRef(timeline.name, timeline.entries[number])
                yield ((place,), f"{timeline.name} {describe(sighting)}, twice") if key in news else None
                news.add(key)


def order_is_kept(run: Run) -> Findings:
    """15. One user's lines are heard in the order in which they were said."""
    for heard_lines in run.heard_by.values():
        latest: dict[str, HeardLine] = {}
        for heard in heard_lines:
            hearer, _, line, said = heard
            if said is None or said.times > 1:
                continue
            before = latest.get(line.sender)
            if before is not None and before.said is not None and before.said.number > said.number:
                detail = f"{hearer.name} heard {before.line.text!r} of {line.sender} before {line.text!r}"
                yield (before.place, heard.place), f"{detail}, and it was said after"
            else:
                yield None
            latest[line.sender] = heard


def no_line_across_pairs(run: Run) -> Findings:
    """16. What was said in a private chat is heard in that chat alone, and what was said outside, outside."""
    first: dict[SaidLine, HeardLine] = {}
    for heard in run.heard_lines():
        said = heard.said
        if said is None or said.times > 1:
            continue
        other = first.setdefault(said, heard)
        fault = None
        if other is heard:
            if not _can_have_been_there(run, heard, said):
                fault = f"where {said.sender} was not when it was carried out"
        elif other.hearer is not heard.hearer and "private" in (other.line.to, heard.line.to):
            fault = f"and so did {other.hearer.name} elsewhere"
        yield None if fault is None else _heard_elsewhere(said, heard, fault)


def _heard_elsewhere(said: SaidLine, heard: HeardLine, fault: str) -> Complaint:
    places = (EntryRef(said.sender, said.entry), heard.place)
    return places, f"{heard.hearer.name} heard {said.text!r} of {said.sender} {fault}"


def _can_have_been_there(run: Run, heard: HeardLine, said: SaidLine) -> bool:
    """Returns whether the sender can have been where a line was heard."""
    sender = run.timelines[said.sender]
    if heard.line.to == "lobby":
        return any(span is None or span.partner is None for span in sender.spans_of(said))
    span = run.chats[chat_of(heard.hearer.name, heard.span)].get(sender.name)
    if span is None:  # the end of the account is missing, or the chat began as the server closed the connection
        return said.latest >= len(sender.sightings) - sender.closed
    return said.latest >= span.begins and (span.ends is None or said.earliest < span.ends)
