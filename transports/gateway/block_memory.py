"""Remembers blocks by pseudonym: the core forgets a user's blocks when they leave."""

from collections.abc import Collection

PER_NAME = 100
"""The most blocks remembered of one pseudonym: those that it has made itself."""

NAMES = 10_000
"""The most pseudonyms whose blocks are remembered."""


class BlockMemory:
    """The blocks that users have made, by the keys of pseudonyms; beyond the limits, the oldest blocks are forgotten.

    A block counts against the limit of the pseudonym that made it, never of the blocked one.
    """

    def __init__(self) -> None:
        self._made: dict[str, dict[str, None]] = {}  # dicts keep insertion order, so the first is the oldest
        self._suffered: dict[str, dict[str, None]] = {}  # the same, the other way round

    def remember(self, blocker: str, blocked: str) -> None:
        """Adds a block, or makes it the latest."""
        self.forget(blocker, blocked)
        made = self._made.pop(blocker, {})
        self._made[blocker] = made
        made[blocked] = None
        self._suffered.setdefault(blocked, {})[blocker] = None
        if len(made) > PER_NAME:
            self.forget(blocker, next(iter(made)))
        if len(self._made) > NAMES:
            oldest = next(iter(self._made))
            for other in list(self._made[oldest]):
                self.forget(oldest, other)

    def forget(self, blocker: str, blocked: str) -> bool:
        """Takes a block back. Returns False if there was none."""
        if blocked not in self._made.get(blocker, ()):
            return False
        for table, name, other in ((self._made, blocker, blocked), (self._suffered, blocked, blocker)):
            del table[name][other]
            if not table[name]:
                del table[name]
        return True

    def blocked(self, name: str) -> Collection[str]:
        """Returns the pseudonyms that this one has blocked."""
        return self._made.get(name, {})

    def blocked_by(self, name: str) -> Collection[str]:
        """Returns the pseudonyms that have blocked this one."""
        return self._suffered.get(name, {})
