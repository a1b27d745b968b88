"""Events of connections, for logs and statistics. Events of users are those of the core."""

from typing import NamedTuple, TypeAlias

from roulette_core import Effect, Event
from transports.dialects import CloseReason
from transports.gateway.outputs import Connection


class Connected(NamedTuple):
    """A connection was accepted.

    Attributes:
        connection: the id of the connection.
        address: the address of the client, as the transport gave it.
    """

    connection: Connection
    address: str


class TurnedAway(NamedTuple):
    """A connection was turned away.

    Attributes:
        connection: the id of the connection.
        address: the address of the client, as the transport gave it.
        reason: why.
    """

    connection: Connection
    address: str
    reason: CloseReason


class Named(NamedTuple):
    """A connection has got a pseudonym, and so become a user.

    Attributes:
        connection: the id of the connection.
        name: the pseudonym, in the form in which it is shown.
    """

    connection: Connection
    name: str


class Throttled(NamedTuple):
    """A connection exceeded its rate and is paused, for the first time since it last kept within its rate.

    Attributes:
        connection: the id of the connection.
    """

    connection: Connection


class Garbage(NamedTuple):
    """A line was too long or invalid.

    Attributes:
        connection: the id of the connection.
        reason: what was wrong with it, in one word.
    """

    connection: Connection
    reason: str


class Ended(NamedTuple):
    """A connection that was accepted has ended.

    Attributes:
        connection: the id of the connection.
        reason: why.
        name: the pseudonym; None if it never had one.
    """

    connection: Connection
    reason: CloseReason
    name: str | None


ConnectionEvent: TypeAlias = Connected | TurnedAway | Named | Throttled | Garbage | Ended
"""What can happen to a connection."""


class GatewayObserver:
    """Is notified of everything as it happens. The methods do nothing unless overridden, and must not raise."""

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Called when the core has handled an event, before its effects are sent; ``now`` is in seconds."""

    def happened(self, now: float, event: ConnectionEvent) -> None:
        """Called for an event of a connection; ``now`` is in seconds."""
