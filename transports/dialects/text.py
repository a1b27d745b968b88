"""The text dialect, for people with ``nc`` or telnet: what a line asks, and the lines that tell of an effect."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from roulette_core import (
    Effect,
    Joined,
    Left,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
    User,
)
from transports.dialects.wording import ENGLISH, Message, Wording

COMMANDS = frozenset({"start", "next", "lobby", "close", "help"})

Names: TypeAlias = Callable[[User], str]
"""How the bearer of an id is called."""


class Request(NamedTuple):
    """What a line asks.

    Attributes:
        word: one of ``COMMANDS``, or ``say``.
        rest: what is said, or the interests behind ``start``.
    """

    word: str
    rest: str = ""


def request(line: str) -> Request:
    """Reads a line that somebody typed, made harmless before; spaces around it mean nothing."""
    line = line.strip()
    word, _, rest = line.partition(" ")
    command = word.removeprefix("/")
    if command in COMMANDS and (not rest or command == "start"):
        return Request(command, rest)
    return Request("say", rest.strip() if word == "/say" else line)


class TextDialect:
    """Says everything as lines: ``* `` in front when the server speaks, ``<name> `` when a person does.

    Whatever comes from people must have been made harmless before: then nobody can forge either beginning, as
    everything is one line and no name holds ``<`` or ``>``.

    Args:
        wording: the server's sentences.
    """

    def __init__(self, wording: Wording = ENGLISH) -> None:
        self._wording = wording

    def notice(self, message: Message, **fields: object) -> bytes:
        """The server's lines for a message and what its sentence needs."""
        sentences = self._wording[message].format(**fields).split("\n")
        return "".join(f"* {sentence}\r\n" for sentence in sentences).encode()

    def told(self, effect: Effect, user: User, names: Names) -> bytes:
        """What one of ``audience(effect).users`` is told; nothing if they know already."""
        if isinstance(effect, PrivateLine):
            return _spoken(names(effect.sender), effect.text)
        message, other = _TOLD[type(effect)](effect, user)
        return b"" if message is None else self.notice(message, name=names(other))

    def announced(self, effect: Effect, names: Names) -> bytes:
        """What the lobby is told of an effect whose audience it is."""
        if isinstance(effect, LobbyLine):
            return _spoken(names(effect.sender), effect.text)
        assert isinstance(effect, Joined | Left), "nothing else is the lobby's"
        return self.notice(Message.ARRIVED if isinstance(effect, Joined) else Message.GONE, name=effect.name)


def _spoken(name: str, text: str) -> bytes:
    return f"<{name}> {text}\r\n".encode()


def _paired(effect: Paired, user: User) -> tuple[Message, User]:
    return Message.PAIRED, effect.second if user == effect.first else effect.first


def _parted(effect: Parted, user: User) -> tuple[Message | None, User]:
    to_user, to_partner = _PARTED[effect.cause]
    return (to_user, effect.partner) if user == effect.user else (to_partner, effect.user)


_PARTED: Mapping[str, tuple[Message | None, Message]] = {
    "next": (Message.YOU_ASKED_NEXT, Message.PARTNER_ASKED_NEXT),
    "lobby": (Message.YOU_WENT_TO_LOBBY, Message.PARTNER_WENT_TO_LOBBY),
    "leave": (None, Message.PARTNER_LEFT),
}

_TOLD: Mapping[type, Callable[[Any, User], tuple[Message | None, User]]] = {
    Joined: lambda effect, user: (Message.WELCOME, user),
    Refused: lambda effect, user: (Message(effect.reason.value), user),
    Searching: lambda effect, user: (Message.SEARCHING, user),
    Returned: lambda effect, user: (Message.RETURNED, user),
    Paired: _paired,
    Parted: _parted,
}
"""Effect type → what one of its users is told, and whose name the sentence may use."""
