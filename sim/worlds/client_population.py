"""What a population is where its users are clients of a server, and see no more than clients do."""

from typing import Any, Protocol

from roulette_core import Event, State
from sim.engine import Entry


class ClientPopulation(Protocol):
    """Who asks what, and when, by what they see.

    What a user asks is sent, and nothing is known yet of what comes of it. A world sends nothing for users who are not
    connected, and tells of each user's sightings in their order.

    Attributes:
        agenda: a heap of entries, as the engine's populations have it.
    """

    agenda: list[Entry]

    def ask(self, now: float, serial: float, what: Any) -> Event | None:
        """An entry is due: the event that it stands for, or None if it has been overtaken.

        Of somebody who ``is_silent``, ``Leave`` means that the network notices that they are gone.
        """

    def moved(self, now: float, user: int, state: State) -> None:
        """A user has seen that they are in another state; ``OUTSIDE`` once they have gone as they wished."""

    def spoke(self, now: float, user: int) -> None:
        """A line of a user's is out."""

    def lost(self, now: float, user: int, seconds: float) -> None:
        """A user was disconnected against their will, or could not connect, and comes back in so many seconds."""

    def is_silent(self, user: int) -> bool:
        """Whether a user has gone without a word: they read nothing more, and the server has not been told."""
