"""What a dialect is: it reads what a line asks, and says in bytes whatever the gateway has to tell."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

from roulette_core import Effect, Paired, Parted, Refused, Returned, Searching, State, User
from transports.dialects.commands import Request
from transports.dialects.wording import CloseReason, Message, Wording

Names: TypeAlias = Callable[[User], str]
"""How the bearer of an id is called."""


class Situation(NamedTuple):
    """Where a user is.

    Attributes:
        state: the lobby, searching or private.
        others: how many others hear the lobby.
        partner: the partner's name, in private.
        reason: why one is still waiting, searching: a code such as ``alone``.
        explanation: the same as a sentence in the user's language.
        waited: for how many seconds, searching.
    """

    state: State
    others: int = 0
    partner: str = ""
    reason: str = ""
    explanation: str = ""
    waited: float = 0.0


class Dialect(Protocol):
    """One way of talking, in one language; shared by all connections that talk so.

    Whatever comes from people must have been made harmless before it is said.
    """

    wording: Wording

    def read(self, line: str, named: bool) -> Request | Message:
        """What a line asks for, or why it cannot be understood; what is to be said is harmless from there on.

        Args:
            line: without its line end.
            named: whether the connection has a pseudonym.
        """

    def welcome(self, name: str, line_limit: int) -> bytes:
        """The pseudonym is accepted."""

    def notice(self, message: Message, **fields: object) -> bytes:
        """The server has something to say."""

    def refused(self, message: Message, **fields: object) -> bytes:
        """What was asked is not done."""

    def closing(self, reason: CloseReason) -> bytes:
        """The connection is about to be closed."""

    def language(self) -> bytes:
        """The language has changed."""

    def ping(self, pong: float) -> bytes:
        """Is somebody there? Asked with so many seconds to answer."""

    def typing(self) -> bytes:
        """The partner is typing."""

    def situation(self, situation: Situation) -> bytes:
        """Where one is, and what one can do there."""

    def told(self, effect: Effect, user: User, names: Names) -> bytes:
        """What one of ``audience(effect).users`` is told; nothing if they know already."""

    def announced(self, effect: Effect, names: Names) -> bytes:
        """What the lobby is told of an effect whose audience it is."""


def situation_sentence(situation: Situation, wording: Wording) -> str:
    """Where one is, as a sentence."""
    if situation.state is State.LOBBY:
        return wording.sentence(Message.SITUATION_LOBBY, others=situation.others)
    if situation.state is State.SEARCHING:
        return wording.sentence(Message.SITUATION_SEARCHING, reason=situation.explanation)
    return wording.sentence(Message.SITUATION_PRIVATE, name=situation.partner)


def sentence_about(effect: Effect, user: User) -> tuple[Message | None, User]:
    """What one of ``audience(effect).users`` is told, and whose name the sentence uses.

    ``Joined`` and ``PrivateLine`` are no such effects: each dialect has its own words for them.
    """
    return _ABOUT[type(effect)](effect, user)


def _paired(effect: Paired, user: User) -> tuple[Message, User]:
    return Message.PAIRED, effect.second if user == effect.first else effect.first


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
    Refused: lambda effect, user: (Message(effect.reason.value), user),
    Searching: lambda effect, user: (Message.SEARCHING, user),
    Returned: lambda effect, user: (Message.RETURNED, user),
    Paired: _paired,
    Parted: _parted,
}
