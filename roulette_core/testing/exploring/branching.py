"""Random choices enumerated: instead of choosing at random, every possible choice is followed."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import Generic, NamedTuple, TypeVar

from roulette_core.errors import BrokenPolicy
from roulette_core.policies import Choose

T = TypeVar("T")

MOST_CHOICES = 64
"""More choices than this for one event count as an endless loop, such as drawing again until the pair suits."""


class Branch(NamedTuple, Generic[T]):
    """One sequence of random choices: what it led to, the numbers chosen, and the probability of exactly these."""

    result: T
    choices: tuple[int, ...]
    probability: Fraction


class Script:
    """A ``choose`` that returns given numbers, then 0. Keeps the choices made, and the ``count`` of each call."""

    __slots__ = ("_written", "chosen", "counts")

    def __init__(self, choices: Sequence[int] = ()) -> None:
        self._written = choices
        self.chosen: list[int] = []
        self.counts: list[int] = []

    def __call__(self, count: int) -> int:
        """Returns one of 0 … ``count`` − 1. Raises ``BrokenPolicy`` for a bad ``count`` or after too many calls."""
        if not isinstance(count, int) or count < 1:
            raise BrokenPolicy(f"called choose({count!r}), which has no alternatives")
        made = len(self.chosen)
        if made == MOST_CHOICES:
            raise BrokenPolicy(f"made {made} choices for one event, and may never stop")
        choice = self._pick(made, count)
        self.chosen.append(choice)
        self.counts.append(count)
        return choice

    def _pick(self, made: int, count: int) -> int:
        """Returns the choice with this number."""
        return self._written[made] if made < len(self._written) else 0

    def next(self) -> list[int] | None:
        """Returns the choices to make next time; None after the last sequence."""
        # As a counter whose last wheel turns fastest: increment the last choice that can be, drop those behind it.
        choices = list(self.chosen)
        for count in reversed(self.counts):
            last = choices.pop()
            if last + 1 < count:
                return [*choices, last + 1]
        return None


class Dice(Script):
    """A ``choose`` whose choices are the digits of one number, so that Hypothesis can generate and shrink them."""

    __slots__ = ("_throw",)

    def __init__(self, throw: int) -> None:
        super().__init__()
        self._throw = throw

    def _pick(self, made: int, count: int) -> int:
        self._throw, choice = divmod(self._throw, count)
        return choice


class Delegate:
    """A ``choose`` that delegates to another one, which may be replaced between two events."""

    __slots__ = ("choose",)

    def __init__(self) -> None:
        self.choose: Choose = Script()

    def __call__(self, count: int) -> int:
        """Returns the choice of the other one."""
        return self.choose(count)


def branches(run: Callable[[Choose], T]) -> Iterator[Branch[T]]:
    """Yields a branch for every sequence of random choices; their probabilities add up to 1.

    ``run`` starts from the same state each time and makes all its random choices with its argument.
    """
    choices: list[int] | None = []
    while choices is not None:
        script = Script(choices)
        result = run(script)
        yield Branch(result, tuple(script.chosen), Fraction(1, prod(script.counts)))
        choices = script.next()
