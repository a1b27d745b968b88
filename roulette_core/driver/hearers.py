"""Who hears the lobby at this place in the sequence of effects."""

from collections.abc import Callable, Iterator

from roulette_core.events import User


class Hearers:
    """The users outside private, in groups of users who are alike: one group for each key.

    A line for a thousand hearers is so put into words once for each group.
    """

    def __init__(self, alike: Callable[[User], object] | None) -> None:
        self._alike = alike
        self._groups: dict[object, dict[User, None]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._groups.values()))

    def enter(self, user: User) -> None:
        """Adds a user who was in private, or was not present."""
        key = None if self._alike is None else self._alike(user)
        self._groups.setdefault(key, {})[user] = None

    def leave(self, user: User) -> bool:
        """Removes a user. Returns whether they heard the lobby."""
        for group in self._groups.values():
            if user in group:
                del group[user]
                return True
        return False

    def groups(self, but: User | None) -> Iterator[tuple[User, ...]]:
        """Yields the users of each group that has any, leaving one out."""
        for group in self._groups.values():
            if but in group:
                hearers = list(group)
                hearers.remove(but)  # a third of the time that a comparison in Python for each would take
                if hearers:
                    yield tuple(hearers)
            elif group:
                yield tuple(group)
