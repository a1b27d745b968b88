"""Every possible outcome of a history, over all random choices, with its exact probability."""

import json
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

from roulette_core.effects import Effect
from roulette_core.events import Event
from roulette_core.machine import Roulette
from roulette_core.policies import Choose
from roulette_core.testing.exploring import Delegate, Maker, Script, Step, branches, made

MOST_BRANCHES = 200
"""The number of random branches followed at one event."""

Path: TypeAlias = tuple[tuple[int, ...], ...]
"""The random choices made at each event of a history."""


class Outcomes:
    """All courses that a history may have taken with the effects observed so far, and their probabilities."""

    def __init__(self, make: Maker) -> None:
        self._make = make
        self._past: list[tuple[float, Event]] = []
        self.paths: dict[Path, Fraction] = {(): Fraction(1)}

    def roulette(self) -> Roulette:
        """Returns a roulette that has taken one of these courses."""
        return self._gone(next(iter(self.paths)))

    def _gone(self, path: Path, chance: Delegate | None = None) -> Roulette:
        chance = chance or Delegate()
        roulette = Roulette(made(self._make), choose=chance)
        for (now, event), choices in zip(self._past, path, strict=True):
            chance.choose = Script(choices)
            roulette.handle(event, now)
        return roulette

    def outcomes(self, event: Event, now: float) -> dict[tuple[Effect, ...], dict[Path, Fraction]]:
        """Returns every outcome of an event, with the probability of each course that leads to it."""
        found: dict[tuple[Effect, ...], dict[Path, Fraction]] = defaultdict(dict)
        for path, probability in self.paths.items():

            def run(choose: Choose, path: Path = path) -> tuple[Effect, ...]:
                chance = Delegate()
                roulette = self._gone(path, chance)
                chance.choose = choose
                return roulette.handle(event, now)

            for branch in islice(branches(run), MOST_BRANCHES):
                found[branch.result][*path, branch.choices] = probability * branch.probability
        return found

    def follow(self, event: Event, now: float, paths: Mapping[Path, Fraction]) -> None:
        """Goes on from one outcome; courses that have led to the same state are merged."""
        self._past.append((now, event))
        merged: dict[str, tuple[Path, Fraction]] = {}
        for path, probability in paths.items():
            policy = self._gone(path).policy
            key = json.dumps([policy.snapshot(), [(user, searcher.since) for user, searcher in policy.pool.items()]])
            merged[key] = path, probability + (merged[key][1] if key in merged else 0)
        total = sum((probability for _, probability in merged.values()), Fraction(0))
        self.paths = {path: probability / total for path, probability in merged.values()}

    def steps(self) -> tuple[Step, ...]:
        """Returns one of the courses as a history."""
        path = next(iter(self.paths))
        return tuple(Step(now, event, choices) for (now, event), choices in zip(self._past, path, strict=True))
