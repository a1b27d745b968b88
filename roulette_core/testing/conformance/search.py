"""Searches for the smallest history that ends with a flaw."""

from collections.abc import Callable, Hashable, Sequence
from random import Random
from time import monotonic
from typing import TypeVar

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from roulette_core.testing.conformance.histories import NUMBERS, WORDS, History, histories, play
from roulette_core.testing.conformance.promise_check import Promise, PromiseCheck
from roulette_core.testing.exploring import Counterexample, Maker

Example = TypeVar("Example", bound=Hashable)
Found = TypeVar("Found")


class NotTheSameTwice(Exception):
    """The same history took another course a second time."""


def smallest(
    strategy: st.SearchStrategy[Example], judge: Callable[[Example], Found | None], examples: int, ends: float
) -> Found | None:
    """Returns what ``judge`` finds in the smallest example in which it finds anything; None if there is none.

    Tries so many ``examples``, the same ones every time, but no new ones once ``monotonic()`` has reached ``ends``.

    Raises:
        NotTheSameTwice: the policy is not deterministic.
    """
    answers: dict[Example, bool] = {}

    def differs(example: Example) -> bool:
        if example not in answers and monotonic() < ends:
            answers[example] = judge(example) is not None
        return answers.get(example, False)

    thorough = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    try:
        found = judge(find(strategy, differs, settings=thorough, random=Random(0)))
    except NoSuchExample:
        return None
    if found is None:
        raise NotTheSameTwice
    return found


def broken_promise(make: Maker, promises: Sequence[Promise], examples: int, seconds: float) -> Counterexample | None:
    """Returns the smallest counterexample that Hypothesis finds to the invariants and some promises; None if none.

    Tries so many ``examples``, but stops after so many seconds.

    Raises:
        NotTheSameTwice: the policy is not deterministic.
    """

    def judge(history: History) -> Counterexample | None:
        examination = PromiseCheck(make, promises)
        steps = tuple(play(examination, history))
        return Counterexample(steps, examination.flaw, examination.invariant) if examination.flaw else None

    return smallest(histories(WORDS, NUMBERS), judge, examples, monotonic() + seconds)
