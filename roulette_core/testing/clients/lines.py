"""Rules 14 to 18: what is heard was said, and said to those who hear it."""

from collections import Counter

from roulette_core.testing.clients.breach import Complaint, EntryRef, Findings
from roulette_core.testing.clients.client_events import Arrived, Gone
from roulette_core.testing.clients.run import HeardLine, Run, chat_of
from roulette_core.testing.clients.timeline import SaidLine
from roulette_core.testing.clients.words import describe


def nothing_is_invented(run: Run) -> Findings:
    """14. What is heard of a user, that user has said."""
    for heard in run.heard_lines():
        if heard.said is not None:
            yield None
        else:
            hearer, _, line, _ = heard
            yield (heard.place,), f"{hearer.name} heard {line.text!r}, which {line.sender} never said"


def nothing_is_doubled(run: Run) -> Findings:
    """15. Nothing is heard more often than it was said; arrivals and departures are told once."""
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
    """16. One user's lines are heard in the order in which they were said."""
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
    """17. What was said in a private chat is heard in that chat alone, and what was said outside, outside."""
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


def lines_stay_in_their_chat(run: Run) -> Findings:
    """18. A line is heard in the private chat in which it was typed, or by no user; what was given back, no user heard.

    A line that names a chat belongs to that chat. One that names none belongs where its sender knew to be, if the
    server gives such lines back.
    """
    for heard in run.heard_lines():
        said = heard.said
        if said is None or said.times > 1 or (said.chat is None and said.meant is None and not said.given_back):
            continue
        if said.given_back:
            yield _heard_elsewhere(said, heard, "which was given back")
        elif said.meant is not None:
            chat = None if heard.line.to == "lobby" else chat_of(heard.hearer.name, heard.span)
            fault = "who had said it in another chat" if chat != chat_of(said.sender, said.meant) else None
            yield None if fault is None else _heard_elsewhere(said, heard, fault)
        else:
            there = _number_of(run, heard)
            fits = there == said.chat or (there is None and said.chat != 0)
            place = "the lobby" if said.chat == 0 else f"chat {said.chat}"
            yield None if fits else _heard_elsewhere(said, heard, f"elsewhere, which was for {place}")


def _number_of(run: Run, heard: HeardLine) -> int | None:
    """Returns the number of the chat in which a line was heard, 0 for the lobby; None if neither knows it."""
    if heard.line.to == "lobby":
        return 0
    spans = run.chats[chat_of(heard.hearer.name, heard.span)].values()
    return next((span.chat for span in spans if span.chat is not None), None)


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
