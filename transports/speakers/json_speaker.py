"""Speaks JSON, as programs do."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from roulette_core import Event, Say, Start
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
from transports.dialects.json_lines import VERSION
from transports.dialects.lines import LineSplitter
from transports.speakers.sentences import understood
from transports.speakers.speaker import CLOSING, COMMANDS, LONGEST, Garbled


class JsonSpeaker:
    """Speaks JSON, as programs do."""

    def __init__(self) -> None:
        self._splitter = LineSplitter(LONGEST)
        self._pings = 0

    def opening(self, name: str) -> bytes:
        """The hello."""
        return _object(hello=VERSION, name=name)

    def ask(self, event: Event) -> bytes:
        """The object that asks for it."""
        match event:
            case Say(text=text):
                return _object(type="say", text=text)
            case Start(interests=interests) if interests:
                return _object(type="start", interests=interests)
        return _object(type=COMMANDS[type(event)].removeprefix("/"))

    def hear(self, data: bytes) -> list[Sighting]:
        """What the objects in these bytes say; see ``Speaker``."""
        sightings: list[Sighting] = []
        for line in self._splitter.feed(data):
            if line is None or not line.startswith(("{", "* ")):
                raise Garbled(f"no object, nor a sentence before the first: {line!r:.200}")
            if line.startswith(_SITUATION):  # it repeats what has been told, and is a third of all lines
                continue
            sighting = self._told(line) if line.startswith("{") else _farewell(line)
            if sighting is not None:
                sightings.append(sighting)
        return sightings

    def answer(self) -> bytes:
        """One pong for each ping."""
        pings, self._pings = self._pings, 0
        return b'{"type":"pong"}\n' * pings

    def _told(self, line: str) -> Sighting | None:
        try:
            told = _decode(line)
            if told["type"] == "ping":
                self._pings += 1
            see = _SEEN.get(told["type"])
            return see and see(told)
        except (ValueError, TypeError, KeyError) as error:
            raise Garbled(f"no object of the protocol: {line!r:.200}") from error


_decode = json.JSONDecoder().decode
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_SITUATION = '{"type":"situation"'

_SEEN: Mapping[str, Callable[[dict[str, Any]], Sighting]] = {
    "welcome": lambda told: Welcomed(told["name"]),
    "refused": lambda told: SawRefused(told["reason"]),
    "line": lambda told: SawLine(told["from"], told["to"], told["text"]),
    "arrived": lambda told: Arrived(told["name"]),
    "gone": lambda told: Gone(told["name"]),
    "searching": lambda told: Searches(),
    "returned": lambda told: SawReturned(),
    "paired": lambda told: Met(told["partner"]),
    "parted": lambda told: PartedFrom(told["partner"], told["by"] == "you", told["cause"]),
    "closing": lambda told: SawClosed(told["reason"]),
}
"""Type of object → what it shows. The other types show nothing that others do not."""


def _object(**members: object) -> bytes:
    return f"{_encode(members)}\n".encode()


def _farewell(line: str) -> Sighting | None:
    """Who is not let in is told in text, whatever they speak."""
    message, _ = understood(line.removeprefix("* "))
    return SawClosed(message.removeprefix(CLOSING)) if message is not None and message.startswith(CLOSING) else None
