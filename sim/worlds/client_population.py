"""The interface of a population whose users are clients of a server, and see no more than clients do."""

from typing import Any, Protocol

from roulette_core import Event, State
from sim.engine import Entry


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
