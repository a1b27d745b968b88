"""What happens to connections, for logs and statistics; what happens to users, the core's events and effects tell."""

from enum import StrEnum, auto
from typing import NamedTuple, TypeAlias

from roulette_core import Effect, Event
from transports.gateway.outputs import Connection


class CloseReason(StrEnum):
    """Why a connection came to its end. All but the last three are told to whom it concerns."""

    ASKED = auto()
    """They asked for it."""
    STOPPING = auto()
    """The server stops."""
    FULL = auto()
    """There is no room for more users."""
    TOO_MANY_CONNECTIONS = auto()
    """There are too many from their address."""
    BANNED = auto()
    KICKED = auto()
    NO_NAME = auto()
    """No pseudonym came in time."""
    IDLE = auto()
    """No sign of life came in time."""
    GARBAGE = auto()
    """Too many lines in a row made no sense."""
    VERSION = auto()
    """They speak another version of the protocol."""
    SLOW = auto()
    """They do not read: too much waits for them."""
    LOST = auto()
    """The connection was reset, or failed."""
    HUNG_UP = auto()
    """They closed their side."""


class Connected(NamedTuple):
    """A connection was let in."""

    connection: Connection
    address: str


class TurnedAway(NamedTuple):
    """A connection was not let in."""

    connection: Connection
    address: str
    ending: CloseReason


class Named(NamedTuple):
    """A connection has become a user."""

    connection: Connection
    name: str


class Throttled(NamedTuple):
    """A connection that sends too fast has to wait, for the first time since it last kept within its rate."""

    connection: Connection


class Garbage(NamedTuple):
    """A line was too long, or not understood."""

    connection: Connection
    reason: str


class Ended(NamedTuple):
    """A connection that was let in is at its end."""

    connection: Connection
    ending: CloseReason
    name: str | None


ConnectionEvent: TypeAlias = Connected | TurnedAway | Named | Throttled | Garbage | Ended


class GatewayObserver:
    """Is told of everything, as it happens; does nothing unless overridden. It must not raise."""

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """The core has handled an event, at this time in seconds, and these effects follow."""

    def happened(self, now: float, incident: ConnectionEvent) -> None:
        """Something has happened to a connection, at this time in seconds."""
