"""The chat client without sockets and screens: what the server's bytes mean, and what the user's words become."""

from roulette_core import harmless
from transports.client.display import DisplayLine, Kind, lines
from transports.client.hearing import hear
from transports.client.presence import Place, Presence
from transports.dialects import ENGLISH, LANGUAGES, SAY, Argument, Request, help_lines
from transports.lines import LineSplitter
from transports.protocol import read_object, write_object

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


class Conversation:
    """One user's side of the chat. Nothing that a server sends makes it raise, or show anything harmful.

    After each call, ``take`` returns the bytes to send. Times are in seconds, on any one clock.

    Args:
        name: the pseudonym; None to have the user asked for one.
        language: of the client's texts and the server's.

    Attributes:
        presence: where the user is; to be read by the caller.
    """

    def __init__(self, name: str | None = None, language: str = "en") -> None:
        self.presence = Presence(name, language)
        self._begin(0.0)

    def _begin(self, now: float) -> None:
        """Resets all state of the previous connection."""
        self._splitter = LineSplitter(INCOMING_LIMIT)
        self._greeting: list[str] | None = []
        self._outgoing = b""
        self._typed_at = now - TYPING_EVERY
        self._asked_at = now
        self._curious = False

    def take(self) -> bytes:
        """Returns the bytes to send, and forgets them."""
        outgoing, self._outgoing = self._outgoing, b""
        return outgoing

    def connected(self, now: float) -> None:
        """Handles a new connection: sends hello, if there is a pseudonym."""
        self._begin(now)
        self.presence.closing = ""
        self.presence.move(Place.CONNECTING, now)
        self._hello()

    def disconnected(self, now: float) -> list[DisplayLine]:
        """Handles the end of the connection. Returns the lines to show."""
        # A server that turns a client away says why in text, before it knows that the client speaks JSON.
        greeting = self._greeting or []
        farewell = lines(Kind.SERVER, greeting[1:] or greeting)
        lost = lines(
            Kind.TURN, [self.presence.labels.lost] if self.presence.joined and not self.presence.closing else ()
        )
        self._begin(now)
        self.presence.move(Place.OFFLINE, now)
        return farewell + lost

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
        shown = hear(self.presence, heard, now)
        if kind == "situation" and self._curious:
            self._curious = False
            return lines(Kind.SERVER, [line.text for line in shown])
        return shown

    def introduce(self, name: str) -> None:
        """Takes the pseudonym that the user has chosen."""
        self.presence.name = name
        if self.presence.place is Place.CONNECTING:
            self._hello()

    def _hello(self) -> None:
        if self.presence.name is not None:
            hello = {"hello": 1, "name": self.presence.name, "lang": self.presence.language}
            self._outgoing += write_object(hello)

    def obey(self, request: Request) -> list[DisplayLine]:
        """Carries out what the user asks. Returns the lines to show at once. Raises ``NotSent`` if it is impossible."""
        presence = self.presence
        if request.command.word == "help":
            return lines(Kind.CLIENT, help_lines(LANGUAGES.get(presence.language, ENGLISH), "/").split("\n"))
        if not presence.joined:
            raise NotSent(presence.labels.not_connected)
        asked = write_object({"type": request.command.word, **_members(request)})
        if len(asked) > presence.line_limit + len(b"\n"):
            raise NotSent(presence.labels.too_long.format(limit=presence.line_limit))
        self._outgoing += asked
        self._curious |= request.command.word == "where"
        said = request.command is SAY
        return [DisplayLine(Kind.OWN, harmless.line(request.text), presence.name or "")] if said else []

    def leave(self) -> None:
        """Asks to leave, from any place."""
        if self.presence.place is not Place.OFFLINE:
            self._send("close")

    def typing(self, now: float) -> None:
        """Tells the partner, now and then, that the user is typing."""
        if self.presence.place is Place.PRIVATE and now - self._typed_at >= TYPING_EVERY:
            self._typed_at = now
            self._send("typing")

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
            return {"text": request.text}
        case Argument.INTERESTS:
            return {"interests": list(request.interests)}
        case Argument.LANGUAGE:
            return {"lang": request.language}
    return {}
