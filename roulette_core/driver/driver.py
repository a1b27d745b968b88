"""What a program does around a roulette, without I/O: class ``Driver``."""

from collections.abc import Callable
from typing import Any

from roulette_core.driver.hearers import Hearers
from roulette_core.driver.told import Told
from roulette_core.driver.waits import Waits
from roulette_core.effects import (
    Blocked,
    Effect,
    Joined,
    Left,
    Paired,
    Parted,
    PrivateLine,
    Returned,
    Searching,
    Unblocked,
    audience,
)
from roulette_core.errors import BrokenPolicy
from roulette_core.events import Event, User
from roulette_core.machine import Roulette
from roulette_core.policies import NEVER
from roulette_core.states import State

new = tuple.__new__
"""Makes tuples in half the time: the constructor of a NamedTuple is Python code."""


class Driver:
    """Drives a roulette, and says exactly who is told what, in which order.

    It follows effect by effect who hears the lobby, and tells searching users again when the reason why they wait has
    changed: ``Waiting``. A countdown that merely counts down is no change.

    Args:
        roulette: new or restored. Others may read it, but must not drive it.
        alike: groups users: the lobby is told once for each group of hearers, those whose keys are equal. Such a key is
            the language in which a user reads. None means one group.
    """

    def __init__(self, roulette: Roulette, alike: Callable[[User], object] | None = None) -> None:
        self.roulette = roulette
        self._hearers = Hearers(alike)
        for user in roulette.users():
            if roulette.state(user) is not State.PRIVATE:
                self._hearers.enter(user)
        self._waits = Waits(roulette)
        self.failure: BrokenPolicy | None = None  # to be raised once users have been told of what came before
        self.effects: tuple[Effect, ...] = ()
        self._deadline = self.due = NEVER
        self._set_deadlines()

    @property
    def hearers(self) -> int:
        """Returns how many users hear the lobby."""
        return len(self._hearers)

    def handle(self, event: Event, now: float) -> list[Told]:
        """Handles one event, after whatever has become due before it.

        Takes time by the number of users who are told something; ``Waits`` bounds the cost of stale explanations.

        Args:
            event: what a user asks for, or ``Tick``.
            now: the time in seconds, which must never decrease.

        Returns:
            Who is told what, to be carried out in order.

        Raises:
            RouletteError: what ``Roulette.handle`` raises; nothing has changed.
            BrokenPolicy: the policy broke its contract. If users are to be told of effects before the failure, they are
                returned, and the next call of ``handle`` or ``wait`` raises it.
        """
        if self.failure is not None:
            raise self.failure
        try:
            effects = self.effects = self.roulette.handle(event, now)
        except BrokenPolicy as error:
            return self._before(error, error.effects, [])
        if len(effects) == 1 and type(effects[0]) is PrivateLine and now < self.due:
            return [new(Told, (effects[0], (effects[0].recipient,), False))]  # by far the most frequent
        return self._follow(effects)

    def wait(self, now: float) -> float | None:
        """Returns for how many seconds nothing is due: then send a ``Tick``. None if nothing will be by time alone.

        Every ``handle`` changes it.

        Raises:
            BrokenPolicy: the policy has broken its contract.
        """
        if self.failure is not None:
            raise self.failure
        return None if self.due == NEVER else max(0.0, self.due - now)

    def regroup(self, user: User) -> None:
        """Puts a user who hears the lobby into the group of their present key; others enter theirs later anyhow."""
        if self._hearers.leave(user):
            self._hearers.enter(user)

    def _follow(self, effects: tuple[Effect, ...]) -> list[Told]:
        """Returns who is told what of an event, stale explanations included."""
        waits, now = self._waits, self.roulette.now
        if now >= self._deadline:
            waits.change()
        told: list[Told] = []
        for effect in effects:
            self._tell(effect, told)
        try:
            for waiting in waits.stale(now):
                told.append(new(Told, (waiting, (waiting.user,), False)))
        except BrokenPolicy as error:
            return self._before(error, (), told)
        self._set_deadlines()
        return told

    def _before(self, error: BrokenPolicy, effects: tuple[Effect, ...], told: list[Told]) -> list[Told]:
        """Returns who is told what of the effects before a failure, which the next call raises, or raises it now."""
        self.effects = effects or self.effects
        for effect in effects:
            self._tell(effect, told)
        if not told:
            raise error
        self.failure = error
        return told

    def _set_deadlines(self) -> None:
        deadline = self.roulette.next_deadline()
        self._deadline = NEVER if deadline is None else deadline
        look = self._waits.due()
        self.due = look if look < self._deadline else self._deadline

    def _tell(self, effect: Effect, told: list[Told]) -> None:
        """Moves users in and out of the lobby and the pool, and appends who is told of an effect."""
        kind = type(effect)
        if kind in _MOVES:
            _MOVES[kind](self._hearers, self._waits, effect)
        users, lobby, but = audience(effect)
        if users:
            told.append(new(Told, (effect, users, False)))
        if lobby:
            groups = [new(Told, (effect, hearers, True)) for hearers in self._hearers.groups(but)]
            told.extend(groups if groups or users else [Told(effect, (), lobby=True)])


def _pair(hearers: Hearers, waits: Waits, effect: Paired) -> None:
    for user in (effect.first, effect.second):
        hearers.leave(user)
        waits.end(user)


def _part(hearers: Hearers, waits: Waits, effect: Parted) -> None:
    hearers.enter(effect.user)
    hearers.enter(effect.partner)
    if effect.left_behind == "searching":
        waits.begin(effect.partner)
    if effect.cause in ("next", "block"):
        waits.begin(effect.user)


def _leave(hearers: Hearers, waits: Waits, effect: Left) -> None:
    hearers.leave(effect.user)
    waits.end(effect.user)


_MOVES: dict[type, Callable[[Hearers, Waits, Any], object]] = {
    Joined: lambda hearers, waits, effect: hearers.enter(effect.user),
    Searching: lambda hearers, waits, effect: waits.begin(effect.user),
    Returned: lambda hearers, waits, effect: waits.end(effect.user),
    Paired: _pair,
    Parted: _part,
    Left: _leave,
    Blocked: lambda hearers, waits, effect: waits.change(),
    Unblocked: lambda hearers, waits, effect: waits.change(),
}
"""Moves users in and out of the lobby and the pool. A table, as a ``match`` would try one class after another."""
