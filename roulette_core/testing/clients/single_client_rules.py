"""Rules 1 to 10: what must hold of one account by itself.

Each is asked about a sighting just before the tracker takes it, except rule 10, which looks at what is left unanswered
at the end. It returns None, or what is wrong in a few words.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from roulette_core.states import Reason, State
from roulette_core.testing.clients.account_tracker import REASONS, AccountTracker
from roulette_core.testing.clients.answers import Answer, answers
from roulette_core.testing.clients.breach import EntryRef, Findings
from roulette_core.testing.clients.client_events import (
    Arrived,
    GivenBack,
    Gone,
    Met,
    PartedFrom,
    SawBlocked,
    SawClosed,
    SawLine,
    SawRefused,
    SawReturned,
    SawUnblocked,
    Searches,
    Sighting,
    Welcomed,
)
from roulette_core.testing.clients.words import describe

Fault: TypeAlias = str | None


def welcome_comes_first(tracker: AccountTracker, sighting: Sighting) -> Fault:
    """1. A client is welcomed once, under its name, and told nothing before but refusals."""
    outside = tracker.state is State.OUTSIDE
    if type(sighting) is Welcomed:
        return None if outside and sighting.name == tracker.timeline.name else f"was welcomed as {sighting.name}"
    return f"{describe(sighting)}, before any welcome" if outside else None


def moves_follow_states(tracker: AccountTracker, sighting: Searches | SawReturned | Met) -> Fault:
    """2. A client starts to search outside private, and returns or meets a partner while searching."""
    if tracker.state is State.SEARCHING or tracker.state is _OTHERWISE[type(sighting)]:
        return None
    return f"{describe(sighting)}, while {where(tracker.state)}"


_OTHERWISE = {Searches: State.LOBBY, SawReturned: None, Met: State.PRIVATE}  # two chats at once break rule 3


def every_chat_has_one_farewell(tracker: AccountTracker, sighting: Met | PartedFrom) -> Fault:
    """3. A private chat is over before the next begins, and ends once, with the same partner."""
    if type(sighting) is Met:
        before = tracker.partner
        return None if before is None else f"met {sighting.partner}, and was never parted from {before}"
    if tracker.partner != sighting.partner or not _fits(sighting.chat, tracker):
        return f"was parted from {sighting.partner}{_of(sighting.chat)}, but was {whereabouts(tracker)}"
    return None


def hears_own_room_only(tracker: AccountTracker, sighting: SawLine | Arrived | Gone) -> Fault:
    """4. In private, a client hears its partner alone, and what is said in private; outside, the lobby alone."""
    partner = tracker.partner
    if type(sighting) is not SawLine:
        return None if partner is None else f"{describe(sighting)}, while in private with {partner}"
    fits = sighting.to == "lobby" if partner is None else sighting.to == "private" and sighting.sender == partner
    if fits and _fits(sighting.chat, tracker):
        return None
    return f"{describe(sighting)}{_of(sighting.chat)}, while {whereabouts(tracker)}"


def never_meets_itself(tracker: AccountTracker, sighting: SawLine | Met | Arrived | Gone) -> Fault:
    """5. A client is told of others: it neither hears nor meets itself."""
    return f"{describe(sighting)}, which is itself" if sighting[0] == tracker.timeline.name else None


def nothing_follows_the_end(tracker: AccountTracker, sighting: Sighting) -> Fault:
    """6. Nothing follows the server's goodbye; once a client's leaving has ended its chat, only the goodbye follows."""
    if not tracker.over or (type(sighting) is SawClosed and not tracker.timeline.closed):
        return None
    return f"{describe(sighting)}, after {tracker.over}"


def answers_fit(tracker: AccountTracker, sighting: Answer) -> Fault:
    """7. Requests are answered in order, each with what it asks for or with the reason why it is refused."""
    if tracker.state is State.OUTSIDE or tracker.timeline.vague or not _is_answer(sighting):
        return None
    if not tracker.pending:
        return f"{describe(sighting)}, having asked nothing that this answers"
    request = tracker.pending[0].request
    seen = sighting._replace(chat=None) if type(sighting) is PartedFrom else sighting  # rule 3 looks at its number
    fits = any(type(seen) is type(answer) and seen == answer for answer in answers(request, tracker))
    return None if fits else f"asked {request.kind} while {whereabouts(tracker)}, and {describe(sighting)}"


def no_word_after_leaving(tracker: AccountTracker, sighting: SawLine | Met | Arrived) -> Fault:
    """8. Nothing is heard of a user who has left."""
    who = sighting[0]
    return f"{describe(sighting)}, after {who} had left" if who in tracker.gone else None


def what_comes_back_was_said(tracker: AccountTracker, sighting: GivenBack) -> Fault:
    """9. What is given back is a line that the client has said, and that belongs where the client is no longer."""
    said = tracker.unreturned(sighting.text)
    if said is None:
        return f"{describe(sighting)}, and has no such line outstanding"
    if said.chat is None:
        left = tracker.ended is not None and tracker.ended.farewell is not None and not tracker.ended.farewell.by_me
        return None if left else f"{describe(sighting)}, though no partner had left"
    there = State.PRIVATE if said.chat == 0 else tracker.state
    reason = Reason.CHAT_OVER if said.chat else Reason.NOT_IN_LOBBY
    elsewhere = tracker.chat is None or said.chat != tracker.chat
    fits = elsewhere and tracker.state is there and sighting.reason == reason.value
    return None if fits else f"{describe(sighting)}, while {whereabouts(tracker)}"


def requests_are_answered(tracker: AccountTracker) -> Findings:
    """10. If an account is complete, every request in it has been answered by the end."""
    name, asked = tracker.timeline.name, tracker.pending
    if tracker.timeline.complete:
        for request, entry, _ in asked:
            yield (EntryRef(name, entry),), f"{name} asked {request.kind}, and was never answered"
        yield None


def _is_answer(sighting: Answer) -> bool:
    """Returns whether a sighting can only be an answer; a client that is disconnected has asked for nothing."""
    if type(sighting) is PartedFrom:
        return sighting.by_me and sighting.cause != "leave"
    return type(sighting) is not SawRefused or sighting.reason in REASONS


def _fits(chat: int | None, tracker: AccountTracker) -> bool:
    """Returns whether what a client was told of a chat can be told of the one it is in."""
    return chat is None or tracker.chat is None or chat == tracker.chat


def _of(chat: int | None) -> str:
    return f" in chat {chat}" if chat else ""


def where(state: State) -> str:
    """Returns where a client is, in words."""
    return {State.LOBBY: "in the lobby", State.SEARCHING: "searching", State.PRIVATE: "in private"}.get(
        state, "outside"
    )


def whereabouts(tracker: AccountTracker) -> str:
    """Returns where a client is, and with whom."""
    return where(tracker.state) if tracker.partner is None else f"in private with {tracker.partner}{_of(tracker.chat)}"


Rule: TypeAlias = Callable[[AccountTracker, Any], Fault]

_ALWAYS: tuple[Rule, ...] = (welcome_comes_first, nothing_follows_the_end)

ABOUT: dict[type, tuple[Rule, ...]] = {
    Welcomed: _ALWAYS,
    SawRefused: (nothing_follows_the_end, answers_fit),
    GivenBack: (*_ALWAYS, what_comes_back_was_said),
    SawBlocked: (*_ALWAYS, answers_fit),
    SawUnblocked: (*_ALWAYS, answers_fit),
    Searches: (*_ALWAYS, moves_follow_states, answers_fit),
    SawReturned: (*_ALWAYS, moves_follow_states, answers_fit),
    Met: (*_ALWAYS, moves_follow_states, every_chat_has_one_farewell, never_meets_itself, no_word_after_leaving),
    PartedFrom: (*_ALWAYS, every_chat_has_one_farewell, answers_fit),
    SawLine: (*_ALWAYS, hears_own_room_only, never_meets_itself, no_word_after_leaving),
    Arrived: (*_ALWAYS, hears_own_room_only, never_meets_itself, no_word_after_leaving),
    Gone: (*_ALWAYS, hears_own_room_only, never_meets_itself),
    SawClosed: (nothing_follows_the_end,),
}
"""Kind of sighting → its rules."""

RULES: tuple[Callable[..., Any], ...] = (
    welcome_comes_first,
    moves_follow_states,
    every_chat_has_one_farewell,
    hears_own_room_only,
    never_meets_itself,
    nothing_follows_the_end,
    answers_fit,
    no_word_after_leaving,
    what_comes_back_was_said,
    requests_are_answered,
)
"""All ten, in the order of their numbers."""
