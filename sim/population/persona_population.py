"""Users of several kinds who come and go, talk, search, chat and vanish, as their personas say."""

from bisect import bisect
from collections.abc import Sequence
from enum import IntEnum
from heapq import heapify, heappush
from itertools import accumulate, count
from typing import Any, Final, NamedTuple

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
from sim.population.personas import Act, Persona, Rate
from sim.population.random_streams import exponentials, uniforms

_NOTHING: Final = -1
"""The serial number of a user who has nothing on the agenda."""

_SECONDS_PER_MINUTE = 60.0


class Stage(IntEnum):
    """The state of a user as their persona knows it: one of the server's four, or one that the server cannot know."""

    OUTSIDE = State.OUTSIDE
    LOBBY = State.LOBBY
    SEARCHING = State.SEARCHING
    PRIVATE = State.PRIVATE
    SILENT = len(State)  # gone, undetected by the server
    EXPECTED = len(State) + 1  # about to join, for the first time or after a lost connection


_STAGE_AFTER: dict[type, Stage] = {
    Joined: Stage.LOBBY,
    Searching: Stage.SEARCHING,
    Returned: Stage.LOBBY,
    Left: Stage.OUTSIDE,
}
"""Where the effects lead that move one user."""


_PLACES: dict[Place, Stage] = {"searching": Stage.SEARCHING, "lobby": Stage.LOBBY}
"""Where a partner is left behind."""


class NextAction(NamedTuple):
    """What a user does next in one stage: after a mean time, one of several acts, by cumulated probability.

    The first of several exponential times is itself exponential, with the sum of their rates, and each of them is the
    first with a probability in proportion to its rate.
    """

    mean_seconds: float
    thresholds: tuple[float, ...]
    acts: tuple[Act, ...]


class PersonaPopulation:
    """Users of several kinds, all of whom join at time 0, and newcomers who arrive later.

    Who comes, when, and of what kind, is drawn apart from what they do, and is therefore the same for every policy.
    On the agenda, a whole number is a user whose next action is due, and −1 − k is a newcomer of the k-th kind. When a
    user's stage changes, the next action is drawn anew: exponential times have no memory, so nothing is lost.

    Args:
        users: initial number of users; their kinds are drawn by the shares.
        arrivals_factor: multiplies the arrival rates of the personas.
    """

    def __init__(
        self, personas: Sequence[Persona], users: int, arrivals_factor: float, seed: np.random.SeedSequence
    ) -> None:
        kinds, delays, acts, *arrivals = seed.spawn(3 + len(personas))
        self._personas = personas
        self._next_actions = [_next_actions(persona) for persona in personas]
        self._kind = _draw_kinds(personas, users, kinds)
        self._stage = [Stage.EXPECTED] * users
        self._delay, self._uniform = exponentials(delays), uniforms(acts)
        self._serial = count().__next__
        self.agenda: list[Entry] = []
        self._pending = [self._put(0.0, user) for user in range(users)]
        self._until_arrival = [
            exponentials(seed, _SECONDS_PER_MINUTE / (persona.arrivals_per_minute * arrivals_factor))
            if persona.arrivals_per_minute
            else None
            for persona, seed in zip(personas, arrivals, strict=True)
        ]
        for kind in range(len(personas)):
            self._expect_arrival(0.0, kind)

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
        self._next_actions = [_next_actions(persona) for persona in personas]
        for user, stage in enumerate(self._stage):
            if stage is not Stage.EXPECTED:
                self._reschedule(now, user)

    def _move(self, now: float, user: int, stage: Stage) -> None:
        # A silent user stays silent, whatever the server believes, until it notices.
        if self._stage[user] is not Stage.SILENT or stage is Stage.OUTSIDE:
            self._stage[user] = stage
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


def _draw_kinds(personas: Sequence[Persona], users: int, seed: np.random.SeedSequence) -> list[int]:
    """Draws the kind of each initial user."""
    shares = np.array([persona.share for persona in personas])
    if not users:
        return []
    kinds: list[int] = np.random.default_rng(seed).choice(len(personas), size=users, p=shares / shares.sum()).tolist()
    return kinds


def _next_actions(persona: Persona) -> list[NextAction | None]:
    """Returns a persona's next action in each stage."""
    silent = [(1 / persona.unnoticed_seconds, Leave)] if persona.unnoticed_seconds else []
    return [*map(_combined, map(persona.rates, State)), _combined(silent), NextAction(0.0, (), (persona.join,))]


def _combined(rates: Sequence[Rate]) -> NextAction | None:
    """Returns what competing rates come to; None if there are none."""
    rates = [(rate, act) for rate, act in rates if rate > 0]
    total = sum(rate for rate, _ in rates)
    if not total:
        return None
    thresholds = tuple(accumulate(rate / total for rate, _ in rates[:-1]))
    return NextAction(1 / total, thresholds, tuple(act for _, act in rates))
