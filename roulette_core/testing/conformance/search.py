"""Searches for the smallest history that ends with a flaw."""

from collections.abc import Callable, Hashable, Sequence
from random import Random
from time import monotonic
from typing import TypeVar

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample

from roulette_core.testing.conformance.histories import NUMBERS, WORDS, History, histories, play
from roulette_core.testing.conformance.promise_check import Promise, PromiseCheck
from roulette_core.testing.exploring import Counterexample, Maker

Example = TypeVar("Example", bound=Hashable)


class NotTheSameTwice(Exception):
    """The same history took another course a second time."""


def thorough(examples: int) -> settings:
    """Returns settings for a repeatable search through so many examples that keeps nothing on disk."""
    return settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def in_time(asked: Callable[[Example], bool], ends: float) -> Callable[[Example], bool]:
    """Returns the same predicate with a cache and a deadline, after which it is False for new examples."""
    answers: dict[Example, bool] = {}

    def answer(example: Example) -> bool:
        if example not in answers and monotonic() < ends:
            answers[example] = asked(example)
        return answers.get(example, False)

    return answer


def smallest(make: Maker, promises: Sequence[Promise], examples: int, seconds: float) -> Counterexample | None:
    """Returns the smallest counterexample that Hypothesis finds to the invariants and some promises; None if none.

    Tries so many ``examples``, but stops after so many seconds.

    Raises:
        NotTheSameTwice: the policy is not deterministic.
    """

    def asked(history: History) -> bool:
        return _examined(make, promises, history) is not None

    goes_wrong = in_time(asked, monotonic() + seconds)

    try:
        history = find(histories(WORDS, NUMBERS), goes_wrong, settings=thorough(examples), random=Random(0))
    except NoSuchExample:
        return None
    found = _examined(make, promises, history)
    if found is None:
        raise NotTheSameTwice
    return found


def _examined(make: Maker, promises: Sequence[Promise], history: History) -> Counterexample | None:
    examination = PromiseCheck(make, promises)
    steps = tuple(play(examination, history))
    return Counterexample(steps, examination.flaw, examination.invariant) if examination.flaw else None
