"""The codec of the JSON dialect, which programs speak."""

from collections.abc import Callable, Mapping
from typing import Any

from roulette_core import Block, Event, Next, Say, Start, Unblock
from roulette_core.testing import clients
from roulette_core.testing.clients import Sighting
from transports.dialects import VERSION
from transports.lines import LineSplitter
from transports.protocol.codec import CLOSING, LINE_LIMIT, ProtocolError, command_for
from transports.protocol.objects import read_object, write_object
from transports.protocol.sentences import read_sentence


class JsonCodec:
    """Speaks JSON, as programs do. Implements ``ClientCodec``."""

    def __init__(self) -> None:
        self._splitter = LineSplitter(LINE_LIMIT)
        self._pings = 0

    def hello(self, name: str) -> bytes:
        """Returns the hello object."""
        return write_object({"hello": VERSION, "name": name})

    def encode(self, event: Event) -> bytes:
        """Returns the object that requests an event."""
        match event:
            case Say(text=text, chat=chat):
                members: dict[str, object] = {"text": text, "chat": chat}
            case Start(interests=interests):
                members = {"interests": interests or None}
            case Next(chat=chat):
                members = {"chat": chat}
            case Block(other=other, chat=chat):
                members = {"name": other, "chat": chat}
            case Unblock(other=other):
                members = {"name": other}
            case _:
                members = {}
        given = {member: value for member, value in members.items() if value is not None}
        return write_object({"type": command_for(event).word, **given})

    def decode(self, data: bytes) -> list[Sighting]:
        """Returns what the objects in these bytes tell the client; see ``ClientCodec``."""
        sightings: list[Sighting] = []
        for line in self._splitter.feed(data):
            if line is None or not line.startswith(("{", "* ")):
                raise ProtocolError(f"neither an object, nor a sentence before the first: {line!r:.200}")
            if line.startswith(_SITUATION):  # a third of all lines; it repeats what other objects have told
                continue
            sighting = self._sighting(line) if line.startswith("{") else _farewell(line)
            if sighting is not None:
                sightings.append(sighting)
        return sightings

    def pongs(self) -> bytes:
        """Returns one pong for each ping."""
        pings, self._pings = self._pings, 0
        return b'{"type":"pong"}\n' * pings

    def _sighting(self, line: str) -> Sighting | None:
        told = read_object(line)
        if told is None:
            raise ProtocolError(f"not a JSON object: {line!r:.200}")
        try:
            kind = told.members["type"]
            self._pings += kind == "ping"
            see = _SEEN.get(kind)
            return see and see(told.members)
        except (TypeError, KeyError) as error:
            raise ProtocolError(f"not an object of the protocol: {line!r:.200}") from error


_SITUATION = '{"type":"situation"'

_SEEN: Mapping[str, Callable[[dict[str, Any]], Sighting]] = {
    "welcome": lambda told: clients.Welcomed(told["name"]),
    "refused": lambda told: (
        clients.GivenBack(told["unsent"], told["reason"]) if "unsent" in told else clients.SawRefused(told["reason"])
    ),
    "line": lambda told: clients.SawLine(told["from"], told["to"], told["text"], told["chat"]),
    "arrived": lambda told: clients.Arrived(told["name"]),
    "gone": lambda told: clients.Gone(told["name"]),
    "searching": lambda told: clients.Searches(),
    "returned": lambda told: clients.SawReturned(),
    "paired": lambda told: clients.Met(told["partner"], told["chat"]),
    "parted": lambda told: clients.PartedFrom(told["partner"], told["by"] == "you", told["cause"], told["chat"]),
    "blocked": lambda told: clients.SawBlocked(told["name"]),
    "unblocked": lambda told: clients.SawUnblocked(told["name"]),
    "closing": lambda told: clients.SawClosed(told["reason"]),
}
"""Type of object → what it tells the client. The other types tell nothing that these do not."""


def _farewell(line: str) -> Sighting | None:
    """Reads a sentence: a server that turns a client away does so before it knows that the client speaks JSON."""
    message, _ = read_sentence(line.removeprefix("* "))
    is_closing = message is not None and message.startswith(CLOSING)
    return clients.SawClosed(message.removeprefix(CLOSING)) if message is not None and is_closing else None
