"""The interface of a dialect: it reads requests from lines, and encodes everything that the server says."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

from roulette_core import Blocked, Effect, Paired, Parted, Returned, Searching, State, Unblocked, User
from transports.dialects.commands import Request
from transports.dialects.wording import CloseReason, Message, Wording

Names: TypeAlias = Callable[[User], str]
"""Maps a user id to the display name."""


class Situation(NamedTuple):
    """The state of a user, with what there is to know about it."""

    state: State
    others: int = 0  # in the lobby, the number of others who hear it
    partner: str = ""  # in private, the name of the partner
    chat: int = 0  # in private, the number of the chat
    reason: str = ""  # while searching, why the user is still waiting: a code such as ``alone``
    explanation: str = ""  # the reason as a sentence in the user's language
    waited: float = 0.0  # while searching, the seconds since it began


class Dialect(Protocol):
    """A dialect of the protocol in one language; one object serves all connections that speak it.

    Text from users must have been made harmless before it is encoded.
    """

    wording: Wording

    def read(self, line: str, named: bool) -> Request | Message:
        """Returns the request in a line, its text made harmless; or the message that refuses the line.

        The line comes without its end; ``named`` tells whether the connection has a pseudonym.
        """

    def welcome(self, name: str, line_limit: int) -> bytes:
        """Encodes that the pseudonym was accepted."""

    def notice(self, message: Message, **fields: object) -> bytes:
        """Encodes a message of the server."""

    def refused(self, message: Message, **fields: object) -> bytes:
        """Encodes that a request was refused, and why."""

    def given_back(self, message: Message, request: Request, partner: str) -> bytes:
        """Encodes that a request was refused as the user is no longer where it belongs; it holds what was not said.

        ``partner`` is the name of the user whose chat was the latest to end, if that is where it belongs, else empty.
        """

    def said(self, tag: int, chat: int) -> bytes:
        """Encodes that the line with this tag was said in a chat, or in the lobby if that is 0."""

    def closing(self, reason: CloseReason) -> bytes:
        """Encodes why the connection is about to be closed."""

    def language(self) -> bytes:
        """Encodes that the language has changed."""

    def ping(self, pong: float) -> bytes:
        """Encodes a ping, to be answered within ``pong`` seconds."""

    def typing(self) -> bytes:
        """Encodes that the partner is typing."""

    def situation(self, situation: Situation) -> bytes:
        """Encodes the state of the user, and what they can do in it."""

    def told(self, effect: Effect, user: User, names: Names) -> bytes:
        """Encodes an effect for one of ``audience(effect).users``; empty if the user knows already."""

    def announced(self, effect: Effect, names: Names) -> bytes:
        """Encodes an effect for the lobby, where that is its audience."""


def situation_sentence(situation: Situation, wording: Wording) -> str:
    """Returns a situation as a sentence."""
    if situation.state is State.LOBBY:
        return wording.sentence(Message.SITUATION_LOBBY, others=situation.others)
    if situation.state is State.SEARCHING:
        return wording.sentence(Message.SITUATION_SEARCHING, reason=situation.explanation)
    return wording.sentence(Message.SITUATION_PRIVATE, name=situation.partner)


def sentence_about(effect: Effect, user: User) -> tuple[Message | None, User]:
    """Returns the message for one of ``audience(effect).users``, and the user whose name its sentence uses.

    ``Joined`` and ``PrivateLine`` have no such message: each dialect encodes them in its own way. ``Refused`` is
    answered where the request is carried out.
    """
    return _ABOUT[type(effect)](effect, user)


def _parted(effect: Parted, user: User) -> tuple[Message | None, User]:
    to_user, to_partner = _PARTED[effect.cause]
    return (to_user, effect.partner) if user == effect.user else (to_partner, effect.user)


_PARTED: Mapping[str, tuple[Message | None, Message]] = {
    "next": (Message.YOU_ASKED_NEXT, Message.PARTNER_ASKED_NEXT),
    "lobby": (Message.YOU_WENT_TO_LOBBY, Message.PARTNER_WENT_TO_LOBBY),
    "leave": (None, Message.PARTNER_LEFT),
    "block": (Message.YOU_BLOCKED, Message.PARTNER_BLOCKED),
}

_ABOUT: Mapping[type, Callable[[Any, User], tuple[Message | None, User]]] = {
    Searching: lambda effect, user: (Message.SEARCHING, user),
    Returned: lambda effect, user: (Message.RETURNED, user),
    Paired: lambda effect, user: (Message.PAIRED, effect.second if user == effect.first else effect.first),
    Parted: _parted,
    Blocked: lambda effect, user: (Message.BLOCKED, effect.other),
    Unblocked: lambda effect, user: (Message.UNBLOCKED, effect.other),
}
