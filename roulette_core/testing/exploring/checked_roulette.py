"""A roulette on trial: its random choices are given to it, and the invariants check everything it does."""

import pickle
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self, TypeAlias

from roulette_core.effects import Effect
from roulette_core.errors import BadPolicy, BrokenPolicy, RouletteError
from roulette_core.events import Event
from roulette_core.machine import Roulette
from roulette_core.policies import Choose, Policy, make_policy
from roulette_core.testing.built_in import rule_of
from roulette_core.testing.checker import Checker
from roulette_core.testing.exploring.branching import Delegate, Script

Maker: TypeAlias = str | Callable[[], Policy]
"""A specification, or a function that returns a new policy each time, such as a class."""


def made(maker: Maker) -> Policy:
    """Returns a new policy. Raises ``BadPolicy`` if ``maker`` is an invalid specification."""
    return make_policy(maker) if isinstance(maker, str) else maker()


class Step(NamedTuple):
    """One event of a history.

    Attributes:
        now: the time of the event, in seconds.
        event: the event.
        choices: the results of the policy's random choices, in their order; 0 for any beyond.
    """

    now: float
    event: Event
    choices: tuple[int, ...] = ()


class CheckedRoulette:
    """A roulette whose history can be repeated, since its random choices are arguments, too.

    Attributes:
        rule: the policy's rule; None if it is not built in.
        flaw: what is wrong, in words; empty as long as nothing is.
        invariant: the name of the broken invariant; empty if something else is wrong.
    """

    def __init__(self, policy: Maker) -> None:
        self._chance = Delegate()
        self.roulette = Roulette(made(policy), choose=self._chance)
        self.checker = Checker(self.roulette.policy)
        self.rule = rule_of(self.roulette.policy)
        self.flaw = self.invariant = ""

    def take(self, event: Event, now: float, choose: Choose, compare: bool = True) -> tuple[Effect, ...]:
        """Handles an event and checks the result; ``choose`` makes the policy's choices.

        A caller's mistake has no effects and is not a flaw. ``compare`` says whether to compare the core's answers with
        its effects as well.
        """
        self._chance.choose = choose
        try:
            effects = self.roulette.handle(event, now)
        except BrokenPolicy as error:
            # What a choice refuses is in our words already; what the policy raised itself is in the error's.
            self.flaw = f"the policy {error.__cause__}" if isinstance(error.__cause__, BrokenPolicy) else str(error)
        except RouletteError:
            return ()
        except SystemExit as error:
            self.flaw = f"the policy ended the program: {error!r}"
        except Exception as error:  # the core itself is spoilt
            self.flaw = f"{type(error).__name__}: {error}"
        else:
            self._look(event, now, effects, compare)
            return effects
        return ()

    def after(self, steps: Sequence[Step]) -> Self:
        """Takes the steps of a history, up to the first flaw. Returns itself."""
        for now, event, choices in steps:
            self.take(event, now, Script(choices))
            if self.flaw:
                break
        return self

    def _look(self, event: Event, now: float, effects: tuple[Effect, ...], compare: bool) -> None:
        self.checker.check(now, event, effects)
        if compare:
            self.checker.compare(self.roulette)
        if self.checker.breaches:
            breach = self.checker.breaches[0]
            self.flaw, self.invariant = breach.detail, breach.invariant


def copied(thing: object) -> bytes:
    """Returns a checked roulette, or an object that holds one, as bytes for ``pickle.loads``.

    Raises:
        BadPolicy: the policy holds something that cannot be pickled.
    """
    try:
        return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise BadPolicy(f"the policy cannot be copied by pickle: {error}") from error


def replayed(policy: Maker, steps: Sequence[Step]) -> CheckedRoulette:
    """Returns a checked roulette after a history, or after its first flaw."""
    return CheckedRoulette(policy).after(steps)
