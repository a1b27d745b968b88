"""What a program does around a roulette, without I/O: class ``Driver``."""

from collections.abc import Callable, Hashable

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


class Driver:
    """Drives a roulette, and says exactly who is told what, in which order.

    It follows effect by effect who hears the lobby, and tells searching users again when the reason why they wait has
    changed: ``Waiting``. A countdown that merely counts down is no change.

    Args:
        roulette: new or restored. Others may read it, but must not drive it.
        alike: groups users: the lobby is told once for each group of hearers, those whose keys are equal. Such a key is
            the language in which a user reads. None means one group.
    """

    def __init__(self, roulette: Roulette, alike: Callable[[User], Hashable] | None = None) -> None:
        self.roulette = roulette
        self._hearers = Hearers(alike)
        for user in roulette.users():
            if roulette.state(user) is not State.PRIVATE:
                self._hearers.enter(user)
        self._waits = Waits(roulette)
        self._failure: BrokenPolicy | None = None

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
        self._check()
        deadline = self.roulette.next_deadline()
        if deadline is not None and now >= deadline:
            self._waits.change()
        told: list[Told] = []
        try:
            for effect in self.roulette.handle(event, now):
                self._tell(effect, told)
            for waiting in self._waits.stale(self.roulette.now):
                told.append(Told(waiting, (waiting.user,)))
        except BrokenPolicy as error:
            for effect in error.effects:
                self._tell(effect, told)
            if not told:
                raise
            self._failure = error
        return told

    def wait(self, now: float) -> float | None:
        """Returns for how many seconds nothing is due: then send a ``Tick``. None if nothing will be by time alone.

        Every ``handle`` changes it.

        Raises:
            BrokenPolicy: the policy has broken its contract.
        """
        self._check()
        deadline, look = self.roulette.next_deadline(), self._waits.due()
        due = look if deadline is None else min(deadline, look)
        return None if due == NEVER else max(0.0, due - now)

    def regroup(self, user: User) -> None:
        """Puts a user who hears the lobby into the group of their present key; others enter theirs later anyhow."""
        if self._hearers.leave(user):
            self._hearers.enter(user)

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _tell(self, effect: Effect, told: list[Told]) -> None:
        if type(effect) is PrivateLine:  # by far the most frequent
            told.append(Told(effect, (effect.recipient,)))
            return
        self._move(effect)
        users, lobby, but = audience(effect)
        if users:
            told.append(Told(effect, users))
        if lobby:
            groups = [Told(effect, hearers, lobby=True) for hearers in self._hearers.groups(but)]
            told.extend(groups if groups or users else [Told(effect, (), lobby=True)])

    def _move(self, effect: Effect) -> None:
        """Moves users in and out of the lobby and the pool."""
        hearers, waits = self._hearers, self._waits
        match effect:
            case Joined(user):
                hearers.enter(user)
            case Searching(user):
                waits.begin(user)
            case Returned(user):
                waits.end(user)
            case Paired(first, second):
                for user in (first, second):
                    hearers.leave(user)
                    waits.end(user)
            case Parted(user, partner, cause):
                hearers.enter(user)
                hearers.enter(partner)
                if effect.left_behind == "searching":
                    waits.begin(partner)
                if cause in ("next", "block"):
                    waits.begin(user)
            case Left(user):
                hearers.leave(user)
                waits.end(user)
            case Blocked() | Unblocked():
                waits.change()
