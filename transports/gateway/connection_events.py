"""What happens to connections, for logs and statistics; what happens to users, the core's events and effects tell."""

from typing import NamedTuple, TypeAlias

from roulette_core import Effect, Event
from transports.dialects.wording import CloseReason
from transports.gateway.outputs import Connection


class Connected(NamedTuple):
    """A connection was let in."""

    connection: Connection
    address: str


class TurnedAway(NamedTuple):
    """A connection was not let in."""

    connection: Connection
    address: str
    reason: CloseReason


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
    reason: CloseReason
    name: str | None


ConnectionEvent: TypeAlias = Connected | TurnedAway | Named | Throttled | Garbage | Ended


class GatewayObserver:
    """Is told of everything, as it happens; does nothing unless overridden. It must not raise."""

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """The core has handled an event, at this time in seconds, and these effects follow."""

    def happened(self, now: float, event: ConnectionEvent) -> None:
        """Something has happened to a connection, at this time in seconds."""
