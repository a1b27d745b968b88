"""The users who hear the lobby, grouped by dialect, so that a line is encoded once per dialect."""

from collections.abc import Collection, Iterable

from roulette_core import User
from transports.dialects import Dialect


class LobbyAudience:
    """The users who are in the lobby or searching."""

    def __init__(self) -> None:
        self._groups: dict[Dialect, dict[User, None]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._groups.values()))

    def enter(self, user: User, dialect: Dialect) -> None:
        """Adds a user."""
        self._groups.setdefault(dialect, {})[user] = None

    def leave(self, user: User, dialect: Dialect) -> None:
        """Removes a user."""
        del self._groups[dialect][user]

    def groups(self) -> Iterable[tuple[Dialect, Collection[User]]]:
        """Returns each dialect with its users."""
        return self._groups.items()
