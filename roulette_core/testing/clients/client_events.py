"""What one client did and saw: all that can be known of a server from outside.

What a client asks is an event of the core; what it is told is a *sighting*, whatever the words or bytes were that told
it. Both stand in its *account* in the order in which they happened there. Accounts of several clients have no common
clock: what two of them tell can only be put in order by what must have come of what.
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
    """What the client asked was refused; nothing has changed."""

    reason: str


class Searches(NamedTuple):
    """The client, who was in the lobby, is searching."""


class SawReturned(NamedTuple):
    """The client, who was searching, is back in the lobby."""


class Met(NamedTuple):
    """A private chat begins."""

    partner: str


class PartedFrom(NamedTuple):
    """The private chat has ended: by the client itself or by its partner, and by what that one asked.

    Whoever ended it by ``lobby`` is in the lobby; anybody else of the two who stays is searching.
    """

    partner: str
    by_me: bool
    cause: Cause


class SawLine(NamedTuple):
    """Somebody else said something."""

    sender: str
    to: Literal["lobby", "private"]
    text: str


class Arrived(NamedTuple):
    """Somebody else has come."""

    name: str


class Gone(NamedTuple):
    """Somebody else has left."""

    name: str


class SawClosed(NamedTuple):
    """The server has said goodbye, or has hung up: nothing may follow."""

    reason: str


Sighting: TypeAlias = (
    Welcomed | SawRefused | Searches | SawReturned | Met | PartedFrom | SawLine | Arrived | Gone | SawClosed
)
"""What a client can be told."""


class Entry(NamedTuple):
    """Something that a client did (an event) or saw (a sighting).

    Attributes:
        at: when, in seconds, by a clock of the client's own: for reports, not to be compared with other clients'.
        what: the event or the sighting.
    """

    at: float
    what: Event | Sighting


@dataclass(slots=True)
class Account:
    """All that one client did and saw, from its first word to its last.

    Attributes:
        name: under which it is known to others, its own and nobody else's during the whole run.
        entries: what it did and saw, in that order.
        cut: whether it stopped listening before all was told to it, so that its end is missing: it vanished, or
            its connection was reset.
    """

    name: str
    entries: list[Entry] = field(default_factory=list)
    cut: bool = False


def sighting_of(effect: Effect, user: User, name: Callable[[User], str] = str) -> Sighting:
    """What one of those who hear of an effect sees; whoever is blocked sees ``next``.

    Args:
        effect: an effect.
        user: who is told of it.
        name: under which name a user is known to others.
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
