"""What one account must be by itself: the rules 1 to 9.

Each is asked about a sighting just before it is entered, but for number 9, which looks at what is left to answer in the
end. It returns None, or says in a few words what is wrong.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from roulette_core.events import Leave, Start
from roulette_core.states import TRANSITIONS, Reason, State
from roulette_core.testing.clients.account_tracker import REASONS, AccountTracker, Request
from roulette_core.testing.clients.breach import EntryRef, Findings
from roulette_core.testing.clients.client_events import (
    Arrived,
    Gone,
    Met,
    PartedFrom,
    SawClosed,
    SawLine,
    SawRefused,
    SawReturned,
    Searches,
    Sighting,
    Welcomed,
)
from roulette_core.testing.clients.words import describe

Fault: TypeAlias = str | None


def welcome_comes_first(walk: AccountTracker, sighting: Sighting) -> Fault:
    """1. A client is welcomed once, under its name, and told nothing before but refusals."""
    outside = walk.state is State.OUTSIDE
    if type(sighting) is Welcomed:
        return None if outside and sighting.name == walk.timeline.name else f"was welcomed as {sighting.name}"
    return f"{describe(sighting)}, before any welcome" if outside else None


def moves_from_where_one_is(walk: AccountTracker, sighting: Searches | SawReturned | Met) -> Fault:
    """2. A client searches from the lobby on, and returns, or meets somebody, from searching."""
    needed = State.LOBBY if type(sighting) is Searches else State.SEARCHING
    if walk.state is needed or (type(sighting) is Met and walk.state is State.PRIVATE):
        return None
    return f"{describe(sighting)}, while {where(walk.state)}"


def every_chat_has_one_farewell(walk: AccountTracker, sighting: Met | PartedFrom) -> Fault:
    """3. A private chat is over before the next begins, and ends once, with who is in it."""
    if type(sighting) is Met:
        return None if walk.partner is None else f"met {sighting.partner}, and was never parted from {walk.partner}"
    if walk.partner != sighting.partner:
        return f"was parted from {sighting.partner}, but was {whereabouts(walk)}"
    return None


def hears_where_one_is(walk: AccountTracker, sighting: SawLine | Arrived | Gone) -> Fault:
    """4. A client in private hears its partner alone, and what is said in private; outside, the lobby alone."""
    partner = walk.partner
    if type(sighting) is not SawLine:
        return None if partner is None else f"{describe(sighting)}, while in private with {partner}"
    fits = sighting.to == "lobby" if partner is None else sighting.to == "private" and sighting.sender == partner
    return None if fits else f"{describe(sighting)}, while {whereabouts(walk)}"


def nobody_meets_oneself(walk: AccountTracker, sighting: SawLine | Met | Arrived | Gone) -> Fault:
    """5. A client is told of others: it neither hears nor meets itself."""
    return f"{describe(sighting)}, which is itself" if sighting[0] == walk.timeline.name else None


def nothing_follows_the_end(walk: AccountTracker, sighting: Sighting) -> Fault:
    """6. Nothing follows the server's goodbye, and nothing but that once a client's leaving has ended its chat."""
    if not walk.over or (type(sighting) is SawClosed and not walk.timeline.closed):
        return None
    return f"{describe(sighting)}, after {walk.over}"


def answers_fit(walk: AccountTracker, sighting: Searches | SawReturned | PartedFrom | SawRefused) -> Fault:
    """7. Requests are answered one after another, each with what it asks for or why it cannot be had."""
    if walk.state is State.OUTSIDE or walk.timeline.vague or not _is_answer(sighting):
        return None
    if not walk.pending:
        return f"{describe(sighting)}, having asked nothing that this answers"
    request = walk.pending[0].request
    expected = _answer(request, walk)
    fits = type(sighting) is type(expected) and sighting == expected
    return None if fits else f"asked {request.kind} while {whereabouts(walk)}, and {describe(sighting)}"


def no_word_after_leaving(walk: AccountTracker, sighting: SawLine | Met | Arrived) -> Fault:
    """8. Of who has left, nothing is heard any more."""
    who = sighting[0]
    return f"{describe(sighting)}, after {who} had left" if who in walk.gone else None


def requests_are_answered(walk: AccountTracker) -> Findings:
    """9. Where all is known that a client was told, everything that it asked has been answered by the end."""
    name, asked = walk.timeline.name, walk.pending
    if walk.timeline.complete:
        for request, entry, _ in asked:
            yield (EntryRef(name, entry),), f"{name} asked {request.kind}, and was never answered"
        yield None


def _is_answer(sighting: Searches | SawReturned | PartedFrom | SawRefused) -> bool:
    """Whether it can only be the answer to a request; whoever is sent away has asked for nothing."""
    if type(sighting) is PartedFrom:
        return sighting.by_me and sighting.cause != "leave"
    return type(sighting) is not SawRefused or sighting.reason in REASONS


def _answer(request: Request, walk: AccountTracker) -> Sighting | None:
    """What answers a request where the client is; None for leaving, which ends all."""
    verdict = TRANSITIONS[type(request)][walk.state]
    if isinstance(verdict, Reason):
        return SawRefused(verdict.value)
    if isinstance(request, Start):
        return Searches()
    if isinstance(request, Leave):
        return None
    return SawReturned() if walk.partner is None else PartedFrom(walk.partner, True, request.kind)


def where(state: State) -> str:
    """Where a client is, in words."""
    return {State.LOBBY: "in the lobby", State.SEARCHING: "searching", State.PRIVATE: "in private"}.get(
        state, "outside"
    )


def whereabouts(walk: AccountTracker) -> str:
    """Where a client is, and with whom."""
    return where(walk.state) if walk.partner is None else f"in private with {walk.partner}"


Rule: TypeAlias = Callable[[AccountTracker, Any], Fault]

_ALWAYS: tuple[Rule, ...] = (welcome_comes_first, nothing_follows_the_end)

ABOUT: dict[type, tuple[Rule, ...]] = {
    Welcomed: _ALWAYS,
    SawRefused: (nothing_follows_the_end, answers_fit),
    Searches: (*_ALWAYS, moves_from_where_one_is, answers_fit),
    SawReturned: (*_ALWAYS, moves_from_where_one_is, answers_fit),
    Met: (*_ALWAYS, moves_from_where_one_is, every_chat_has_one_farewell, nobody_meets_oneself, no_word_after_leaving),
    PartedFrom: (*_ALWAYS, every_chat_has_one_farewell, answers_fit),
    SawLine: (*_ALWAYS, hears_where_one_is, nobody_meets_oneself, no_word_after_leaving),
    Arrived: (*_ALWAYS, hears_where_one_is, nobody_meets_oneself, no_word_after_leaving),
    Gone: (*_ALWAYS, hears_where_one_is, nobody_meets_oneself),
    SawClosed: (nothing_follows_the_end,),
}
"""What is asked of each kind of sighting."""

RULES: tuple[Callable[..., Any], ...] = (
    welcome_comes_first,
    moves_from_where_one_is,
    every_chat_has_one_farewell,
    hears_where_one_is,
    nobody_meets_oneself,
    nothing_follows_the_end,
    answers_fit,
    no_word_after_leaving,
    requests_are_answered,
)
"""All nine, in the order of their numbers."""
