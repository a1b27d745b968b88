"""Which chat a line of the text dialect was typed for, when the partner leaves while it is being typed.

Such a line names no chat. People take a second or two to read that their partner has left, and longer to finish a
sentence; so for a while after that, what they type still belongs to the chat that is over: the core refuses it, and it
is given back. A command ends the while: who types one has read where they are.
"""

import math
from collections.abc import Iterable, Mapping

from roulette_core import Effect, Parted, User
from transports.dialects import PONG, SAY, Request, TextDialect
from transports.gateway.session import EndedChat, Session


def note_ends(effects: Iterable[Effect], users: Mapping[User, Session], now: float, give_back: float) -> None:
    """Notes, for both users of each chat that has ended, which it was and how long lines still belong to it."""
    for effect in effects:
        if isinstance(effect, Parted):
            left, leaver = users[effect.partner], users[effect.user]
            leaver.ended = EndedChat(effect.chat, effect.partner_name, left.name, now)  # who leaves knows it
            left.ended = EndedChat(effect.chat, effect.user_name, leaver.name, _until(left, now, give_back))


def addressed(session: Session, asked: Request, now: float) -> Request:
    """Returns a request with the chat that it was typed for, where that is over and the user may not know it yet."""
    ended = session.ended
    if ended is None or now >= ended.until or asked.command is PONG.command:
        return asked
    if not asked.bare:
        session.ended = ended._replace(until=now)
        if asked.command is SAY or asked.name or not asked.command.addressed:
            return asked
    return asked._replace(chat=ended.chat)


def extend(session: Session, now: float, give_back: float) -> None:
    """Lets the while begin only when all that arrived before is read: lines held back were typed earlier."""
    if session.ended is not None and now < session.ended.until:
        session.ended = session.ended._replace(until=_until(session, now, give_back))


def _until(session: Session, now: float, give_back: float) -> float:
    if not give_back or not isinstance(session.dialect, TextDialect):  # programs say which chat a line is for
        return now
    return math.inf if session.backlog else now + give_back
