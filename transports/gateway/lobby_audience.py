"""Who hears the lobby, by how they are talked to: what is said to all is encoded once for each dialect."""

from collections.abc import Collection, Iterable

from roulette_core import User
from transports.dialects.dialect import Dialect


class LobbyAudience:
    """Users who are in the lobby or searching."""

    def __init__(self) -> None:
        self._groups: dict[Dialect, dict[User, None]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._groups.values()))

    def enter(self, user: User, dialect: Dialect) -> None:
        """Somebody hears the lobby from now on."""
        self._groups.setdefault(dialect, {})[user] = None

    def leave(self, user: User, dialect: Dialect) -> None:
        """Somebody hears it no more."""
        del self._groups[dialect][user]

    def groups(self) -> Iterable[tuple[Dialect, Collection[User]]]:
        """Each dialect, and those who are talked to in it."""
        return self._groups.items()
