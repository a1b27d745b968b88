"""Checks promises of a policy after every event, beside the invariants."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from roulette_core.effects import Effect, Paired
from roulette_core.errors import RouletteError
from roulette_core.events import Event, User
from roulette_core.machine import Roulette
from roulette_core.policies import Choose
from roulette_core.testing.conformance.drawn import watch_draws
from roulette_core.testing.exploring import CheckedRoulette, Maker, Script, Step, made
from roulette_core.testing.invariants import Complaint


class Draw(NamedTuple):
    """A pair that the policy has drawn.

    It has ``passed_over`` a user who has waited longer than both, though the pool holds a user whom they have never met
    and may meet; None if there was no such user.
    """

    pair: tuple[User, User]
    pool: dict[User, float]  # the users who were searching, and since when, in seconds
    apart: bool  # a block keeps the two apart
    repeats: bool  # either had the other as latest partner
    passed_over: User | None


@dataclass(frozen=True, slots=True)
class StepResult:
    """One event and its result, for promises to look at.

    Attributes:
        make: makes a new policy like the one at work.
        trial: the roulette, after the event.
        before: its state before the event, as JSON.
        step: the event, with the random choices made.
        effects: what it came to.
        draws: the draws made, in their order.
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
"""Returns None, or a short text that says what is wrong with a result."""


def state_of(roulette: Roulette) -> str:
    """Returns the state of a roulette as JSON."""
    return json.dumps(roulette.snapshot())


class PromiseCheck(CheckedRoulette):
    """A roulette that is checked for promises beside the invariants."""

    def __init__(self, policy: Maker, promises: Sequence[Promise]) -> None:
        super().__init__(policy)
        self._make = policy
        self._promises = promises
        self._draws: list[Draw] = []
        self._met: set[frozenset[User]] = set()
        watch_draws(self.roulette.policy, self._note)

    def _note(self, pair: tuple[User, User], pool: dict[User, float]) -> None:
        first, second = pair
        if first == second or first not in pool or second not in pool:
            return  # the roulette is about to raise BrokenPolicy
        latest, blocks = self.checker.ledger.latest, self.roulette.policy.blocks
        repeats = latest.get(first) == second or latest.get(second) == first
        earliest = min(pool.values())
        before_both = earliest < min(pool[first], pool[second])
        longest = [user for user, since in pool.items() if since == earliest] if before_both else []
        passed_over = next((user for user in longest if self._could_meet(user, pool)), None)
        self._draws.append(Draw(pair, pool, blocks.between(first, second), repeats, passed_over))

    def _could_meet(self, user: User, pool: dict[User, float]) -> bool:
        """Returns whether the pool holds a user whom this one has never met and may meet."""
        between = self.roulette.policy.blocks.between
        return any(
            other != user and not between(user, other) and frozenset((user, other)) not in self._met for other in pool
        )

    def take(self, event: Event, now: float, choose: Choose, compare: bool = True) -> tuple[Effect, ...]:
        """Handles an event, then checks the promises. A promise that raises an error is broken."""
        self._draws.clear()
        script = choose if isinstance(choose, Script) else Script()
        try:
            before = state_of(self.roulette)
        except (Exception, SystemExit) as error:  # a policy of one's own may fail in any way
            self._flaw("can_be_restored", f"its snapshot is not plain data: {type(error).__name__}: {error}")
            return ()
        effects = super().take(event, now, choose, compare)
        if self.roulette.now == now and not self.flaw:
            step = Step(now, event, tuple(script.chosen))
            self._ask(StepResult(self._make, self, before, step, effects, tuple(self._draws)))
        self._met |= {frozenset(effect[:2]) for effect in effects if type(effect) is Paired}
        return effects

    def _ask(self, result: StepResult) -> None:
        for promise in self._promises:
            try:
                complaint = promise(result)
            except RouletteError as error:
                complaint = str(error)
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
                complaint = f"the policy raised {error!r}"
            if complaint is not None:
                self._flaw(promise.__name__, complaint)
                return

    def _flaw(self, promise: str, complaint: str) -> None:
        self.flaw, self.invariant = complaint, promise


def examined(policy: Maker, steps: Sequence[Step], *promises: Promise) -> PromiseCheck:
    """Returns a checked roulette after a history, or after its first flaw."""
    return PromiseCheck(policy, promises).after(steps)
