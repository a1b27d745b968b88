"""The client without its sockets and screens: what the server's bytes mean, and what people's words become."""

from roulette_core import harmless
from transports.client.display import DisplayLine, Kind, lines
from transports.client.hearing import hear
from transports.client.presence import Place, Presence
from transports.dialects.commands import SAY, Argument, Request, help_lines
from transports.dialects.lines import LineSplitter
from transports.dialects.wording import ENGLISH, LANGUAGES
from transports.protocol import read_object, write_object

INCOMING_LIMIT = 1 << 16
"""The longest line taken from a server, in bytes: several times what honest ones send."""

TYPING_EVERY = 3.0
"""How often the partner is told that one is typing, in seconds."""

ASK_EVERY = {Place.SEARCHING: 3.0, Place.LOBBY: 10.0}
"""How often ``ask_where`` asks, in seconds, by where one is; in private nothing changes unsaid."""

GREETING_LINES = 5
"""How many lines of a greeting are kept, in case it was a farewell."""


class NotSent(Exception):
    """What was typed cannot be sent, for the reason that it names; it may be changed and tried again."""


class Conversation:
    """One person's side of the chat. Nothing that a server sends makes it raise, or show anything harmful.

    After each call ``take`` has the bytes to be sent. Times are in seconds, on any one clock.

    Args:
        name: the pseudonym; None to have one asked for.
        language: of the client's sentences and the server's.

    Attributes:
        presence: where one is, to be looked at.
    """

    def __init__(self, name: str | None = None, language: str = "en") -> None:
        self.presence = Presence(name, language)
        self._begin(0.0)

    def _begin(self, now: float) -> None:
        """Whatever was of the connection before is forgotten."""
        self._splitter = LineSplitter(INCOMING_LIMIT)
        self._greeting: list[str] | None = []
        self._outgoing = b""
        self._typed_at = now - TYPING_EVERY
        self._asked_at = now
        self._curious = False

    def take(self) -> bytes:
        """The bytes to be sent, once."""
        outgoing, self._outgoing = self._outgoing, b""
        return outgoing

    def connected(self, now: float) -> None:
        """There is a connection: says hello, if there is a name."""
        self._begin(now)
        self.presence.closing = ""
        self.presence.move(Place.CONNECTING, now)
        self._hello()

    def disconnected(self, now: float) -> list[DisplayLine]:
        """The connection is gone: what is to be shown of that."""
        # Whom a server does not let in, or not for long, it tells before it knows that this is a program.
        greeting = self._greeting or []
        farewell = lines(Kind.SERVER, greeting[1:] or greeting)
        lost = lines(
            Kind.TURN, [self.presence.labels.lost] if self.presence.joined and not self.presence.closing else ()
        )
        self._begin(now)
        self.presence.move(Place.OFFLINE, now)
        return farewell + lost

    def received(self, data: bytes, now: float) -> list[DisplayLine]:
        """Bytes have come from the server: what is to be shown of them."""
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
        """The person has chosen a pseudonym."""
        self.presence.name = name
        if self.presence.place is Place.CONNECTING:
            self._hello()

    def _hello(self) -> None:
        if self.presence.name is not None:
            hello = {"hello": 1, "name": self.presence.name, "lang": self.presence.language}
            self._outgoing += write_object(hello)

    def obey(self, request: Request) -> list[DisplayLine]:
        """Does what the person asks: what is to be shown of it at once.

        Raises:
            NotSent: it cannot be done now.
        """
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
        """Says goodbye, wherever one is."""
        if self.presence.place is not Place.OFFLINE:
            self._send("close")

    def typing(self, now: float) -> None:
        """The person is typing something to be said, of which the partner is told now and then."""
        if self.presence.place is Place.PRIVATE and now - self._typed_at >= TYPING_EVERY:
            self._typed_at = now
            self._send("typing")

    def ask_where(self, now: float) -> None:
        """Asks now and then where one is: why one waits changes, and so does how many others there are."""
        if now - self._asked_at >= ASK_EVERY.get(self.presence.place, float("inf")):
            self._asked_at = now
            self._send("where")

    def _send(self, kind: str) -> None:
        self._outgoing += write_object({"type": kind})


def _members(request: Request) -> dict[str, object]:
    """What stands beside the type in the object that asks for this."""
    match request.command.argument:
        case Argument.TEXT:
            return {"text": request.text}
        case Argument.INTERESTS:
            return {"interests": list(request.interests)}
        case Argument.LANGUAGE:
            return {"lang": request.language}
    return {}
