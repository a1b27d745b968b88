"""What one client did and saw: everything that can be known of a server from outside.

What a client asks is an event of the core; what it is told, in whatever words or bytes, is a *sighting*. Both stand in
the client's *account*, in the order in which they happened there. Clients have no common clock: entries of two accounts
can only be ordered by cause and effect.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from roulette_core import effects
from roulette_core.effects import Cause, Effect
from roulette_core.events import Event, User


class Welcomed(NamedTuple):
    """The client is in the lobby, under a name."""

    name: str


class SawRefused(NamedTuple):
    """The client's request was refused; nothing has changed."""

    reason: str


class Searches(NamedTuple):
    """The client, which was in the lobby, is searching."""


class SawReturned(NamedTuple):
    """The client, which was searching, is back in the lobby."""


class Met(NamedTuple):
    """A private chat begins."""

    partner: str


class PartedFrom(NamedTuple):
    """The private chat has ended: who ended it, and by which request.

    A user who ended it by ``lobby`` is in the lobby; otherwise, a user who stays is searching.
    """

    partner: str
    by_me: bool
    cause: Cause


class SawLine(NamedTuple):
    """Another user said something."""

    sender: str
    to: Literal["lobby", "private"]
    text: str


class Arrived(NamedTuple):
    """Another user has joined."""

    name: str


class Gone(NamedTuple):
    """Another user has left."""

    name: str


class SawClosed(NamedTuple):
    """The server has said goodbye or closed the connection: nothing may follow."""

    reason: str


Sighting: TypeAlias = (
    Welcomed | SawRefused | Searches | SawReturned | Met | PartedFrom | SawLine | Arrived | Gone | SawClosed
)
"""What a client can be told."""


class Entry(NamedTuple):
    """An event that a client caused, or a sighting."""

    at: float  # in seconds, by the client's own clock: for reports, not to be compared with other clients' times
    what: Event | Sighting


@dataclass(slots=True)
class Account:
    """Everything that one client did and saw, in order. No other client has its name during the run.

    It is ``cut`` if the client stopped reading before everything was delivered, so that the end of the account is
    missing: it vanished, or its connection was reset.
    """

    name: str
    entries: list[Entry] = field(default_factory=list)
    cut: bool = False


def sighting_of(effect: Effect, user: User, name: Callable[[User], str] = str) -> Sighting:
    """Returns what a user of the audience sees of an effect; a user who was blocked sees ``next``.

    ``name`` maps a user to the name that others see.
    """
    match effect:
        case effects.Joined(newcomer, called):
            return Welcomed(called) if newcomer == user else Arrived(called)
        case effects.Refused(_, reason):
            return SawRefused(reason.value)
        case effects.LobbyLine(sender, text):
            return SawLine(name(sender), "lobby", text)
        case effects.PrivateLine(sender, _, text):
            return SawLine(name(sender), "private", text)
        case effects.Searching():
            return Searches()
        case effects.Returned():
            return SawReturned()
        case effects.Paired(first, second):
            return Met(name(second if first == user else first))
        case effects.Parted(first, second, cause):
            seen = "next" if cause == "block" and second == user else cause
            return PartedFrom(name(second if first == user else first), first == user, seen)
        case effects.Left(_, called):
            return Gone(called)
