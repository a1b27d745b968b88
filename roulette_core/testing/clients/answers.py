"""The answers that a server may give to a request."""

from typing import TypeAlias

from roulette_core.events import Block, Leave, Next, Start, Unblock
from roulette_core.states import TRANSITIONS, Reason
from roulette_core.testing.clients.account_tracker import AccountTracker, Request
from roulette_core.testing.clients.client_events import (
    PartedFrom,
    SawBlocked,
    SawRefused,
    SawReturned,
    SawUnblocked,
    Searches,
)

Answer: TypeAlias = Searches | SawReturned | PartedFrom | SawRefused | SawBlocked | SawUnblocked
"""The sightings that answer a request."""

_OVER = SawRefused(Reason.CHAT_OVER.value)


def answers(request: Request, tracker: AccountTracker) -> list[Answer]:
    """Returns the answers to a request that are right where the client is; none to ``Leave``, which ends everything."""
    if isinstance(request, Next | Block):
        return _to_an_end(request, tracker)
    if isinstance(request, Unblock):
        return [SawUnblocked(str(request.other)), SawRefused(Reason.NOT_BLOCKED.value)]
    verdict = TRANSITIONS[type(request)][tracker.state]
    if isinstance(verdict, Reason):
        return [SawRefused(verdict.value)]
    if isinstance(request, Start):
        return [Searches()]
    if isinstance(request, Leave):
        return []
    return [SawReturned() if tracker.partner is None else PartedFrom(tracker.partner, True, "lobby")]


def _to_an_end(request: Next | Block, tracker: AccountTracker) -> list[Answer]:
    """Returns the answers to a request that may end a chat, or comes too late for that."""
    here = request.chat is None or tracker.chat is None or request.chat == tracker.chat
    may_be_late = _may_be_late(request, tracker)
    found: list[Answer] = [_OVER] if may_be_late or not here else []
    if isinstance(request, Block) and request.other is not None:
        if here:
            mine = tracker.partner == request.other
            found.append(PartedFrom(str(request.other), True, "block") if mine else SawBlocked(str(request.other)))
        return found
    if tracker.partner is None:
        found.append(SawRefused(Reason.NOT_PRIVATE.value))
    elif here:
        found.append(PartedFrom(tracker.partner, True, request.kind))
    late = may_be_late or not here or tracker.partner is None
    if late and isinstance(request, Block) and tracker.ended is not None and request.chat in (None, tracker.ended.chat):
        gone = str(tracker.ended.partner)  # a server may take the one who has left to be meant
        found.append(PartedFrom(gone, True, "block") if gone == tracker.partner else SawBlocked(gone))
    return found


def _may_be_late(request: Next | Block, tracker: AccountTracker) -> bool:
    """Returns whether a server may take a request that names no chat to belong to the one that was the latest to end.

    A text server does, for a while after the partner has left; its clients are told no numbers of chats.
    """
    ended = tracker.ended
    left = ended is not None and ended.farewell is not None and not ended.farewell.by_me
    return left and ended is not None and ended.chat is None and request.chat is None
