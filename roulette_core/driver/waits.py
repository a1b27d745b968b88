"""Why each searching user waits, as they were told: what is stale is told again."""

from collections.abc import Iterable, Iterator

from roulette_core.driver.told import Waiting
from roulette_core.events import User
from roulette_core.machine import Roulette
from roulette_core.policies import NEVER
from roulette_core.states import State

PERIOD = 1.0
"""The shortest time from one look at searching users to the next, in seconds."""

MOST = 1000
"""The most users in one look. With 1 to 2 microseconds for each, looking takes 0.2 % of a processor at most."""


_NOT_SEARCHING = object()


class Waits:
    """Keeps the explanations that searching users were told, and finds those that are stale.

    An explanation can become stale when who is searching has changed, when a deadline of the policy has passed, and
    when its own time has come (``until``). Only then the searching users are looked at, ``MOST`` of them in a look and
    one look in ``PERIOD`` seconds: with 1,000 searching, a user learns of a change within a second, with 5,000 within
    five.
    """

    def __init__(self, roulette: Roulette) -> None:
        self._roulette = roulette
        self._told: dict[User, object] = {}
        self._begun: list[User] = []
        self._unseen: list[User] = []
        self._changed = False
        self._ends = NEVER
        self._next_look = -NEVER
        for user in roulette.users(State.SEARCHING):
            self._told[user] = None
            self._news(user)  # the users of a restored roulette were told before it was saved

    def begin(self, user: User) -> None:
        """Takes in a user who begins to search, or asks again."""
        self._told[user] = None
        self._begun.append(user)
        self._changed = True

    def end(self, user: User) -> None:
        """Drops a user who may have been searching."""
        if user in self._told:
            del self._told[user]
            self._changed = True

    def change(self) -> None:
        """Notes that explanations may have become stale."""
        self._changed = True

    def due(self) -> float:
        """Returns when the next look is due, on the clock of the roulette; ``NEVER`` if none is."""
        if not self._told:
            return NEVER
        return self._next_look if self._changed or self._unseen else max(self._ends, self._next_look)

    def stale(self, now: float) -> Iterable[Waiting]:
        """Returns what users are to be told, and takes it that they will be."""
        return self._look(now) if self._begun or now >= self.due() else ()

    def _look(self, now: float) -> Iterator[Waiting]:
        begun, self._begun = self._begun, []
        yield from filter(None, map(self._news, begun))
        if now < self.due():
            return
        self._next_look = now + PERIOD
        if not self._unseen:
            self._unseen = list(reversed(self._told))
            self._changed, self._ends = False, NEVER
        for _ in range(min(MOST, len(self._unseen))):
            news = self._news(self._unseen.pop())
            if news is not None:
                yield news

    def _news(self, user: User) -> Waiting | None:
        """Returns why a user waits; None if they were told, or have stopped searching."""
        told = self._told.get(user, _NOT_SEARCHING)
        if told is _NOT_SEARCHING:
            return None
        why = self._roulette.explain(user)
        if why.until is not None and self._roulette.now < why.until < self._ends:
            self._ends = why.until
        gist = why.gist
        if told == gist:
            return None
        self._told[user] = gist
        return Waiting(user, why)
