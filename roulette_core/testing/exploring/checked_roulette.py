"""A roulette on trial: its chance is written down for it, and whatever it does is held against the invariants."""

import pickle
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from roulette_core.effects import Effect
from roulette_core.errors import BadPolicy, BrokenPolicy, RouletteError
from roulette_core.events import Event
from roulette_core.machine import Roulette
from roulette_core.policies import Choose, Policy, make_policy
from roulette_core.testing.built_in import rule_of
from roulette_core.testing.checker import Checker
from roulette_core.testing.exploring.branching import Delegate, Script

Maker: TypeAlias = str | Callable[[], Policy]
"""Where policies come from: a specification, or what makes a new one each time, such as a class."""


def made(maker: Maker) -> Policy:
    """A new policy. Raises ``BadPolicy`` if it is a specification that cannot be understood."""
    return make_policy(maker) if isinstance(maker, str) else maker()


class Step(NamedTuple):
    """One event of a history.

    Attributes:
        now: its time, in seconds.
        event: the event.
        choices: what the policy's choices in answer to it come out as, in order; 0 beyond.
    """

    now: float
    event: Event
    choices: tuple[int, ...] = ()


class CheckedRoulette:
    """A roulette of which everything depends on what is handed to it, its chance included.

    Args:
        policy: where its policy comes from.

    Attributes:
        roulette: the roulette.
        checker: holds it against the invariants.
        rule: what the invariants know of the policy, if anything.
        flaw: what is wrong with it, in words; empty as long as nothing is.
        invariant: the name of the invariant that is broken, if that is what is wrong.
    """

    def __init__(self, policy: Maker) -> None:
        self._chance = Delegate()
        self.roulette = Roulette(made(policy), choose=self._chance)
        self.checker = Checker(self.roulette.policy)
        self.rule = rule_of(self.roulette.policy)
        self.flaw = self.invariant = ""

    def take(self, event: Event, now: float, choose: Choose) -> tuple[Effect, ...]:
        """Handles an event at a time in seconds, with all chance from ``choose``, and looks what is wrong with it.

        What is the caller's fault has no effects, and nothing is wrong with that.
        """
        self._chance.choose = choose
        try:
            effects = self.roulette.handle(event, now)
        except BrokenPolicy as error:
            self.flaw = f"the policy broke its contract: {error}"
        except RouletteError:
            return ()
        except (Exception, SystemExit) as error:  # a policy of one's own may fail in any way
            self.flaw = f"{type(error).__name__}: {error}"
        else:
            self._look(event, now, effects)
            return effects
        return ()

    def _look(self, event: Event, now: float, effects: tuple[Effect, ...]) -> None:
        self.checker.check(now, event, effects)
        self.checker.compare(self.roulette)
        if self.checker.breaches:
            breach = self.checker.breaches[0]
            self.flaw, self.invariant = breach.detail, breach.invariant


def copied(thing: object) -> bytes:
    """A trial, or what holds one, as bytes of which ``pickle.loads`` makes any number of copies.

    Raises:
        BadPolicy: the policy keeps something that cannot be copied.
    """
    try:
        return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise BadPolicy(f"the policy cannot be copied, as pickle does: {error}") from error


def replayed(policy: Maker, steps: Sequence[Step]) -> CheckedRoulette:
    """A trial of a policy after a history, or after as much of it as nothing was wrong with."""
    trial = CheckedRoulette(policy)
    for now, event, choices in steps:
        trial.take(event, now, Script(choices))
        if trial.flaw:
            break
    return trial
