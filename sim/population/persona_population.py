"""Users of several kinds who come and go, talk, search, chat and vanish, each as their persona has it."""

from bisect import bisect
from collections.abc import Sequence
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
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Returned,
    Searching,
    State,
)
from sim.engine import END, Entry
from sim.population.personas import Act, Persona, Rate
from sim.population.random_streams import exponentials, uniforms

_SILENT: Final = len(State)
"""Beside the four states of a user: gone, and nobody has noticed yet."""

_EXPECTED: Final = _SILENT + 1
"""And: about to join for the first time."""

_NOTHING: Final = -1
"""The serial number of a user who has nothing on the agenda."""

_SECONDS_PER_MINUTE = 60.0


class NextAction(NamedTuple):
    """What is done next in one state: after how many seconds on average, and what, by cumulated probability.

    Competing exponential urges come to the same as one exponential time of their summed rates, at the end of which
    each is the one with a probability in proportion to its rate.
    """

    mean_seconds: float
    thresholds: tuple[float, ...]
    acts: tuple[Act, ...]


class PersonaPopulation:
    """Users of several kinds, all of whom join at time 0, and newcomers who arrive later.

    Who comes, when, and of what kind, is drawn apart from what they do, and is therefore the same for every policy.
    On the agenda, a whole number is a user who feels like doing something, and −1 − k is a newcomer of the k-th
    kind. Whenever a user's state changes, they think again: exponential times have no memory, so nothing is lost.

    Args:
        personas: the kinds.
        users: how many are there at the beginning, by their shares.
        arrivals_factor: by how much to multiply the arrivals of the personas.
        seed: where all chance starts.
    """

    def __init__(
        self, personas: Sequence[Persona], users: int, arrivals_factor: float, seed: np.random.SeedSequence
    ) -> None:
        kinds, delays, acts, *arrivals = seed.spawn(3 + len(personas))
        self._personas = personas
        self._habits = [_habits(persona) for persona in personas]
        self._kind = _draw_kinds(personas, users, kinds)
        self._state = [_EXPECTED] * users
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
        """What a user does who is due, if nothing has come between."""
        if what < 0:
            return self._arrive(now, -1 - what)
        if self._pending[what] != serial:
            return None
        habit = self._habits[self._kind[what]][self._state[what]]
        assert habit is not None, "who does nothing is not on the agenda"
        act = habit.acts[bisect(habit.thresholds, self._uniform())]
        if act is Leave and self._habits[self._kind[what]][_SILENT] and self._state[what] != _SILENT:
            self._move(now, what, _SILENT)
            return None
        return act(what)

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Everybody whose state has changed, or who has said a line, thinks again."""
        effect: Any  # the core takes users of any kind; here they are numbers
        for effect in effects:
            kind = type(effect)
            if kind is LobbyLine or kind is PrivateLine:
                self._reschedule(now, effect[0])
            elif kind is Paired:
                self._move(now, effect[0], State.PRIVATE)
                self._move(now, effect[1], State.PRIVATE)
            elif kind is Parted:
                user, partner, cause, _ = effect
                self._move(now, partner, State.SEARCHING)
                if cause != "leave":
                    self._move(now, user, State.LOBBY if cause == "lobby" else State.SEARCHING)
            else:
                self._move(now, effect[0], _STATE_AFTER[kind])

    # What is seen where the users are clients of a server, instead of hearing all that came of each event.

    def moved(self, now: float, user: int, state: State) -> None:
        """A user has seen that they are in another state: they think again."""
        self._move(now, user, state)

    def spoke(self, now: float, user: int) -> None:
        """A line of a user's is out: they think again."""
        self._reschedule(now, user)

    def lost(self, now: float, user: int, seconds: float) -> None:
        """A user was disconnected against their will, and comes back in so many seconds; who was gone stays so."""
        if self.is_silent(user):
            self._move(now, user, State.OUTSIDE)
            return
        self._state[user] = _EXPECTED
        self._pending[user] = self._put(now + seconds, user)

    def is_silent(self, user: int) -> bool:
        """Whether a user has gone without a word: they read nothing more. Their ``Leave`` is when it is noticed."""
        return self._state[user] == _SILENT

    def become(self, now: float, personas: Sequence[Persona]) -> None:
        """From now on users are different, each kind as the persona in its place; whoever is there thinks again."""
        self._habits = [_habits(persona) for persona in personas]
        for user, state in enumerate(self._state):
            if state != _EXPECTED:
                self._reschedule(now, user)

    def _move(self, now: float, user: int, state: int) -> None:
        """Puts a user into a state. The silent stay silent until somebody notices."""
        if self._state[user] != _SILENT or state == State.OUTSIDE:
            self._state[user] = state
            self._reschedule(now, user)

    def _reschedule(self, now: float, user: int) -> None:
        """Settles when a user will next do something."""
        habit = self._habits[self._kind[user]][self._state[user]]
        if habit is None:
            self._pending[user] = _NOTHING
            return
        self._pending[user] = self._put(now + habit.mean_seconds * self._delay(), user)
        if len(self.agenda) > 8 * len(self._pending) + 1000:
            self._compact()

    def _put(self, time: float, what: int) -> int:
        serial = self._serial()
        heappush(self.agenda, (time, serial, what))
        return serial

    def _compact(self) -> None:
        """Drops from the agenda what has been overtaken, which is most of it by now."""
        pending = self._pending
        self.agenda[:] = [
            entry for entry in self.agenda if entry[2] is END or entry[2] < 0 or pending[entry[2]] == entry[1]
        ]
        heapify(self.agenda)

    def _arrive(self, now: float, kind: int) -> Event:
        """A newcomer, who takes the next number."""
        self._kind.append(kind)
        self._state.append(_EXPECTED)
        self._pending.append(_NOTHING)
        self._expect_arrival(now, kind)
        return self._personas[kind].join(len(self._kind) - 1)

    def _expect_arrival(self, now: float, kind: int) -> None:
        until_arrival = self._until_arrival[kind]
        if until_arrival is not None:
            self._put(now + until_arrival(), -1 - kind)


_STATE_AFTER: dict[type, State] = {
    Joined: State.LOBBY,
    Searching: State.SEARCHING,
    Returned: State.LOBBY,
    Left: State.OUTSIDE,
}
"""Where the effects that move one user move them."""


def _draw_kinds(personas: Sequence[Persona], users: int, seed: np.random.SeedSequence) -> list[int]:
    """Of what kind each of the users is who are there at the beginning."""
    shares = np.array([persona.share for persona in personas])
    if not users:
        return []
    kinds: list[int] = np.random.default_rng(seed).choice(len(personas), size=users, p=shares / shares.sum()).tolist()
    return kinds


def _habits(persona: Persona) -> list[NextAction | None]:
    """A persona's habits in each state, in silence, and before the first arrival."""
    silent = [(1 / persona.unnoticed_seconds, Leave)] if persona.unnoticed_seconds else []
    return [*map(_habit, map(persona.urges, State)), _habit(silent), NextAction(0.0, (), (persona.join,))]


def _habit(urges: Sequence[Rate]) -> NextAction | None:
    """The habit that competing urges come to; None if there are none."""
    urges = [(rate, act) for rate, act in urges if rate > 0]
    total = sum(rate for rate, _ in urges)
    if not total:
        return None
    thresholds = tuple(accumulate(rate / total for rate, _ in urges[:-1]))
    return NextAction(1 / total, thresholds, tuple(act for _, act in urges))
