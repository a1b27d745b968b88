"""A slow, obvious model of the tally: every figure counted from lists of what each user did."""

import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

import numpy as np

from roulette_core import (
    Block,
    Effect,
    Event,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    Next,
    Paired,
    Parted,
    Returned,
    Roulette,
    Say,
    Searching,
    Start,
    State,
    Tick,
)
from sim.measure.draw_test import DrawTest
from sim.rows import EffectRows, Rows

KINDS = 3
USERS = 7
STEPS = (0.0, 0.0, 0.25, 1.0, 3.0, 7e-7, 40.0)
ACTS = ("join", "start", "start", "next", "next", "next", "next", "lobby", "away", "leave", "block", "say", "tick")
POLICIES = ("v1", "v2", "uniform:minimum=2", "fresh", "waves:every=4", "interests")

Act = tuple[float, str, int]
"""How many seconds after the one before, what is done, and by which user."""


class Told(NamedTuple):
    """An event's time and effects."""

    time: float
    effects: tuple[Effect, ...]


def random_acts(seed: int, number: int = 120) -> list[Act]:
    """Returns what a few users do at random."""
    random = Random(seed)
    return [(random.choice(STEPS), random.choice(ACTS), random.randrange(USERS)) for _ in range(number)]


def play(acts: Sequence[Act], policy: str, size: int, sinks: Sequence[Any]) -> list[Told]:
    """Plays a story on the core, of which the sinks read the rows; returns the effects."""
    roulette, rows, told, now = Roulette(policy, seed=5), Rows(sinks, size), list[Told](), 0.0
    writer = EffectRows(rows, kind_of=lambda user: user % KINDS)
    for step, act, user in acts:
        now += step
        event = _event(roulette, act, user)
        if event is not None:
            effects = roulette.handle(event, now)
            writer.observe(now, event, effects)
            told.append(Told(now, effects))
    rows.flush()
    return told


def _event(roulette: Roulette, act: str, user: int) -> Event | None:
    """Returns the event of an act; None if the user is not where they could do it."""
    here = roulette.state(user) is not State.OUTSIDE
    events: dict[str, Event] = {
        "start": Start(user),
        "next": Next(user),
        "lobby": Lobby(user),
        "away": Lobby(user, left_behind="lobby"),
        "leave": Leave(user),
        "block": Block(user),
        "say": Say(user, "hello"),
    }
    if act == "tick":
        return Tick()
    if act == "join":
        return None if here else Join(user, f"user-{user}")
    return events[act] if here else None


class Stay(NamedTuple):
    """A user's time in one state; ``then`` is None if it still goes on at the end."""

    user: int
    state: State
    since: float
    until: float
    then: State | None


class Model:
    """What happened, as lists.

    Attributes:
        stays: of all users, those outside left out.
        pairings: time, first, second, and the partners that each had before.
        draws: event, rank and size of the pool of each sampled draw within the window.
    """

    def __init__(self, told: Sequence[Told], start: float, end: float) -> None:
        self.start, self.end = start, end
        self.events = sum(each.time >= start for each in told)
        self.moves: dict[int, list[tuple[float, State]]] = {user: [] for user in range(USERS)}
        self.pairings: list[tuple[float, int, int, list[int], list[int]]] = []
        self.met: dict[int, list[int]] = {user: [] for user in range(USERS)}
        self.pool: list[int] = []
        self.draws: list[tuple[int, int, int]] = []
        number = 0
        for each in told:
            for effect in each.effects:
                self._follow(each.time, effect, number)
            number += each.time >= start
        self.stays = [stay for user in range(USERS) for stay in self._stays(user)]

    def _follow(self, time: float, effect: Any, event: int) -> None:
        match effect:
            case Joined() | Returned():
                self._move(time, effect.user, State.LOBBY)
            case Left():
                self._move(time, effect.user, State.OUTSIDE)
            case Searching():
                if effect.user not in self.pool:
                    self._move(time, effect.user, State.SEARCHING)
            case Parted():
                behind = State.LOBBY if effect.left_behind == "lobby" else State.SEARCHING
                self._move(time, effect.partner, behind)
                if effect.cause != "leave":
                    self._move(time, effect.user, State.LOBBY if effect.cause == "lobby" else State.SEARCHING)
            case Paired(first, second):
                i, j = sorted((self.pool.index(first), self.pool.index(second)))
                of_event = sum(draw[0] == event for draw in self.draws)
                if time >= self.start and len(self.pool) > 2 and of_event < 8:
                    self.draws.append((event, j * (j - 1) // 2 + i, len(self.pool)))
                self.pairings.append((time, first, second, self.met[first][:], self.met[second][:]))
                self.met[first].append(second)
                self.met[second].append(first)
                for user in (first, second):
                    self._move(time, user, State.PRIVATE)

    def _move(self, time: float, user: int, state: State) -> None:
        if user in self.pool:
            self.pool.remove(user)
        if state is State.SEARCHING:
            self.pool.append(user)
        self.moves[user].append((time, state))

    def _stays(self, user: int) -> list[Stay]:
        moves = self.moves[user]
        stays = [Stay(user, state, since, until, then) for (since, state), (until, then) in pairwise(moves)]
        if moves:
            stays.append(Stay(user, moves[-1][1], moves[-1][0], self.end, None))
        return [stay for stay in stays if stay.state is not State.OUTSIDE]

    def searches(self) -> list[Stay]:
        """Returns the searches that end in the window, or still go on."""
        return [
            stay
            for stay in self.stays
            if stay.state is State.SEARCHING and (stay.then is None or stay.until >= self.start)
        ]

    def within(self, stay: Stay, low: float, high: float) -> float:
        """Returns how much of a stay lies between two times, in seconds."""
        return max(0.0, min(stay.until, high) - max(stay.since, low))

    def figures(self) -> dict[str, Any]:
        """Returns all figures, by name."""
        found, window = self.searches(), self.end - self.start
        inside = [each for each in self.pairings if each[0] >= self.start]
        both = [each for each in inside if each[3] and each[4]]
        waits = [stay.until - stay.since for stay in found if stay.then is State.PRIVATE]
        seen = {stay.user for stay in self.stays if stay.then is None or stay.until >= self.start}
        seen -= {  # who left exactly at the start was there; who left before was not
            stay.user
            for stay in self.stays
            if stay.then is not None and stay.until < self.start and stay.user not in seen
        }
        chats = [sum(user in each[1:3] for each in inside) for user in range(USERS)]
        counts, seconds = np.zeros((KINDS, 4), int), np.zeros((KINDS, 4))
        for stay in found:
            outcome = {State.PRIVATE: 0, State.LOBBY: 1, State.OUTSIDE: 2, None: 3}[stay.then]
            counts[stay.user % KINDS, outcome] += 1
            seconds[stay.user % KINDS, outcome] += stay.until - stay.since
        return {
            "users": len(seen),
            "events": self.events,
            "pairings": len(inside),
            "repairs": sum(each[3][-1] == each[2] and each[4][-1] == each[1] for each in both),
            "repair_opportunities": len(both),
            "recent": sum(each[2] in each[3][-5:] and each[1] in each[4][-5:] for each in both),
            "searches": counts,
            "search_seconds": seconds,
            "state_seconds": self._state_seconds(self.start, self.end),
            "searching_mean": self._state_seconds(self.start, self.end)[:, 1].sum() / window,
            "present_mean": self._state_seconds(self.start, self.end).sum() / window,
            "wait_max": max(waits, default=math.nan),
            "longest": sorted((stay.until - stay.since for stay in found), reverse=True)[:3],
            "distinct_partners": 2 * len({frozenset(each[1:3]) for each in inside}) / len(seen) if seen else math.nan,
            "never": sum(any(stay.user == user for stay in found) and not chats[user] for user in range(USERS)),
            "chats": chats,
            "searches_of": [sum(stay.user == user for stay in found) for user in range(USERS)],
            "seconds_of": [
                sum(self.within(stay, self.start, self.end) for stay in found if stay.user == user)
                for user in range(USERS)
            ],
            "waits": sorted(waits),
            "lengths": [sorted(s.until - s.since for s in found if s.user % KINDS == kind) for kind in range(KINDS)],
            "draw_counts": self._draw_counts(),
        }

    def _state_seconds(self, low: float, high: float) -> Any:
        spent = np.zeros((KINDS, 3))
        for stay in self.stays:
            column = (State.LOBBY, State.SEARCHING, State.PRIVATE).index(stay.state)
            spent[stay.user % KINDS, column] += self.within(stay, low, high)
        return spent

    def _draw_counts(self) -> list[int]:
        test = DrawTest()
        for event, rank, pool in self.draws:
            test.note(event, rank, pool)
        return list(test.counts)

    def batches(self, number: int) -> list[list[float]]:
        """Returns the sums of each part of the window: those of ``Batch`` in its order."""
        edges = [self.start + (self.end - self.start) * part / number for part in range(number + 1)]
        edges[-1] = math.inf  # what happens at the end belongs to the last
        rows = []
        for low, high in pairwise(edges):
            inside = [each for each in self.pairings if low <= each[0] < high]
            both = [each for each in inside if each[3] and each[4]]
            waits = [s.until - s.since for s in self.searches() if s.then is State.PRIVATE and low <= s.until < high]
            until = min(high, self.end)
            again = sum(each[3][-1] == each[2] and each[4][-1] == each[1] for each in both)
            area = self._state_seconds(low, until)[:, 1].sum()
            rows.append([sum(waits), len(waits), again, len(both), area, until - low])
        return rows
