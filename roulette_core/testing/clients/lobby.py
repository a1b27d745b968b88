"""The announcements to the lobby, and what is certain of their order."""

from collections.abc import Iterator

from roulette_core.testing.clients.happens_before import HappensBefore, Key
from roulette_core.testing.clients.timeline import SaidLine


class LobbyView:
    """The announcements to the lobby, in the order of a history, which must have one.

    Attributes:
        news: the moments that were announced, in that order.
        position: moment → its position in ``news``.
        known: for each moment, the position of the latest news that certainly came before; -1 if there is none.
        next: for each moment, the position of the earliest news that certainly came after; the number of news if there
            is none.
    """

    def __init__(self, history: HappensBefore) -> None:
        self.history = history
        keys = history.keys
        self.news = [moment for moment in history.order if _is_news(keys[moment])]
        self.position = {moment: position for position, moment in enumerate(self.news)}
        self.known = [-1] * len(keys)
        self.next = [len(self.news)] * len(keys)
        for moment in history.order:
            for later in history.later.get(moment, ()):
                self.known[later] = max(self.known[later], self.latest_by(moment))
        for moment in reversed(history.order):
            for later in history.later.get(moment, ()):
                self.next[moment] = min(self.next[moment], self.earliest_from(later))

    def latest_by(self, moment: int) -> int:
        """Returns the position of the latest news that certainly came no later than a moment; -1 if there is none."""
        return self.position.get(moment, self.known[moment])

    def earliest_from(self, moment: int) -> int:
        """Returns the position of the earliest news that certainly came no earlier; if there is none, their number."""
        return self.position.get(moment, self.next[moment])

    def between(self, earlier: int, later: int | None) -> Iterator[int]:
        """Yields news that certainly came between two moments or, without the second, certainly after the first."""
        position = self.next[earlier]
        end = len(self.news) if later is None else self.known[later] + 1
        while position < end and (later is None or self._precedes(position, later)):
            yield self.news[position]
            position = self.next[self.news[position]]

    def _precedes(self, position: int, moment: int) -> bool:
        """Returns whether news certainly came before a moment."""
        latest = self.known[moment]
        while latest > position:
            latest = self.known[self.news[latest]]
        return latest == position


def _is_news(key: Key) -> bool:
    """Returns whether a moment was announced to the lobby."""
    return key.heard_in == "lobby" if isinstance(key, SaidLine) else key[0] in ("arrived", "gone")
