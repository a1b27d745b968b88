"""Bounds when lines were carried out, by where others heard them.

Lines are carried out in the order in which they were said. If one was heard in a private chat, all lines before it
were carried out no later than that chat, and all after it no earlier. Relies on rules 1 to 16.
"""

from roulette_core.testing.clients.run import HeardLine, Run, chat_of
from roulette_core.testing.clients.timeline import Timeline


def tighten_bounds(run: Run) -> None:
    """Tightens the bounds of all lines, and marks those that certainly were carried out."""
    for hearing in run.hearings():
        saying = hearing.saying
        if saying is not None and saying.times == 1 and not saying.heard_in:
            saying.heard_in = hearing.line.to
            _take_from(run, hearing)
    for timeline in run.timelines.values():
        _keep_order(timeline)


def _take_from(run: Run, hearing: HeardLine) -> None:
    """Bounds a line by where it was heard."""
    saying = hearing.saying
    assert saying is not None
    sender = run.timelines[saying.sender]
    if hearing.line.to == "private":
        hearing.span.heard = max(hearing.span.heard, saying.number)
        span = run.chats[chat_of(hearing.hearer.name, hearing.span)].get(sender.name)
        if span is not None:
            saying.earliest = max(saying.earliest, span.begins)
            saying.latest = min(saying.latest, sender.last_gap(span))
        return
    first, last = sender.span_at_gap(saying.earliest), sender.span_at_gap(saying.latest)
    if first.partner is not None and first.ends is not None:
        saying.earliest = first.ends
    if last.partner is not None and saying.latest < sender.beyond:
        saying.latest = last.begins - 1


def _keep_order(timeline: Timeline) -> None:
    """Lets every line bound those before and after it."""
    earliest = 0
    for saying in timeline.sayings:
        saying.earliest = earliest = max(earliest, saying.earliest)
    latest, certain = timeline.beyond, False
    for saying in reversed(timeline.sayings):
        saying.latest = latest = min(latest, saying.latest)
        certain = certain or saying.heard_in != ""
        saying.carried_out = saying.carried_out or (certain and not timeline.vague) or saying.heard_in != ""
