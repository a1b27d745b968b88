"""Blocks, remembered by pseudonym, so that they outlast a reconnection of either user."""

from collections.abc import Iterable

PER_NAME = 100
"""The most blocks remembered per pseudonym."""

NAMES = 10_000
"""The most pseudonyms with blocks."""


class BlockMemory:
    """A symmetric relation between pseudonyms; beyond the limits, the oldest entries are forgotten."""

    def __init__(self) -> None:
        self._blocked: dict[str, dict[str, None]] = {}

    def remember(self, first: str, second: str) -> None:
        """Adds a pair that must not be paired again."""
        for name, other in ((first, second), (second, first)):
            others = self._blocked.pop(name, {})
            self._blocked[name] = others  # moved to the end: dicts keep insertion order, so the first is the oldest
            others.pop(other, None)
            others[other] = None
        for name in (first, second):
            if len(self._blocked[name]) > PER_NAME:
                self._forget(name, next(iter(self._blocked[name])))
        while len(self._blocked) > NAMES:
            oldest = next(iter(self._blocked))
            for other in list(self._blocked[oldest]):
                self._forget(oldest, other)

    def of(self, name: str) -> Iterable[str]:
        """Returns the pseudonyms that must not be paired with this one."""
        return self._blocked.get(name, ())

    def _forget(self, first: str, second: str) -> None:
        for name, other in ((first, second), (second, first)):
            del self._blocked[name][other]
            if not self._blocked[name]:
                del self._blocked[name]
