"""What simulated clients need of a network, virtual or real, and what it needs of them."""

from collections import Counter
from typing import Protocol

from sim.worlds.faults import Faults
from sim.worlds.occurrences import Occurrence


class Clock(Protocol):
    """Tells the time."""

    @property
    def now(self) -> float:
        """Returns the time, in seconds as users live them."""


class Uplink(Protocol):
    """The direction from a client to the server."""

    def write(self, data: bytes) -> None:
        """Sends bytes."""

    def finish(self) -> None:
        """Half-closes: sends EOF."""


class Connection(Protocol):
    """A client's connection."""

    @property
    def up(self) -> Uplink:
        """Returns the direction to the server."""

    def fall_silent(self) -> None:
        """Vanishes: the client reads nothing any longer, and the server is not told."""

    def notice(self) -> None:
        """Lets the server detect that the client is gone."""


class End(Protocol):
    """One end of a connection."""

    def received(self, data: bytes) -> None:
        """Takes bytes, at least one."""

    def ended(self) -> None:
        """Handles EOF: the peer has closed its side, and everything before was delivered."""

    def lost(self) -> None:
        """Handles the loss of the connection: nothing more is delivered."""


class Client(End, Protocol):
    """The client's end.

    Attributes:
        user: the user's number.
    """

    user: int

    def vanished(self) -> None:
        """Handles that the client has vanished."""


class Environment(Protocol):
    """Time, chance and faults."""

    @property
    def timeline(self) -> Clock:
        """Returns the clock."""

    @property
    def faults(self) -> Faults:
        """Returns the faults, among them how often users hang up, and how long they take to come back."""

    @property
    def counts(self) -> Counter[Occurrence]:
        """Returns how often what has really happened."""

    def exponential(self, mean: float) -> float:
        """Returns an exponential time of a given mean, in seconds."""

    def happens(self, probability: float) -> bool:
        """Returns whether something of this probability happens."""
