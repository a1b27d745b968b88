"""Who has blocked whom, remembered by pseudonym, so that it holds when one of the two comes back."""

from collections.abc import Iterable

PER_NAME = 100
"""How many blocks are remembered of one pseudonym."""

NAMES = 10_000
"""Of how many pseudonyms."""


class BlockMemory:
    """A symmetric relation between pseudonyms; where there is too much to remember, the oldest is forgotten."""

    def __init__(self) -> None:
        self._blocked: dict[str, dict[str, None]] = {}

    def remember(self, first: str, second: str) -> None:
        """These two are never to meet again."""
        for name, other in ((first, second), (second, first)):
            others = self._blocked.pop(name, {})
            self._blocked[name] = others  # the latest stands last
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
        """Whom the bearer of a name is not to meet."""
        return self._blocked.get(name, ())

    def _forget(self, first: str, second: str) -> None:
        for name, other in ((first, second), (second, first)):
            del self._blocked[name][other]
            if not self._blocked[name]:
                del self._blocked[name]
