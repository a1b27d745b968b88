"""The codec of the text dialect, which people speak: it reads the server's sentences back."""

from collections import deque
from collections.abc import Callable, Mapping

from roulette_core import Block, Event, Leave, Lobby, Say, Start, Unblock
from roulette_core.testing import clients
from roulette_core.testing.clients import Sighting
from transports.dialects import COMMANDS, Message
from transports.lines import LineSplitter
from transports.protocol.codec import CLOSING, LINE_LIMIT, ProtocolError, command_for
from transports.protocol.sentences import given_back, read_sentence


class TextCodec:
    """Speaks text, as people do. Implements ``ClientCodec``.

    Interests are words in text: the spaces in one become hyphens.

    Args:
        language: the language to ask the server for, ``en`` or ``fr``; sentences in either are read.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._splitter = LineSplitter(LINE_LIMIT)
        self._private = False
        self._pending: deque[type] = deque()  # requests without an answer; the server answers each, in order
        self._begun = ""
        self._pings = 0

    def hello(self, name: str) -> bytes:
        """Returns the choice of a language, and the pseudonym on a line of its own."""
        return f"/lang {self._language}\n{name}\n".encode()

    def encode(self, event: Event) -> bytes:
        """Returns the line that requests an event."""
        if isinstance(event, Say):
            word = event.text.partition(" ")[0].removeprefix("/")
            return f"{f'/say {event.text}' if word in _WORDS else event.text}\n".encode()
        if not isinstance(event, Leave):
            self._pending.append(type(event))
        words = [command_for(event).typed]
        if isinstance(event, Start):
            words += ["-".join(interest.split()) for interest in event.interests]
        elif isinstance(event, Block | Unblock) and event.other is not None:
            words.append(str(event.other))
        return f"{' '.join(words)}\n".encode()

    def decode(self, data: bytes) -> list[Sighting]:
        """Returns what the lines in these bytes tell the client; see ``ClientCodec``."""
        sightings: list[Sighting] = []
        for line in self._splitter.feed(data):
            sighting = self._sighting(line)
            if sighting is not None:
                sightings.append(sighting)
                if isinstance(sighting, clients.Met | clients.PartedFrom):
                    self._private = isinstance(sighting, clients.Met)
        return sightings

    def pongs(self) -> bytes:
        """Returns one empty line, the return key, for each question whether the user is still there."""
        pings, self._pings = self._pings, 0
        return b"\n" * pings

    def _sighting(self, line: str | None) -> Sighting | None:
        if line is not None and line.startswith("* "):
            return self._told(line[2:])
        name, end, text = (line or "").partition("> ")
        if not end or not name.startswith("<"):
            raise ProtocolError(f"neither a line of the server nor of a user: {line!r:.200}")
        return clients.SawLine(name[1:], "private" if self._private else "lobby", text)

    def _told(self, sentence: str) -> Sighting | None:
        message, name = read_sentence(sentence)
        if message is None and self._begun:  # perhaps the second half of a sentence that was wrapped
            message, name = read_sentence(f"{self._begun} {sentence}")
        self._begun = sentence if message is None else ""
        if message is None:
            return None
        asked = self._pending.popleft() if message in _ANSWERS and self._pending else None
        if message is Message.YOU_ASKED_NEXT:  # the same words for ``lobby``: only the request tells them apart
            return clients.PartedFrom(name, True, "lobby" if asked is Lobby else "next")
        if message is Message.GIVEN_BACK:
            return clients.GivenBack(given_back(sentence), Message.CHAT_OVER.value)
        self._pings += message is Message.STILL_THERE
        see = _TOLD.get(message)
        return see and see(name)


_WORDS = frozenset(command.word for command in COMMANDS.values() if command.in_text)
"""Words that need ``/say`` before them to be said at the beginning of a line, by ``docs/protocol.md``."""

_STATE_REFUSALS = (
    *(Message.ALREADY_PRIVATE, Message.ALREADY_IN_LOBBY, Message.NOT_PRIVATE),
    *(Message.NOT_BLOCKED, Message.NO_SUCH_USER, Message.TOO_MANY_INTERESTS),
)

_ANSWERS = {
    *(Message.SEARCHING, Message.RETURNED, Message.YOU_ASKED_NEXT, Message.YOU_BLOCKED),
    *(Message.BLOCKED, Message.UNBLOCKED, Message.ALREADY_LEFT, *_STATE_REFUSALS),
}
"""The answers to a request for another state, one to each request."""

_REFUSALS = (
    *(Message.NAME_TAKEN, Message.NAME_UNFIT, Message.NAME_FIRST, Message.ALREADY_WELCOME, *_STATE_REFUSALS),
    *(Message.NO_SUCH_LANGUAGE, Message.LINE_TOO_LONG, Message.NOT_UNDERSTOOD),
)

_FAREWELLS = [message for message in Message if message.startswith(CLOSING)]


def _always(sighting: Sighting) -> Callable[[str], Sighting]:
    return lambda name: sighting


_TOLD: Mapping[Message, Callable[[str], Sighting]] = {
    Message.WELCOME: clients.Welcomed,
    Message.ARRIVED: clients.Arrived,
    Message.GONE: clients.Gone,
    Message.SEARCHING: _always(clients.Searches()),
    Message.RETURNED: _always(clients.SawReturned()),
    Message.PAIRED: clients.Met,
    Message.BLOCKED: clients.SawBlocked,
    Message.UNBLOCKED: clients.SawUnblocked,
    Message.YOU_BLOCKED: lambda name: clients.PartedFrom(name, True, "block"),
    Message.PARTNER_ASKED_NEXT: lambda name: clients.PartedFrom(name, False, "next"),
    Message.PARTNER_WENT_TO_LOBBY: lambda name: clients.PartedFrom(name, False, "lobby"),
    Message.PARTNER_LEFT: lambda name: clients.PartedFrom(name, False, "leave"),
    **{message: _always(clients.SawRefused(message.value)) for message in _REFUSALS},
    Message.ALREADY_LEFT: _always(clients.SawRefused(Message.CHAT_OVER.value)),
    **{message: _always(clients.SawClosed(message.removeprefix(CLOSING))) for message in _FAREWELLS},
}
"""Message → what it tells the client about the user whose name the sentence holds."""
