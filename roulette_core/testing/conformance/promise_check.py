"""A policy under examination: beside the invariants, promises are asked after every event."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from roulette_core.effects import Effect, Paired
from roulette_core.errors import RouletteError
from roulette_core.events import Event, User
from roulette_core.machine import Roulette
from roulette_core.policies import Choose, Policy
from roulette_core.testing.exploring.branching import Script
from roulette_core.testing.exploring.checked_roulette import CheckedRoulette, Maker, Step, made
from roulette_core.testing.invariants import Complaint


class Draw(NamedTuple):
    """A pair that the policy has named.

    Attributes:
        pair: whom.
        pool: who was searching, and since when, in seconds.
        apart: whether a block keeps the two apart.
        repeats: whether either had the other as latest partner.
        passed_over: somebody who has waited longer than both, though they might have met one of the pool whom they
            have never met before.
    """

    pair: tuple[User, User]
    pool: dict[User, float]
    apart: bool
    repeats: bool
    passed_over: User | None


@dataclass(frozen=True, slots=True)
class StepResult:
    """What promises are asked about: one event, and what came of it.

    Attributes:
        make: where the policy comes from.
        trial: the trial after the event.
        before: the state before the event, as JSON.
        step: the event, with the choices made in answer to it.
        effects: what came of it.
        draws: the pairs that the policy named.
    """

    make: Maker
    trial: CheckedRoulette
    before: str
    step: Step
    effects: tuple[Effect, ...]
    draws: tuple[Draw, ...]

    def twin(self, state: str, choose: Choose | None = None) -> Roulette:
        """Returns another roulette in a state that is given as JSON; ``choose`` answers 0 unless given."""
        return Roulette.restore(json.loads(state), made(self.make), choose or Script())

    def twin_now(self) -> Roulette:
        """Returns another roulette in the state after the event."""
        return self.twin(state_of(self.trial.roulette))


Promise: TypeAlias = Callable[[StepResult], Complaint]
"""Looks at a moment, and says in a few words what is wrong, or None."""


def state_of(roulette: Roulette) -> str:
    """Returns the state of a roulette as JSON."""
    return json.dumps(roulette.snapshot())


class PromiseCheck(CheckedRoulette):
    """A trial in which promises are asked beside the invariants.

    Args:
        policy: where its policy comes from.
        promises: what to ask.
    """

    def __init__(self, policy: Maker, promises: Sequence[Promise]) -> None:
        super().__init__(policy)
        self._make = policy
        self._promises = promises
        self._draws: list[Draw] = []
        self._met: set[frozenset[User]] = set()
        self._watch(self.roulette.policy)

    def _watch(self, policy: Policy) -> None:
        draw = policy.draw

        def watched(now: float, choose: Choose) -> tuple[User, User] | None:
            pool = dict(policy.pool)
            pair = draw(now, choose)
            if pair is not None:
                self._note(pair, pool)
            return pair

        vars(policy)["draw"] = watched

    def _note(self, pair: tuple[User, User], pool: dict[User, float]) -> None:
        first, second = pair
        if first == second or first not in pool or second not in pool:
            return  # the roulette is about to say so
        latest, blocks = self.checker.ledger.latest, self.roulette.policy.blocks
        repeats = latest.get(first) == second or latest.get(second) == first
        earliest = min(pool.values())
        before_both = earliest < min(pool[first], pool[second])
        longest = [user for user, since in pool.items() if since == earliest] if before_both else []
        passed_over = next((user for user in longest if self._could_meet(user, pool)), None)
        self._draws.append(Draw(pair, pool, blocks.between(first, second), repeats, passed_over))

    def _could_meet(self, user: User, pool: dict[User, float]) -> bool:
        """Whether nothing at all speaks against a pairing with one of the pool."""
        between = self.roulette.policy.blocks.between
        return any(
            other != user and not between(user, other) and frozenset((user, other)) not in self._met for other in pool
        )

    def take(self, event: Event, now: float, choose: Choose) -> tuple[Effect, ...]:
        """Handles an event as any trial does, then asks the promises. A promise that fails in any way is broken."""
        self._draws.clear()
        script = choose if isinstance(choose, Script) else Script()
        try:
            before = state_of(self.roulette)
        except (Exception, SystemExit) as error:  # a policy of one's own may fail in any way
            self._flaw("can_be_restored", f"its snapshot is no plain data: {type(error).__name__}: {error}")
            return ()
        effects = super().take(event, now, choose)
        if self.roulette.now == now and not self.flaw:
            step = Step(now, event, tuple(script.chosen))
            self._ask(StepResult(self._make, self, before, step, effects, tuple(self._draws)))
        self._met |= {frozenset(effect[:2]) for effect in effects if type(effect) is Paired}
        return effects

    def _ask(self, moment: StepResult) -> None:
        for promise in self._promises:
            try:
                complaint = promise(moment)
            except (RouletteError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
                complaint = f"{type(error).__name__}: {error}"
            if complaint is not None:
                self._flaw(promise.__name__, complaint)
                return

    def _flaw(self, promise: str, complaint: str) -> None:
        self.flaw, self.invariant = complaint, promise


def examined(policy: Maker, steps: Sequence[Step], *promises: Promise) -> PromiseCheck:
    """An examination of a policy after a history, or after as much of it as nothing was wrong with."""
    examination = PromiseCheck(policy, promises)
    for now, event, choices in steps:
        examination.take(event, now, Script(choices))
        if examination.flaw:
            break
    return examination
