"""Transitions triggered by events: what becomes of each that the table in ``states.py`` allows."""

from collections.abc import Callable
from typing import Any, TypeAlias

from roulette_core._directory import Member
from roulette_core._pairing import Pairing, new
from roulette_core.effects import (
    Blocked,
    Cause,
    Effect,
    Joined,
    Left,
    LobbyLine,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
    Unblocked,
)
from roulette_core.errors import RouletteError
from roulette_core.events import Block, BulkLeave, Join, Leave, Lobby, Next, Place, Say, Start, Tick, Unblock, User
from roulette_core.states import TRANSITIONS, Cell, Reason, State

_LOBBY, _SEARCHING, _PRIVATE = State.LOBBY, State.SEARCHING, State.PRIVATE

Handler: TypeAlias = Callable[[Any, Any, Any, list[Effect]], None]
"""Carries out an event: ``(roulette, member, event, effects)``; appends to ``effects``."""


class Transitions(Pairing):
    """A method for each kind of event. What it relies on has been judged before."""

    def _join(self, member: None, event: Join, effects: list[Effect]) -> None:
        user, name, blocked, blocked_by, attributes, _ = event
        if name in self._names:
            effects.append(Refused(user, Reason.NAME_TAKEN))
            return
        self._members[user] = self._names[name] = newcomer = Member(user, name)
        if attributes:
            newcomer.attributes = attributes
        for other in blocked:
            self._blocks.add(user, other)
        for other in blocked_by:
            self._blocks.add(other, user)
        effects.append(new(Joined, (user, name, "joined")))

    def _say(self, member: Member, event: Say, effects: list[Effect]) -> None:
        user, text, chat, _ = event
        partner = member.partner
        if chat is not None and chat != member.chat:
            effects.append(_elsewhere(user, chat))
        elif partner is None:
            effects.append(LobbyLine(user, text, member.name))
        else:
            effects.append(new(PrivateLine, (user, partner.user, text, member.name, member.chat, "private_line")))

    def _start(self, member: Member, event: Start, effects: list[Effect]) -> None:
        member.interests = event.interests
        if event.attributes is not None:
            member.attributes = event.attributes
        effects.append(new(Searching, (member.user, "searching")))
        if member.state is _SEARCHING:
            self._policy.update(member)
            self._pool_changed = True
        else:
            self._search(member)

    def _next(self, member: Member, event: Next, effects: list[Effect]) -> None:
        if event.chat is not None and event.chat != member.chat:
            effects.append(_elsewhere(member.user, event.chat))
        else:
            self._part(member, "next", event.left_behind, effects)
            self._search(member)

    def _block(self, member: Member, event: Block, effects: list[Effect]) -> None:
        user, other, chat, left_behind, _ = event
        partner = member.partner
        blocked = partner if other is None else self._members[other]
        if blocked is None:
            effects.append(Refused(user, Reason.NOT_PRIVATE))
        elif chat is not None and chat != member.chat:
            effects.append(_elsewhere(user, chat))
        elif blocked is partner:
            self._blocks.add(user, blocked.user)
            self._part(member, "block", left_behind, effects)
            self._search(member)
        else:
            self._blocks.add(user, blocked.user)
            self._pool_changed = True  # a deadline may have been for these two
            effects.append(Blocked(user, blocked.user, blocked.name))

    def _unblock(self, member: Member, event: Unblock, effects: list[Effect]) -> None:
        user, other = member.user, self._members[event.other]
        if not self._blocks.made(user, other.user):
            effects.append(Refused(user, Reason.NOT_BLOCKED))
            return
        self._blocks.remove(user, other.user)
        effects.append(Unblocked(user, other.user, other.name))
        if member.state is other.state is _SEARCHING and not self._blocks.between(user, other.user):
            self._reunite(member, other)

    def _lobby(self, member: Member, event: Lobby, effects: list[Effect]) -> None:
        if member.state is _PRIVATE:
            self._part(member, "lobby", event.left_behind, effects)
        else:
            self._stop_searching(member)
            effects.append(Returned(member.user))
        member.state = _LOBBY

    def _leave(self, member: Member, event: Leave | BulkLeave, effects: list[Effect]) -> None:
        if member.state is _PRIVATE:
            self._part(member, "leave", event.left_behind, effects)
        elif member.state is _SEARCHING:
            self._stop_searching(member)
        del self._members[member.user], self._names[member.name]
        self._policy.forget(member.user)
        self._blocks.forget(member.user)
        effects.append(new(Left, (member.user, member.name, "left")))

    def _bulk_leave(self, member: None, event: BulkLeave, effects: list[Effect]) -> None:
        leaving = set(event.users)
        for user in event.users:
            each = self._members[user]
            together = each.partner is not None and each.partner.user in leaving
            self._leave(each, event._replace(left_behind="lobby") if together else event, effects)

    def _tick(self, member: None, event: Tick, effects: list[Effect]) -> None:
        """Does nothing itself: overdue pairings were drawn before the event."""

    def _part(self, member: Member, cause: Cause, left_behind: Place | None, effects: list[Effect]) -> None:
        """Ends a chat, and lets the partner search again or puts them into the lobby."""
        partner, chat = member.partner, member.chat
        assert partner is not None, "a member in private has a partner"
        place = left_behind or self._left_behind
        member.partner = partner.partner = None
        member.chat = partner.chat = 0
        self._chats_over += 1
        effects.append(
            new(Parted, (member.user, partner.user, cause, member.name, partner.name, chat, place, "parted"))
        )
        if place == "searching":  # ahead of the user who left
            self._search(partner)
        else:
            partner.state = _LOBBY


def _elsewhere(user: User, chat: int) -> Refused:
    """Returns the refusal of a request that belongs to a chat in which the user is not."""
    return Refused(user, Reason.CHAT_OVER if chat else Reason.NOT_IN_LOBBY)


PERFORM: dict[type, Handler] = {
    Join: Transitions._join,
    Say: Transitions._say,
    Start: Transitions._start,
    Next: Transitions._next,
    Block: Transitions._block,
    Unblock: Transitions._unblock,
    Lobby: Transitions._lobby,
    Leave: Transitions._leave,
    BulkLeave: Transitions._bulk_leave,
    Tick: Transitions._tick,
}


def _handler(kind: type, cell: Cell) -> Handler | type[RouletteError]:
    if isinstance(cell, Reason) and kind is not Block:  # a block of another user than the partner is never refused
        reason = cell
        return lambda roulette, member, event, effects: effects.append(Refused(member.user, reason))
    return PERFORM[kind] if isinstance(cell, State | Reason) else cell


HANDLERS = {kind: tuple(_handler(kind, cell) for cell in row) for kind, row in TRANSITIONS.items()}
"""The table with each cell replaced by its handler, so that judging an event is one look-up."""
