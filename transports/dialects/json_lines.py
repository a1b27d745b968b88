"""The JSON dialect, for programs: one object a line, as ``docs/protocol.md`` specifies."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from roulette_core import (
    Blocked,
    Effect,
    Joined,
    Left,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    State,
    Unblocked,
    User,
    harmless,
)
from transports.dialects.commands import (
    COMMANDS,
    HELLO,
    INTERESTS_LIMIT,
    PONG,
    SAY,
    WRONG_VERSION,
    Argument,
    Command,
    Request,
    interest,
)
from transports.dialects.dialect import Names, Situation, sentence_about, situation_sentence
from transports.dialects.wording import CloseReason, Message, Wording

VERSION = 1
"""The version of the protocol, as in ``{"hello": 1}``."""


def _refuse_constant(constant: str) -> None:
    """Raises: ``NaN`` and ``Infinity`` are extensions of Python, and not JSON (RFC 8259, section 6)."""
    raise ValueError(constant)


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class JsonDialect:
    """Encodes everything as objects with a ``type``, and a ``text`` where there is a sentence to show."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def read(self, line: str, named: bool) -> Request | Message:
        """Returns the request in an object; ``NOT_UNDERSTOOD`` if the protocol has no such object."""
        if not line.strip():
            return PONG
        try:
            asked = _decode(line)
        except (ValueError, RecursionError):  # invalid JSON, a number with too many digits, or nested too deeply
            return Message.NOT_UNDERSTOOD
        if not isinstance(asked, dict):
            return Message.NOT_UNDERSTOOD
        if "hello" in asked:
            return Message.ALREADY_WELCOME if named else _hello(asked)
        kind = asked.get("type")
        command = COMMANDS.get(kind) if isinstance(kind, str) else None
        if command is None or not command.in_json:
            return Message.NOT_UNDERSTOOD
        if not named and (command.needs_name or command.argument is Argument.LANGUAGE):  # hello names the language
            return Message.NAME_FIRST
        request = _READERS[command.argument](command, asked)
        if ("chat" in asked or "tag" in asked) and isinstance(request, Request) and request.command.addressed:
            return _addressed(request, asked)
        return request

    def welcome(self, name: str, line_limit: int) -> bytes:
        """Encodes that the pseudonym was accepted."""
        return self._said("welcome", Message.WELCOME, name=name, version=VERSION, line_limit=line_limit)

    def notice(self, message: Message, **fields: object) -> bytes:
        """Encodes a message as text to be shown."""
        return self._line(type="notice", text=self.wording.sentence(message, **fields))

    def refused(self, message: Message, **fields: object) -> bytes:
        """Encodes that a request was refused, and why."""
        return self._line(type="refused", reason=message.value, text=self.wording.sentence(message, **fields))

    def given_back(self, message: Message, request: Request, partner: str) -> bytes:
        """Encodes what was refused, and with a line its text and tag."""
        line = {"unsent": request.text} if request.command is SAY else {}
        tag = {} if request.tag is None else {"tag": request.tag}
        text = self.wording.sentence(message)
        return self._line(type="refused", reason=message.value, chat=request.chat, **line, **tag, text=text)

    def said(self, tag: int, chat: int) -> bytes:
        """Encodes where a line was said."""
        return self._line(type="said", tag=tag, chat=chat)

    def closing(self, reason: CloseReason) -> bytes:
        """Encodes the last object of a connection."""
        return self._line(type="closing", reason=reason, text=self.wording.sentence(reason.message))

    def language(self) -> bytes:
        """Encodes that the language has changed."""
        return self._said("language", Message.LANGUAGE, lang=self.wording.language)

    def ping(self, pong: float) -> bytes:
        """Encodes a ping; ``docs/protocol.md`` says how long its answer may take."""
        return b'{"type":"ping"}\r\n'

    def typing(self) -> bytes:
        """Encodes that the partner is typing."""
        return b'{"type":"typing"}\r\n'

    def situation(self, situation: Situation) -> bytes:
        """Encodes the state of the user."""
        text = situation_sentence(situation, self.wording)
        if situation.state is State.LOBBY:
            return self._line(type="situation", state="lobby", chat=0, others=situation.others, text=text)
        if situation.state is State.PRIVATE:
            partner, chat = situation.partner, situation.chat
            return self._line(type="situation", state="private", chat=chat, partner=partner, text=text)
        return self._line(
            type="situation",
            state="searching",
            chat=0,
            reason=situation.reason,
            explanation=situation.explanation,
            waited=round(situation.waited, 1),
            text=text,
        )

    def told(self, effect: Effect, user: User, names: Names) -> bytes:
        """Encodes an effect for one of ``audience(effect).users``; empty if the user knows already."""
        if isinstance(effect, PrivateLine):
            return self._spoken(names(effect.sender), "private", effect.chat, effect.text)
        if isinstance(effect, Joined):
            return b""
        message, other = sentence_about(effect, user)
        if message is None:
            return b""
        if isinstance(effect, Paired):
            return self._about("paired", message, names(other), chat=effect.chat)
        if isinstance(effect, Parted):
            by, cause = ("you" if user == effect.user else "partner"), effect.cause
            if by == "partner" and cause == "block":
                cause = "next"  # a block is not revealed to the partner
            return self._about("parted", message, names(other), chat=effect.chat, by=by, cause=cause)
        if isinstance(effect, Blocked | Unblocked):
            return self._said(effect.kind, message, name=names(other))
        return self._said(effect.kind, message)

    def announced(self, effect: Effect, names: Names) -> bytes:
        """Encodes an effect for the lobby, where that is its audience."""
        if isinstance(effect, LobbyLine):
            return self._spoken(names(effect.sender), "lobby", 0, effect.text)
        assert isinstance(effect, Joined | Left), "the lobby is the audience of no other effect"
        if isinstance(effect, Joined):
            return self._said("arrived", Message.ARRIVED, name=names(effect.user))
        return self._said("gone", Message.GONE, name=names(effect.user))

    def _about(self, kind: str, message: Message, partner: str, **members: object) -> bytes:
        return self._line(type=kind, partner=partner, **members, text=self.wording.sentence(message, name=partner))

    def _said(self, kind: str, message: Message, **members: object) -> bytes:
        return self._line(type=kind, **members, text=self.wording.sentence(message, **members))

    def _spoken(self, name: str, to: str, chat: int, text: str) -> bytes:
        return self._line(**{"type": "line", "from": name, "to": to, "chat": chat, "text": text})

    @staticmethod
    def _line(**members: object) -> bytes:
        return f"{_encode(members)}\r\n".encode()


def _hello(asked: dict[str, Any]) -> Request | Message:
    name, language = asked.get("name"), asked.get("lang", "")
    if asked["hello"] != VERSION or isinstance(asked["hello"], bool):
        return Request(WRONG_VERSION)
    if not isinstance(name, str) or not isinstance(language, str):
        return Message.NOT_UNDERSTOOD
    return Request(HELLO, name, language=language)


def _plain(command: Command, asked: dict[str, Any]) -> Request | Message:
    return Request(command)


def _text(command: Command, asked: dict[str, Any]) -> Request | Message:
    text = asked.get("text")
    if not isinstance(text, str):
        return Message.NOT_UNDERSTOOD
    said = harmless.line(text).strip()
    return Request(command, said) if said else PONG


def _interests(command: Command, asked: dict[str, Any]) -> Request | Message:
    interests = asked.get("interests", [])
    if not isinstance(interests, list) or not all(isinstance(each, str) for each in interests):
        return Message.NOT_UNDERSTOOD
    if len(interests) > INTERESTS_LIMIT:
        return Message.TOO_MANY_INTERESTS
    return Request(command, interests=tuple(filter(None, (interest(harmless.line(each)) for each in interests))))


def _name(command: Command, asked: dict[str, Any]) -> Request | Message:
    name = asked.get("name")
    return Request(command, name=name) if isinstance(name, str) else Message.NOT_UNDERSTOOD


def _partner(command: Command, asked: dict[str, Any]) -> Request | Message:
    return _name(command, asked) if "name" in asked else Request(command)


def _addressed(request: Request, asked: dict[str, Any]) -> Request | Message:
    """Adds the chat that a request belongs to and the tag of a line; the lobby, 0, only hears lines."""
    is_line = request.command is SAY
    if not _is_number(asked, "chat", 0 if is_line else 1) or (is_line and not _is_number(asked, "tag", 0)):
        return Message.NOT_UNDERSTOOD
    return request._replace(chat=asked.get("chat"), tag=asked.get("tag") if is_line else None)


def _is_number(asked: dict[str, Any], member: str, least: int) -> bool:
    """Returns whether a member is missing, or a whole number that every parser reads (RFC 8259, section 6)."""
    value = asked.get(member, least)
    return type(value) is int and least <= value < 1 << 53


def _language(command: Command, asked: dict[str, Any]) -> Request | Message:
    language = asked.get("lang")
    return Request(command, language=language) if isinstance(language, str) else Message.NOT_UNDERSTOOD


_READERS: Mapping[Argument, Callable[[Command, dict[str, Any]], Request | Message]] = {
    Argument.NONE: _plain,
    Argument.TEXT: _text,
    Argument.INTERESTS: _interests,
    Argument.LANGUAGE: _language,
    Argument.NAME: _name,
    Argument.PARTNER: _partner,
}
"""Argument of a command → how a request is read from an object."""
