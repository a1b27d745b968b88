"""What clients did and saw, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from roulette_core.events import Block, Event, Join, Leave, Lobby, Next, Say, Start
from roulette_core.testing.clients.client_events import (
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

_DESCRIBED: Mapping[type, Callable[[Any], str]] = {
    Join: lambda what: "connects",
    Say: lambda what: f"says {what.text!r}",
    Start: lambda what: "asks start" + (f" for {', '.join(what.interests)}" if what.interests else ""),
    Next: lambda what: "asks next",
    Block: lambda what: "asks to block the partner",
    Lobby: lambda what: "asks lobby",
    Leave: lambda what: "leaves",
    Welcomed: lambda what: "is welcomed",
    SawRefused: lambda what: f"is refused: {str(what.reason).replace('_', ' ')}",
    Searches: lambda what: "is searching",
    SawReturned: lambda what: "is back in the lobby",
    Met: lambda what: f"meets {what.partner}",
    PartedFrom: lambda what: (
        f"is parted from {what.partner}, {'having asked' if what.by_me else 'who asked'} {what.cause}"
    ),
    SawLine: lambda what: f"hears {what.sender} in {'the lobby' if what.to == 'lobby' else 'private'}: {what.text!r}",
    Arrived: lambda what: f"is told that {what.name} has joined",
    Gone: lambda what: f"is told that {what.name} has left",
    SawClosed: lambda what: f"is disconnected: {str(what.reason).replace('_', ' ')}",
}


def describe(what: Event | Sighting) -> str:
    """Describes what a client did or saw, as a predicate to its name."""
    return _DESCRIBED[type(what)](what)
