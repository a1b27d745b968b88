"""The text dialect, for people with ``nc`` or telnet: ``docs/protocol.md`` specifies it."""

import textwrap

from roulette_core import Effect, Joined, Left, LobbyLine, PrivateLine, State, User, harmless
from transports.dialects.commands import COMMANDS, HELLO, INTERESTS_LIMIT, PONG, SAY, Argument, Request, interest
from transports.dialects.dialect import Names, Situation, sentence_about, situation_sentence
from transports.dialects.wording import CloseReason, Message, Wording

_TYPED = {
    typed: command
    for command in COMMANDS.values()
    if command.in_text
    for typed in ({f"/{command.word}"} if command.slash else {command.word, f"/{command.word}"})
}
"""First word of a line → command."""

_BARE = Request(SAY, bare=True)[2:]
"""What follows the text in the request of a bare line: to make it so takes 0.17 µs, and 0.24 by the constructor."""

_WIDTH = 77
"""How many characters fit after ``* `` on a terminal of 80 columns, leaving the last one free: some wrap there."""


def read_typed(line: str) -> Request:
    """Returns the request in a line that a user typed; it must have been made harmless."""
    line = line.strip()
    word, _, rest = line.partition(" ")
    rest = rest.strip()
    command = _TYPED.get(word)
    if command is None:  # by far the most frequent
        return tuple.__new__(Request, (SAY, line, *_BARE)) if line else PONG
    match command.argument:
        case Argument.INTERESTS:
            return Request(command, interests=tuple(map(interest, rest.split())))
        case Argument.LANGUAGE:
            return Request(command, language=rest.casefold())
        case Argument.NAME | Argument.PARTNER:
            return Request(command, name=rest)
        case Argument.NONE if not rest:
            return Request(command)
    if word == SAY.typed:
        return Request(SAY, rest) if rest else PONG
    return Request(SAY, line, bare=True)


_HINTS = {State.LOBBY: Message.HINT_LOBBY, State.SEARCHING: Message.HINT_SEARCHING, State.PRIVATE: Message.HINT_PRIVATE}


class TextDialect:
    """Encodes everything as lines: those of the server begin with ``* ``, those of users with ``<name> ``.

    Neither beginning can be forged: a text is always one line, and no name holds ``<`` or ``>``.
    """

    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def read(self, line: str, named: bool) -> Request | Message:
        """Returns the request in a line; the first line that is not a command is the pseudonym."""
        request = read_typed(harmless.line(line))
        if named:
            return Message.TOO_MANY_INTERESTS if len(request.interests) > INTERESTS_LIMIT else request
        if not request.command.needs_name:
            return request
        return Request(HELLO, line) if request.command is SAY else Message.NAME_FIRST

    def welcome(self, name: str, line_limit: int) -> bytes:
        """Encodes that the pseudonym was accepted."""
        return self.notice(Message.WELCOME, name=name)

    def notice(self, message: Message, **fields: object) -> bytes:
        """Encodes a message as lines of the server."""
        return _notice(self.wording.sentence(message, **fields))

    refused = notice

    def given_back(self, message: Message, request: Request, partner: str) -> bytes:
        """Encodes what was not done, and which partner it was typed for; a line is given back whole."""
        if not partner:
            return self.notice(message)
        if request.command is SAY:  # in one line, however long: parts of it could pass for sentences of the server
            return f"* {self.wording.sentence(Message.GIVEN_BACK, name=partner, text=request.text)}\r\n".encode()
        return self.notice(Message.ALREADY_LEFT, name=partner)

    def said(self, tag: int, chat: int) -> bytes:
        """Returns nothing: lines have no tags."""
        return b""

    def closing(self, reason: CloseReason) -> bytes:
        """Encodes why the connection is about to be closed."""
        return self.notice(reason.message)

    def language(self) -> bytes:
        """Encodes that the language has changed, in the new one."""
        return self.notice(Message.LANGUAGE)

    def ping(self, pong: float) -> bytes:
        """Encodes a request to press return within ``pong`` seconds."""
        return self.notice(Message.STILL_THERE, pong=pong)

    def typing(self) -> bytes:
        """Returns nothing: lines cannot show that the partner is typing."""
        return b""

    def situation(self, situation: Situation) -> bytes:
        """Encodes the state of the user, and what they can type in it."""
        where = situation_sentence(situation, self.wording)
        hint = self.wording.sentence(_HINTS[situation.state])
        together = f"{where} {hint}"
        return _notice(together if len(together) <= _WIDTH else f"{where}\n{hint}")

    def told(self, effect: Effect, user: User, names: Names) -> bytes:
        """Encodes an effect for one of ``audience(effect).users``; empty if the user knows already."""
        if isinstance(effect, PrivateLine):
            return _spoken(names(effect.sender), effect.text)
        if isinstance(effect, Joined):
            return b""
        message, other = sentence_about(effect, user)
        return b"" if message is None else self.notice(message, name=names(other))

    def announced(self, effect: Effect, names: Names) -> bytes:
        """Encodes an effect for the lobby, where that is its audience."""
        if isinstance(effect, LobbyLine):
            return _spoken(names(effect.sender), effect.text)
        assert isinstance(effect, Joined | Left), "the lobby is the audience of no other effect"
        return self.notice(Message.ARRIVED if isinstance(effect, Joined) else Message.GONE, name=names(effect.user))


def _notice(text: str) -> bytes:
    lines = text.split("\n")
    if any(len(line) > _WIDTH for line in lines):
        lines = [part for line in lines for part in textwrap.wrap(line, _WIDTH)]
    return "".join(f"* {line}\r\n" for line in lines).encode()


def _spoken(name: str, text: str) -> bytes:
    return f"<{name}> {text}\r\n".encode()
