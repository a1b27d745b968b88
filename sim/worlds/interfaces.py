"""What those who live in a world that carries bytes need of it, and it of them, be its network virtual or real."""

from collections import Counter
from typing import Protocol

from sim.worlds.faults import Faults
from sim.worlds.occurrences import Occurrence


class Clock(Protocol):
    """Tells the time."""

    @property
    def now(self) -> float:
        """The time, in seconds as users live them."""


class Uplink(Protocol):
    """From a client to the server."""

    def write(self, data: bytes) -> None:
        """Sends bytes."""

    def finish(self) -> None:
        """Closes this side."""


class Connection(Protocol):
    """A client's connection."""

    @property
    def up(self) -> Uplink:
        """The way to the server."""

    def fall_silent(self) -> None:
        """The client is gone without a word, and reads nothing any more."""

    def notice(self) -> None:
        """The server learns that the client is gone."""


class End(Protocol):
    """Who is at one end of a connection."""

    def received(self, data: bytes) -> None:
        """Bytes have come, at least one."""

    def ended(self) -> None:
        """The other side has closed its side, and all that came before is read."""

    def lost(self) -> None:
        """The connection is gone: nothing comes any more."""


class Client(End, Protocol):
    """The client's end.

    Attributes:
        user: the number of the user whose client it is.
    """

    user: int

    def vanished(self) -> None:
        """The client is gone without a word, or its machine is."""


class Environment(Protocol):
    """Time and chance, and what befalls connections."""

    @property
    def timeline(self) -> Clock:
        """Tells the time."""

    @property
    def faults(self) -> Faults:
        """How often users hang up, and after how long they come back, among what else befalls them."""

    @property
    def counts(self) -> Counter[Occurrence]:
        """What really happened, and how often."""

    def exponential(self, mean: float) -> float:
        """An exponential time of a given mean, in seconds."""

    def happens(self, probability: float) -> bool:
        """Whether something happens that is so likely."""
