"""Follows one account, entry by entry, and makes a timeline of it. Accepts any account, however wrong."""

from collections import Counter, deque
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from roulette_core.events import Block, Event, Leave, Lobby, Next, Say, Start, Unblock
from roulette_core.states import Reason, State
from roulette_core.testing.clients import client_events
from roulette_core.testing.clients.client_events import Account, Sighting
from roulette_core.testing.clients.timeline import SaidLine, Span, Timeline

Request: TypeAlias = Start | Next | Block | Unblock | Lobby | Leave
"""The requests that get an answer; lines do not."""

REASONS = frozenset(reason.value for reason in Reason)
"""The core's reasons. Any other reason is the gateway's own, and does not show what was refused."""

ASKED = "asked"
"""The reason of the ``SawClosed`` that answers the client's own ``Leave``."""


class Pending(NamedTuple):
    """A request that has not been answered yet, its number in the account, and how many lines were said before it."""

    request: Request
    entry: int
    said_before: int


class AccountTracker:
    """Where one client is, by what it has been told so far.

    ``settled`` says whether everything was delivered when the run ended.
    """

    def __init__(self, account: Account, settled: bool) -> None:
        closed = any(type(what) is client_events.SawClosed for _, what in reversed(account.entries))
        self.timeline = Timeline(account.name, account, complete=not account.cut and (settled or closed))
        self.entry = 0  # the number of the one being looked at
        self.state = State.OUTSIDE  # before its welcome
        self.over = ""  # why nothing more may follow, in words; empty if more may
        self.gone: set[str] = set()  # the users who the client has been told have left
        self.pending: deque[Pending] = deque()  # the requests without an answer, the oldest first
        self.ended: Span | None = None  # the private chat that was the latest to end
        self._answered = 0
        self._said_before_leaving: int | None = None
        self._met_before: Counter[str] = Counter()

    @property
    def partner(self) -> str | None:
        """Returns the partner in private."""
        return self.timeline.spans[-1].partner

    @property
    def chat(self) -> int | None:
        """Returns the number of the chat, 0 outside private; None if the client was not told."""
        return self.timeline.spans[-1].chat

    def unreturned(self, text: str) -> SaidLine | None:
        """Returns the first line with this text that may still be given back: lines are handled in their order."""
        lines = self.timeline.said_lines
        return next((lines[n] for n in range(self._answered, len(lines)) if lines[n].text == text), None)

    def ask(self, event: Event) -> None:
        """Takes what the client asks or says. Requests after ``Leave`` mean nothing."""
        timeline, said_lines = self.timeline, self.timeline.said_lines
        if isinstance(event, Say):
            line = SaidLine(timeline.name, len(said_lines), event.text, self.entry, self._gap, -1, event.chat)
            line.meant = self._meant(event)
            said_lines.append(line)
        elif timeline.closed or timeline.vague or self._said_before_leaving is not None:
            return
        elif isinstance(event, Request):
            self.pending.append(Pending(event, self.entry, len(said_lines)))
            if isinstance(event, Leave):
                self._said_before_leaving = len(said_lines)

    def _meant(self, event: Say) -> Span | None:
        """Returns the private chat that a line belongs to, if only its partner may hear it."""
        timeline = self.timeline
        span = timeline.spans[-1]
        if span.partner is None:
            return None
        if event.chat is not None:
            return span if event.chat == span.chat else None
        # After a command that is not answered yet, a client does not know where it is.
        return span if timeline.account.gives_back and not self.pending and not timeline.vague else None

    def see(self, sighting: Sighting) -> None:
        """Takes what the client is told."""
        timeline = self.timeline
        enter = _ENTER.get(type(sighting))
        if enter is not None:
            enter(self, sighting)
        timeline.span_at.append(len(timeline.spans) - 1)
        timeline.sightings.append(sighting)
        timeline.entries.append(self.entry)

    def finish(self) -> Timeline:
        """Returns the timeline, after the last entry."""
        timeline = self.timeline
        earliest = 0
        for said in timeline.said_lines:
            said.earliest = earliest = max(earliest, said.earliest)
            if said.latest < 0:
                said.latest = timeline.beyond
        for said in timeline.said_lines[: self._certain()]:
            said.carried_out = True
        return timeline

    def _certain(self) -> int:
        """Returns how many lines were carried out: those before an answer; if all is known, those before leaving."""
        timeline = self.timeline
        if timeline.vague:
            return 0
        if not timeline.complete or timeline.dismissed:
            return self._answered
        return len(timeline.said_lines) if self._said_before_leaving is None else self._said_before_leaving

    @property
    def _gap(self) -> int:
        return len(self.timeline.sightings)

    def _answer(self) -> None:
        """Answers the oldest request.

        Lines said before it were carried out before the answer, lines said after it, after.
        """
        if not self.pending:
            return
        said_lines, said_before = self.timeline.said_lines, self.pending.popleft().said_before
        for said in said_lines[self._answered : said_before]:
            said.latest = self._gap
        for said in said_lines[said_before : self.pending[0].said_before if self.pending else None]:
            said.earliest = self._gap + 1
        self._answered = max(self._answered, said_before)

    def _turn(self, partner: str | None, number: int = 0, chat: int | None = 0) -> None:
        """Begins another span."""
        self.timeline.spans[-1].ends = self._gap + 1
        self.timeline.spans.append(Span(partner, number, chat, self._gap + 1))

    # One method for each kind of sighting.

    def _welcomed(self, sighting: client_events.Welcomed) -> None:
        self.state = State.LOBBY

    def _refused(self, sighting: client_events.SawRefused) -> None:
        if self.state is State.OUTSIDE:
            return
        if sighting.reason in REASONS:
            self._answer()
        else:
            self.timeline.vague = True
            self.pending.clear()

    def _given_back(self, sighting: client_events.GivenBack) -> None:
        """Notes that a line was given back now: lines said before it were carried out by now."""
        said = self.unreturned(sighting.text)
        if said is None:
            return
        said.given_back = True
        said.earliest = self._gap
        for line in self.timeline.said_lines[self._answered : said.number + 1]:
            line.latest = self._gap
        self._answered = max(self._answered, said.number + 1)

    def _searches(self, sighting: client_events.Searches) -> None:
        self.state = State.SEARCHING
        self._answer()

    def _returned(self, sighting: client_events.SawReturned) -> None:
        self.state = State.LOBBY
        self._answer()

    def _blocked(self, sighting: client_events.SawBlocked | client_events.SawUnblocked) -> None:
        self._answer()

    def _met(self, sighting: client_events.Met) -> None:
        self.state = State.PRIVATE
        self._met_before[sighting.partner] += 1
        self._turn(sighting.partner, self._met_before[sighting.partner], sighting.chat)

    def _parted(self, sighting: client_events.PartedFrom) -> None:
        to_lobby = sighting.cause == "lobby" if sighting.by_me else sighting.left_behind == "lobby"
        self.state = State.LOBBY if to_lobby else State.SEARCHING
        if sighting.by_me and sighting.cause == "leave":
            self.over = "its own leaving has ended a chat"
            self.pending.clear()
        elif sighting.by_me:
            self._answer()
        self.ended = self.timeline.spans[-1]
        self.ended.farewell = sighting
        self._turn(None)

    def _gone(self, sighting: client_events.Gone) -> None:
        self.gone.add(sighting.name)

    def _closed(self, sighting: client_events.SawClosed) -> None:
        self.timeline.closed = True
        self.timeline.dismissed = sighting.reason != ASKED
        self.over = "the server has said goodbye"
        self.pending.clear()


_ENTER: dict[type, Callable[[AccountTracker, Any], None]] = {
    client_events.Welcomed: AccountTracker._welcomed,
    client_events.SawRefused: AccountTracker._refused,
    client_events.GivenBack: AccountTracker._given_back,
    client_events.SawBlocked: AccountTracker._blocked,
    client_events.SawUnblocked: AccountTracker._blocked,
    client_events.Searches: AccountTracker._searches,
    client_events.SawReturned: AccountTracker._returned,
    client_events.Met: AccountTracker._met,
    client_events.PartedFrom: AccountTracker._parted,
    client_events.Gone: AccountTracker._gone,
    client_events.SawClosed: AccountTracker._closed,
}
"""Kind of sighting → method; the others change nothing."""
