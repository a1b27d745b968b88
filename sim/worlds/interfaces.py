"""The interfaces between simulated clients, the population whose decisions they carry out, and the network."""

from collections import Counter
from typing import Any, Protocol

from roulette_core import Event, State
from sim.engine import Entry
from sim.worlds.faults import Faults, Occurrence


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


class ClientPopulation(Protocol):
    """Decides who asks what, and when, from what the users see.

    A request is sent, and its outcome is not known yet. A world sends nothing for users who are not connected, and
    reports each user's sightings in order.

    Attributes:
        agenda: a heap of entries, as the engine's populations have it.
    """

    agenda: list[Entry]

    def ask(self, now: float, serial: float, what: Any) -> Event | None:
        """Takes an entry that is due. Returns its event, or None if the entry is obsolete.

        If ``is_silent(user)``, ``Leave`` means that the network has detected the disconnection.
        """

    def moved(self, now: float, user: int, state: State) -> None:
        """Reports that a user has seen itself in another state; ``OUTSIDE`` once it has left on purpose."""

    def spoke(self, now: float, user: int) -> None:
        """Reports that a line of a user's was sent."""

    def lost(self, now: float, user: int, seconds: float) -> None:
        """Reports that a user lost the connection, or could not connect, and comes back after a number of seconds."""

    def is_silent(self, user: int) -> bool:
        """Returns whether a user has vanished: it reads nothing any longer, and the server has not been told."""
