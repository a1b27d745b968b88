"""Bounds when lines were carried out, by where others heard them.

Lines are carried out in the order in which they were said. If one was heard in a private chat, all lines before it
were carried out no later than that chat, and all after it no earlier. A line that must not
be heard outside its chat was carried out in it, or given back. Relies on rules 1 to 18.
"""

from roulette_core.testing.clients.run import HeardLine, Run, chat_of
from roulette_core.testing.clients.timeline import Timeline


def tighten_bounds(run: Run) -> None:
    """Tightens the bounds of all lines, and marks those that certainly were carried out."""
    for timeline in run.timelines.values():
        for line in timeline.said_lines:
            if line.meant is not None and line.carried_out and not line.given_back:
                line.latest = min(line.latest, timeline.last_gap(line.meant))
    for heard in run.heard_lines():
        said = heard.said
        if said is not None and said.times == 1 and not said.heard_in:
            said.heard_in = heard.line.to
            _take_from(run, heard)
    for timeline in run.timelines.values():
        _keep_order(timeline)


def _take_from(run: Run, heard: HeardLine) -> None:
    """Bounds a line by where it was heard."""
    said = heard.said
    assert said is not None
    sender = run.timelines[said.sender]
    if heard.line.to == "private":
        heard.span.heard = max(heard.span.heard, said.number)
        span = run.chats[chat_of(heard.hearer.name, heard.span)].get(sender.name)
        if span is not None:
            said.earliest = max(said.earliest, span.begins)
            said.latest = min(said.latest, sender.last_gap(span))
        return
    first, last = sender.span_at_gap(said.earliest), sender.span_at_gap(said.latest)
    if first.partner is not None and first.ends is not None:
        said.earliest = first.ends
    if last.partner is not None and said.latest < sender.beyond:
        said.latest = last.begins - 1


def _keep_order(timeline: Timeline) -> None:
    """Lets every line bound those before and after it."""
    earliest = 0
    for said in timeline.said_lines:
        said.earliest = earliest = max(earliest, said.earliest)
    latest, certain = timeline.beyond, False
    for said in reversed(timeline.said_lines):
        said.latest = latest = min(latest, said.latest)
        certain = certain or said.heard_in != ""
        said.carried_out = said.carried_out or (certain and not timeline.vague) or said.heard_in != ""
