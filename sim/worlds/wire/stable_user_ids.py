"""Gives users numbers that they keep from one connection to the next, for the figures."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from roulette_core import EFFECTS_OF_TWO, Effect, Event, Join, Left, Refused, User, with_users
from sim.engine import EventCallback
from sim.worlds.faults import Occurrence
from transports.gateway import GatewayObserver


class StableUserIds(GatewayObserver):
    """Passes on the core's events and effects, with users numbered 0, 1, 2 … in the order of their first connection.

    To the server every connection is a new user. Here a user keeps the first number. A user who is back before the
    server has noticed the end of the last visit gets a new one, as both are present at the server.

    Attributes:
        users: which of the population's users each number stands for.

    Args:
        user_of: maps a connection to the number of its user in the population.
        counts: where users who are present twice are counted.
    """

    def __init__(
        self, user_of: Callable[[User], int], watchers: Sequence[EventCallback], counts: Counter[Occurrence]
    ) -> None:
        self._user_of = user_of
        self._watchers = watchers
        self._counts = counts
        self.users: list[int] = []
        self._number: dict[User, int] = {}
        self._first: dict[int, int] = {}
        self._taken: set[int] = set()

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Renumbers an event and its effects."""
        if type(event) is Join:
            self._enter(event.user)
        numbered = self._event(event), tuple(map(self._effect, effects))
        for tell in self._watchers:
            tell(now, *numbered)
        for effect in effects:
            if type(effect) is Left or (type(event) is Join and type(effect) is Refused):
                self._taken.discard(self._number.pop(effect.user))

    def _enter(self, connection: User) -> None:
        user = self._user_of(connection)
        if user not in self._first:
            self._first[user] = self._fresh(user)
        number = self._first[user]
        if number in self._taken:
            self._counts[Occurrence.OVERLAPPED] += 1
            number = self._fresh(user)
        self._taken.add(number)
        self._number[connection] = number

    def _fresh(self, user: int) -> int:
        self.users.append(user)
        return len(self.users) - 1

    def _event(self, event: Event) -> Event:
        return with_users(event, self._number.__getitem__)

    def _effect(self, effect: Any) -> Effect:
        kind, number = type(effect), self._number
        if kind in EFFECTS_OF_TWO:
            first, second, *others = effect
            numbered: Effect = kind(number[first], number[second], *others)
        else:
            first, *others = effect
            numbered = kind(number[first], *others)
        return numbered
