"""The chat client without sockets and screens: what the server's bytes mean, and what the user's words become."""

from collections.abc import Callable
from typing import NamedTuple

from roulette_core import harmless
from transports.client.display import DisplayLine, Kind, lines
from transports.client.hearing import hear
from transports.client.presence import Place, Presence
from transports.client.whereabouts import LOBBY, NOWHERE, Whereabouts
from transports.dialects import COMMANDS, ENGLISH, LANGUAGES, PONG, SAY, Argument, Request, help_lines
from transports.lines import LineSplitter
from transports.protocol import ServerObject, read_object, write_object

INCOMING_LIMIT = 1 << 16
"""The longest line accepted from a server, in bytes: several times what honest servers send."""

TYPING_EVERY = 3.0
"""The least time between two messages that the user is typing, in seconds."""

ASK_EVERY = {Place.SEARCHING: 3.0, Place.LOBBY: 10.0}
"""How often ``ask_where`` asks in each place, in seconds; in private, nothing changes without a message."""

GREETING_LINES = 5
"""How many lines of a greeting are kept, in case it was a farewell."""


class NotSent(Exception):
    """What was typed cannot be sent; the message says why. It can be changed and tried again."""


class OwnLine(NamedTuple):
    """A line of the user, and where it is to be said."""

    text: str
    where: Whereabouts


class Conversation:
    """One user's side of the chat. Nothing that a server sends makes it raise, or show anything harmful.

    After each call, ``take`` returns the bytes to send. Times are in seconds, on any one clock.

    Args:
        name: the pseudonym; None to have the user asked for one.
        language: of the client's texts and the server's.

    Attributes:
        presence: where the user is; to be read by the caller.
        given_back: the lines that the server did not say anywhere; to be emptied by a caller who offers them again.
    """

    def __init__(self, name: str | None = None, language: str = "en") -> None:
        self.presence = Presence(name, language)
        self.given_back: list[OwnLine] = []
        self._begin(0.0)

    def _begin(self, now: float) -> None:
        """Resets all state of the previous connection."""
        self._splitter = LineSplitter(INCOMING_LIMIT)
        self._greeting: list[str] | None = []
        self._outgoing = b""
        self._typed_at = now - TYPING_EVERY
        self._asked_at = now
        self._curious = False
        self._unanswered: dict[int, OwnLine] = {}  # lines that the server has not said yet, by their tags
        self._tag = 0

    def take(self) -> bytes:
        """Returns the bytes to send, and forgets them."""
        outgoing, self._outgoing = self._outgoing, b""
        return outgoing

    def connected(self, now: float) -> None:
        """Handles a new connection: sends hello, if there is a pseudonym."""
        self._begin(now)
        self.presence.connection += 1
        self.presence.left_until = now
        self.presence.closing = ""
        self.presence.move(Place.CONNECTING, now)
        self._hello()

    def disconnected(self, now: float) -> list[DisplayLine]:
        """Handles the end of the connection. Returns the lines to show."""
        # A server that turns a client away says why in text, before it knows that the client speaks JSON.
        greeting = self._greeting or []
        farewell = lines(Kind.SERVER, greeting[1:] or greeting)
        labels = self.presence.labels
        lost = lines(Kind.TURN, [labels.lost] if self.presence.joined and not self.presence.closing else ())
        unanswered = [labels.unconfirmed.format(text=line.text) for line in self._unanswered.values()]
        self._begin(now)
        self.presence.move(Place.OFFLINE, now)
        return farewell + lost + lines(Kind.CLIENT, unanswered)

    def received(self, data: bytes, now: float) -> list[DisplayLine]:
        """Handles bytes from the server. Returns the lines to show."""
        shown: list[DisplayLine] = []
        for line in self._splitter.feed(data):
            if line is not None:
                shown += self._heard(line, now)
        return shown

    def _heard(self, line: str, now: float) -> list[DisplayLine]:
        if self._greeting is not None and line.startswith("* "):
            self._greeting = [*self._greeting, harmless.line(line[2:])][-GREETING_LINES:]
            return []
        heard = read_object(line)
        if heard is None:
            return []
        self._greeting = None
        kind = heard.text("type")
        if kind == "ping":
            self._send("pong")
        answer = _ANSWERS.get(kind)
        if answer is not None and (line_said := self._unanswered.pop(_tag(heard), None)) is not None:
            return answer(self, line_said)
        shown = hear(self.presence, heard, now)
        if kind == "situation" and self._curious:
            self._curious = False
            return lines(Kind.SERVER, [line.text for line in shown])
        return shown

    def _said(self, line: OwnLine) -> list[DisplayLine]:
        to = f"<{line.where.partner}>" if line.where.partner else self.presence.labels.to_lobby
        return [DisplayLine(Kind.OWN, line.text, self.presence.name or "", to)]

    def _refused(self, line: OwnLine) -> list[DisplayLine]:
        self.given_back.append(line)
        labels = self.presence.labels
        sentence = labels.given_back if line.where.partner else labels.lobby_given_back
        return lines(Kind.CLIENT, [sentence.format(name=line.where.partner, text=line.text)])

    def introduce(self, name: str) -> None:
        """Takes the pseudonym that the user has chosen."""
        self.presence.name = name
        if self.presence.place is Place.CONNECTING:
            self._hello()

    def _hello(self) -> None:
        if self.presence.name is not None:
            hello = {"hello": 1, "name": self.presence.name, "lang": self.presence.language}
            self._outgoing += write_object(hello)

    def obey(self, request: Request, begun: Whereabouts | None = None) -> list[DisplayLine]:
        """Carries out what the user asks. Returns the lines to show at once.

        Args:
            request: what is asked. What belongs to a chat is sent for the one in which the user is now, and no other.
            begun: where it was begun; None for where the user is now.

        Raises:
            NotSent: it is impossible, or belongs elsewhere than where the user is.
        """
        presence = self.presence
        if request.command.word == "help":
            return lines(Kind.CLIENT, help_lines(LANGUAGES.get(presence.language, ENGLISH), "/").split("\n"))
        if not presence.joined:
            raise NotSent(presence.labels.not_connected)
        request = self._addressed(request, presence.here if begun is None else begun)
        said = request.command is SAY
        asked = write_object({"type": request.command.word, **_members(request)})
        if len(asked) > presence.line_limit + len(b"\n"):
            raise NotSent(presence.labels.too_long.format(limit=presence.line_limit))
        self._outgoing += asked
        self._curious |= request.command.word == "where"
        if request.command is not PONG.command:
            presence.left_until = 0.0  # who has said or asked something has read where they are
        if said:
            self._tag += 1
            self._unanswered[self._tag] = OwnLine(harmless.line(request.text), presence.here)
        return []

    def _addressed(self, request: Request, begun: Whereabouts) -> Request:
        """Returns a request with the chat for which it is sent. Raises ``NotSent`` if it was begun elsewhere."""
        here, labels, block = self.presence.here, self.presence.labels, COMMANDS["block"]
        if not request.command.addressed or request.name:
            return request
        if request.command is block and begun != here and begun.partner:
            return request._replace(name=begun.partner)
        if request.command is SAY and begun != here:
            raise NotSent(elsewhere(self.presence, begun))
        if here.partner and begun.partner and begun != here:
            raise NotSent(labels.next_over.format(name=begun.partner, here=here.partner))
        chat = here.chat if request.command is SAY or here.partner else None
        return request._replace(chat=chat, tag=self._tag + 1 if request.command is SAY else None)

    def leave(self) -> None:
        """Asks to leave, from any place."""
        if self.presence.place is not Place.OFFLINE:
            self._send("close")

    def typing(self, now: float) -> None:
        """Tells the partner, now and then, that the user is typing."""
        if self.presence.place is Place.PRIVATE and now - self._typed_at >= TYPING_EVERY:
            self._typed_at = now
            self._outgoing += write_object({"type": "typing", **_chat(self.presence.chat)})

    def ask_where(self, now: float) -> None:
        """Asks now and then where the user is: explanations of a wait change, and numbers of users in the lobby."""
        if now - self._asked_at >= ASK_EVERY.get(self.presence.place, float("inf")):
            self._asked_at = now
            self._send("where")

    def _send(self, kind: str) -> None:
        self._outgoing += write_object({"type": kind})


def _members(request: Request) -> dict[str, object]:
    """Returns the members beside ``type`` in the object for a request."""
    match request.command.argument:
        case Argument.TEXT:
            return {"text": request.text, **_chat(request.chat), "tag": request.tag}
        case Argument.NAME:
            return {"name": request.name}
        case Argument.PARTNER:
            return {"name": request.name} if request.name else _chat(request.chat)
        case Argument.INTERESTS:
            return {"interests": list(request.interests)}
        case Argument.LANGUAGE:
            return {"lang": request.language}
    return _chat(request.chat)


def _chat(chat: int | None) -> dict[str, object]:
    return {} if chat is None else {"chat": chat}


def _tag(heard: ServerObject) -> int:
    """Returns the tag in an answer; -1, which no line has, if there is none."""
    number = heard.number("tag")
    return -1 if number is None else int(number)


_ANSWERS: dict[str, Callable[[Conversation, OwnLine], list[DisplayLine]]] = {
    "said": Conversation._said,
    "refused": Conversation._refused,
}
"""Type of an object that answers a line → what it means."""


def elsewhere(presence: Presence, begun: Whereabouts) -> str:
    """Returns the sentence that a line was not sent, as the user is no longer where it was begun."""
    labels = presence.labels
    if begun == NOWHERE:
        return labels.was_offline
    return labels.lobby_left if begun == LOBBY else labels.chat_over.format(name=begun.partner)
