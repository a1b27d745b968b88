"""Users of several kinds who come and go, talk, search, chat and vanish, as their personas say."""

from bisect import bisect
from collections.abc import Sequence
from heapq import heapify, heappush
from itertools import count
from typing import Any, Final

import numpy as np

from roulette_core import (
    Effect,
    Event,
    Joined,
    Leave,
    Left,
    Paired,
    Parted,
    Place,
    Returned,
    Searching,
    State,
)
from sim.engine import END, Entry
from sim.population.at_rest import beginning
from sim.population.personas import Persona
from sim.population.random_streams import exponentials, uniforms
from sim.population.stages import Stage, next_actions

_NOTHING: Final = -1
"""The serial number of a user who has nothing on the agenda."""

_SECONDS_PER_MINUTE = 60.0


_STAGE_AFTER: dict[type, Stage] = {
    Joined: Stage.LOBBY,
    Searching: Stage.SEARCHING,
    Returned: Stage.LOBBY,
    Left: Stage.OUTSIDE,
}
"""Where the effects lead that move one user."""


_PLACES: dict[Place, Stage] = {"searching": Stage.SEARCHING, "lobby": Stage.LOBBY}
"""Where a partner is left behind."""


class PersonaPopulation:
    """Users of several kinds, and newcomers who arrive later.

    How many users are of each kind is worked out, and who of them is present at time 0 is drawn as at rest: see
    ``composition.py`` and ``at_rest.py``. They join then; the others come back later. The initial users have the first
    numbers, and newcomers who are present already the next.

    Who comes, when, and of what kind, is drawn apart from what they do, and is therefore the same for every policy.
    On the agenda, a whole number is a user whose next action is due, and −1 − k is a newcomer of the k-th kind. When a
    user's stage changes, the next action is drawn anew: exponential times have no memory, so nothing is lost.

    Args:
        users: initial number of users.
        arrivals_factor: multiplies the arrival rates of the personas.

    Attributes:
        initial_users: number of those users, who have the same numbers and kinds in every run.
    """

    def __init__(
        self, personas: Sequence[Persona], users: int, arrivals_factor: float, seed: np.random.SeedSequence
    ) -> None:
        lots, delays, acts, *arrivals = seed.spawn(3 + len(personas))
        self._personas = personas
        self._next_actions = [next_actions(persona) for persona in personas]
        self.initial_users = users
        self._kind, self._stage = beginning(personas, users, arrivals_factor, lots)
        self._delay, self._uniform = exponentials(delays), uniforms(acts)
        self._serial = count().__next__
        self.agenda: list[Entry] = []
        self._pending = [_NOTHING] * len(self._kind)
        self._until_arrival = [
            exponentials(seed, _SECONDS_PER_MINUTE / (persona.arrivals_per_minute * arrivals_factor))
            if persona.arrivals_per_minute
            else None
            for persona, seed in zip(personas, arrivals, strict=True)
        ]
        for user, stage in enumerate(self._stage):
            if stage is Stage.OUTSIDE:
                self._reschedule(0.0, user)
            else:
                self._pending[user] = self._put(0.0, user)
        for kind in range(len(personas)):
            self._expect_arrival(0.0, kind)

    def kind_of(self, user: int) -> int:
        """Returns the number of a user's persona, in the order in which they were given."""
        return self._kind[user]

    def ask(self, now: float, serial: float, what: int) -> Event | None:
        """Returns the event of a due user or newcomer; None if it was rescheduled, or the server cannot see it."""
        if what < 0:
            return self._arrive(now, -1 - what)
        if self._pending[what] != serial:
            return None
        actions, stage = self._next_actions[self._kind[what]], self._stage[what]
        action = actions[stage]
        assert action is not None, "a user without a next action is not on the agenda"
        act = action.acts[bisect(action.thresholds, self._uniform())]
        if act is Leave and actions[Stage.SILENT] and stage is not Stage.SILENT:
            self._move(now, what, Stage.SILENT)
            return None
        return act(what)

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Reschedules every user whose stage has changed, or whose request has been answered without that."""
        effect: Any  # the core takes users of any kind; here they are numbers
        for effect in effects:
            kind = type(effect)
            if kind is Paired:
                self._move(now, effect[0], Stage.PRIVATE)
                self._move(now, effect[1], Stage.PRIVATE)
            elif kind is Parted:
                self._move(now, effect.partner, _PLACES[effect.left_behind])
                if effect.cause != "leave":
                    self._move(now, effect.user, Stage.LOBBY if effect.cause == "lobby" else Stage.SEARCHING)
            elif kind in _STAGE_AFTER:
                self._move(now, effect[0], _STAGE_AFTER[kind])
            else:
                self._reschedule(now, effect[0])

    # In the worlds that carry bytes, what a client has seen takes the place of ``hear``.

    def moved(self, now: float, user: int, state: State) -> None:
        """Reschedules a user who has seen that their state has changed."""
        self._move(now, user, Stage(state))

    def spoke(self, now: float, user: int) -> None:
        """Reschedules a user whose line has been sent."""
        self._reschedule(now, user)

    def lost(self, now: float, user: int, seconds: float) -> None:
        """Schedules the return of a user whose connection was lost; a silent user stays away."""
        if self.is_silent(user):
            self._move(now, user, Stage.OUTSIDE)
            return
        self._stage[user] = Stage.EXPECTED
        self._pending[user] = self._put(now + seconds, user)

    def is_silent(self, user: int) -> bool:
        """Returns whether a user has vanished: they read nothing, and ``Leave`` means that the server has noticed."""
        return self._stage[user] is Stage.SILENT

    def become(self, now: float, personas: Sequence[Persona]) -> None:
        """Replaces each persona by the one in its place, and reschedules every user who is not about to join."""
        self._next_actions = [next_actions(persona) for persona in personas]
        for user, stage in enumerate(self._stage):
            if stage is not Stage.EXPECTED and stage is not Stage.VANISHED:
                self._reschedule(now, user)

    def _move(self, now: float, user: int, stage: Stage) -> None:
        # A silent user stays silent, whatever the server believes, until it notices.
        before = self._stage[user]
        if before is not Stage.SILENT or stage is Stage.OUTSIDE:
            self._stage[user] = Stage.SILENT if before is Stage.VANISHED else stage
            self._reschedule(now, user)

    def _reschedule(self, now: float, user: int) -> None:
        """Draws when a user will next do something."""
        action = self._next_actions[self._kind[user]][self._stage[user]]
        if action is None:
            self._pending[user] = _NOTHING
            return
        self._pending[user] = self._put(now + action.mean_seconds * self._delay(), user)
        if len(self.agenda) > 8 * len(self._pending) + 1000:
            self._compact()

    def _put(self, time: float, what: int) -> int:
        serial = self._serial()
        heappush(self.agenda, (time, serial, what))
        return serial

    def _compact(self) -> None:
        """Drops rescheduled entries from the agenda: most of it by now."""
        pending = self._pending
        self.agenda[:] = [
            entry for entry in self.agenda if entry[2] is END or entry[2] < 0 or pending[entry[2]] == entry[1]
        ]
        heapify(self.agenda)

    def _arrive(self, now: float, kind: int) -> Event:
        """Admits a newcomer, who takes the next number."""
        self._kind.append(kind)
        self._stage.append(Stage.EXPECTED)
        self._pending.append(_NOTHING)
        self._expect_arrival(now, kind)
        return self._personas[kind].join(len(self._kind) - 1)

    def _expect_arrival(self, now: float, kind: int) -> None:
        until_arrival = self._until_arrival[kind]
        if until_arrival is not None:
            self._put(now + until_arrival(), -1 - kind)
