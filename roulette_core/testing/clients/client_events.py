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
from roulette_core.events import Event, Place, User


class Welcomed(NamedTuple):
    """The client is in the lobby, under a name.

    Attributes:
        name: the name.
    """

    name: str


class SawRefused(NamedTuple):
    """The client's request was refused; nothing has changed.

    Attributes:
        reason: a value of ``Reason``, or another word of the server.
    """

    reason: str


class GivenBack(NamedTuple):
    """A line of the client's own was not said, as the client is no longer where the line belongs.

    Attributes:
        text: the line.
        reason: why: ``chat_over`` or ``not_in_lobby``.
    """

    text: str
    reason: str


class Searches(NamedTuple):
    """The client is searching; if it was before, for something else now."""


class SawReturned(NamedTuple):
    """The client, which was searching, is back in the lobby."""


class Met(NamedTuple):
    """A private chat begins.

    Attributes:
        partner: the name of the other user.
        chat: the number of the chat; None if the client was not told.
    """

    partner: str
    chat: int | None = None


class PartedFrom(NamedTuple):
    """The private chat has ended.

    A user who ended it by ``lobby`` is in the lobby, and one who ended it by ``next`` or ``block`` is searching.

    Attributes:
        partner: the name of the other user.
        by_me: whether the client ended it.
        cause: the request that ended it.
        chat: the number of the chat; None if the client was not told.
        left_behind: where the client is now if its partner has ended it.
    """

    partner: str
    by_me: bool
    cause: Cause
    chat: int | None = None
    left_behind: Place = "searching"


class SawLine(NamedTuple):
    """Another user said something.

    Attributes:
        sender: the name of that user.
        to: where the line was said.
        text: the line.
        chat: the number of the chat, 0 for the lobby; None if the client was not told.
    """

    sender: str
    to: Literal["lobby", "private"]
    text: str
    chat: int | None = None


class Arrived(NamedTuple):
    """Another user has joined.

    Attributes:
        name: the name of that user.
    """

    name: str


class Gone(NamedTuple):
    """Another user has left.

    Attributes:
        name: the name of that user.
    """

    name: str


class SawBlocked(NamedTuple):
    """The client has blocked another user, who was not its partner.

    Attributes:
        name: the name of that user.
    """

    name: str


class SawUnblocked(NamedTuple):
    """The client has taken back its block of another user.

    Attributes:
        name: the name of that user.
    """

    name: str


class SawClosed(NamedTuple):
    """The server has said goodbye or closed the connection: nothing may follow.

    Attributes:
        reason: why, in a word of the server; empty if it gave none.
    """

    reason: str


Sighting: TypeAlias = (
    Welcomed
    | SawRefused
    | GivenBack
    | Searches
    | SawReturned
    | Met
    | PartedFrom
    | SawLine
    | Arrived
    | Gone
    | SawClosed
    | SawBlocked
    | SawUnblocked
)
"""What a client can be told."""


class Entry(NamedTuple):
    """An event that a client caused, or a sighting.

    An event is as the client sent it: ``chat`` is None where it named no chat, and ``other`` is a name.

    Attributes:
        at: the time in seconds, by the client's own clock: for reports, not to be compared with other clients' times.
        what: the event or sighting.
    """

    at: float
    what: Event | Sighting


@dataclass(slots=True)
class Account:
    """Everything that one client did and saw, in order.

    Attributes:
        name: the name of the client; no other client has it during the run.
        entries: what it did and saw, in order.
        cut: whether the client stopped reading before everything was delivered, as it vanished or its connection was
            reset: the end of the account is missing.
        gives_back: whether the server gives back to this client every line that names no chat and was said in a chat
            that the client did not know to be over, however late it arrives. A server that does so for some seconds
            can be judged by that only where no line takes longer.
    """

    name: str
    entries: list[Entry] = field(default_factory=list)
    cut: bool = False
    gives_back: bool = False


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
        case effects.Parted(first, second, cause, left_behind=place):
            if first == user:
                return PartedFrom(name(second), True, cause)
            return PartedFrom(name(first), False, "next" if cause == "block" else cause, left_behind=place)
        case effects.Blocked(_, _, called):
            return SawBlocked(called)
        case effects.Unblocked(_, _, called):
            return SawUnblocked(called)
        case effects.Left(_, called):
            return Gone(called)
