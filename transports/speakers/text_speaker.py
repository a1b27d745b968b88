"""Speaks text, as people do: reads back from the server's sentences what they say."""

from collections import deque
from collections.abc import Callable, Mapping

from roulette_core import Event, Leave, Lobby, Say, Start
from roulette_core.testing.clients import (
    Arrived,
    Gone,
    Met,
    PartedFrom,
    SawClosed,
    SawLine,
    SawRefused,
    SawReturned,
    Searches,
    Sighting,
    Welcomed,
)
from transports.dialects.lines import LineSplitter
from transports.dialects.wording import Message
from transports.speakers.sentences import understood
from transports.speakers.speaker import CLOSING, COMMANDS, LONGEST, Garbled


class TextSpeaker:
    """Speaks text, as people do.

    Interests are words in text: the spaces in one become hyphens.

    Args:
        language: in which the server is asked to speak, ``en`` or ``fr``; any is understood.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._splitter = LineSplitter(LONGEST)
        self._private = False
        self._asked: deque[type] = deque()  # changes that have not been answered, each of which will be, in order
        self._begun = ""
        self._pings = 0

    def opening(self, name: str) -> bytes:
        """The language, and the pseudonym on a line of its own."""
        return f"/lang {self._language}\n{name}\n".encode()

    def ask(self, event: Event) -> bytes:
        """The line that asks for it."""
        if isinstance(event, Say):
            word = event.text.partition(" ")[0].removeprefix("/")
            return f"{f'/say {event.text}' if word in _WORDS else event.text}\n".encode()
        if not isinstance(event, Leave):
            self._asked.append(type(event))
        words = [COMMANDS[type(event)]]
        if isinstance(event, Start):
            words += ["-".join(interest.split()) for interest in event.interests]
        return f"{' '.join(words)}\n".encode()

    def hear(self, data: bytes) -> list[Sighting]:
        """What the lines in these bytes say; see ``Speaker``."""
        sightings: list[Sighting] = []
        for line in self._splitter.feed(data):
            sighting = self._heard(line)
            if sighting is not None:
                sightings.append(sighting)
                if isinstance(sighting, Met | PartedFrom):
                    self._private = isinstance(sighting, Met)
        return sightings

    def answer(self) -> bytes:
        """One press of the return key for each time the server has asked."""
        pings, self._pings = self._pings, 0
        return b"\n" * pings

    def _heard(self, line: str | None) -> Sighting | None:
        if line is not None and line.startswith("* "):
            return self._told(line[2:])
        name, end, text = (line or "").partition("> ")
        if not end or not name.startswith("<"):
            raise Garbled(f"neither the server's line nor a person's: {line!r:.200}")
        return SawLine(name[1:], "private" if self._private else "lobby", text)

    def _told(self, sentence: str) -> Sighting | None:
        message, name = understood(sentence)
        if message is None:  # the rest of what was too long for one line?
            message, name = understood(f"{self._begun} {sentence}")
        self._begun = sentence if message is None else ""
        if message is None:
            return None
        asked = self._asked.popleft() if message in _ANSWERS and self._asked else None
        if message is Message.YOU_ASKED_NEXT:
            return PartedFrom(name, True, "lobby" if asked is Lobby else "next")
        self._pings += message is Message.STILL_THERE
        see = _TOLD.get(message)
        return see and see(name)


_WORDS = frozenset({"start", "next", "lobby", "close", "help", "block", "where", "lang", "say"})
"""What is not said as it stands where it comes first, by ``docs/protocol.md``, whatever the server makes of it."""

_ANSWERS = frozenset(
    {
        Message.SEARCHING,
        Message.RETURNED,
        Message.YOU_ASKED_NEXT,
        Message.YOU_BLOCKED,
        Message.ALREADY_SEARCHING,
        Message.ALREADY_PRIVATE,
        Message.ALREADY_IN_LOBBY,
        Message.NOT_PRIVATE,
        Message.TOO_MANY_INTERESTS,
    }
)
"""What answers a change of place that was asked for: one of them comes for each."""

_REFUSALS = (
    *(Message.NAME_TAKEN, Message.NAME_UNFIT, Message.NAME_FIRST, Message.ALREADY_WELCOME),
    *(Message.ALREADY_SEARCHING, Message.ALREADY_PRIVATE, Message.ALREADY_IN_LOBBY, Message.NOT_PRIVATE),
    *(Message.TOO_MANY_INTERESTS, Message.NO_SUCH_LANGUAGE, Message.LINE_TOO_LONG, Message.NOT_UNDERSTOOD),
)

_FAREWELLS = [message for message in Message if message.startswith(CLOSING)]


def _always(sighting: Sighting) -> Callable[[str], Sighting]:
    return lambda name: sighting


_TOLD: Mapping[Message, Callable[[str], Sighting]] = {
    Message.WELCOME: Welcomed,
    Message.ARRIVED: Arrived,
    Message.GONE: Gone,
    Message.SEARCHING: _always(Searches()),
    Message.RETURNED: _always(SawReturned()),
    Message.PAIRED: Met,
    Message.YOU_BLOCKED: lambda name: PartedFrom(name, True, "block"),
    Message.PARTNER_ASKED_NEXT: lambda name: PartedFrom(name, False, "next"),
    Message.PARTNER_WENT_TO_LOBBY: lambda name: PartedFrom(name, False, "lobby"),
    Message.PARTNER_LEFT: lambda name: PartedFrom(name, False, "leave"),
    **{message: _always(SawRefused(message.value)) for message in _REFUSALS},
    **{message: _always(SawClosed(message.removeprefix(CLOSING))) for message in _FAREWELLS},
}
"""Message → what it shows, of the one whose name it uses."""
