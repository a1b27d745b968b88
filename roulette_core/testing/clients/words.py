"""What clients did and saw, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from roulette_core.events import Block, Event, Join, Leave, Lobby, Next, Say, Start, Unblock
from roulette_core.testing.clients import client_events
from roulette_core.testing.clients.client_events import Sighting


def _in_chat(what: Say | Next | Block) -> str:
    """Returns the chat that a request names, in words."""
    return "" if what.chat is None else " in the lobby" if what.chat == 0 else f" in chat {what.chat}"


_DESCRIBED: Mapping[type, Callable[[Any], str]] = {
    Join: lambda what: "connects",
    Say: lambda what: f"says {what.text!r}{_in_chat(what)}",
    Start: lambda what: "asks start" + (f" for {', '.join(what.interests)}" if what.interests else ""),
    Next: lambda what: f"asks next{_in_chat(what)}",
    Block: lambda what: f"asks to block {'the partner' if what.other is None else what.other}{_in_chat(what)}",
    Unblock: lambda what: f"asks to unblock {what.other}",
    Lobby: lambda what: "asks lobby",
    Leave: lambda what: "leaves",
    client_events.Welcomed: lambda what: "is welcomed",
    client_events.SawRefused: lambda what: f"is refused: {str(what.reason).replace('_', ' ')}",
    client_events.GivenBack: lambda what: f"is given back {what.text!r}: {what.reason.replace('_', ' ')}",
    client_events.SawBlocked: lambda what: f"has blocked {what.name}",
    client_events.SawUnblocked: lambda what: f"has unblocked {what.name}",
    client_events.Searches: lambda what: "is searching",
    client_events.SawReturned: lambda what: "is back in the lobby",
    client_events.Met: lambda what: f"meets {what.partner}",
    client_events.PartedFrom: lambda what: (
        f"is parted from {what.partner}, {'having asked' if what.by_me else 'who asked'} {what.cause}"
    ),
    client_events.SawLine: lambda what: (
        f"hears {what.sender} in {'the lobby' if what.to == 'lobby' else 'private'}: {what.text!r}"
    ),
    client_events.Arrived: lambda what: f"is told that {what.name} has joined",
    client_events.Gone: lambda what: f"is told that {what.name} has left",
    client_events.SawClosed: lambda what: f"is disconnected: {str(what.reason).replace('_', ' ')}",
}


def describe(what: Event | Sighting) -> str:
    """Describes what a client did or saw, as a predicate to its name."""
    return _DESCRIBED[type(what)](what)
