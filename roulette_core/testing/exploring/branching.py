"""Chance taken apart: instead of drawing lots, every lot that could have been drawn is followed."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import Generic, NamedTuple, TypeVar

from roulette_core.errors import BrokenPolicy
from roulette_core.policies import Choose

T = TypeVar("T")

MOST_CHOICES = 64
"""So many choices in answer to one event are taken for an endless loop, such as drawing again until it suits."""


class Branch(NamedTuple, Generic[T]):
    """One way in which chance may turn.

    Attributes:
        result: what came of it.
        choices: the numbers chosen, in order.
        probability: of choosing exactly these.
    """

    result: T
    choices: tuple[int, ...]
    probability: Fraction


class Script:
    """A ``choose`` that chooses what is written, and 0 beyond.

    Args:
        choices: what is written.

    Attributes:
        chosen: the choices made.
        counts: of how many each was one.
    """

    __slots__ = ("_written", "chosen", "counts")

    def __init__(self, choices: Sequence[int] = ()) -> None:
        self._written = choices
        self.chosen: list[int] = []
        self.counts: list[int] = []

    def __call__(self, count: int) -> int:
        """Chooses one of 0 … ``count`` − 1. Raises ``BrokenPolicy`` if there is nothing to choose, or no end to it."""
        if not isinstance(count, int) or count < 1:
            raise BrokenPolicy(f"asked for one of {count!r} numbers, where there is nothing to choose")
        made = len(self.chosen)
        if made == MOST_CHOICES:
            raise BrokenPolicy(f"made {made} choices for one event, of which there may be no end")
        choice = self._pick(made, count)
        self.chosen.append(choice)
        self.counts.append(count)
        return choice

    def _pick(self, made: int, count: int) -> int:
        """The choice to make after so many others."""
        return self._written[made] if made < len(self._written) else 0

    def next(self) -> list[int] | None:
        """The choices to make next time, in the order of a counter whose last wheel turns fastest; None at the end."""
        choices = list(self.chosen)
        for count in reversed(self.counts):
            last = choices.pop()
            if last + 1 < count:
                return [*choices, last + 1]
        return None


class Dice(Script):
    """A ``choose`` that throws dice, all of them by one number: the same number throws the same.

    Args:
        throw: the number, 0 or more; 0 always chooses 0.
    """

    __slots__ = ("_throw",)

    def __init__(self, throw: int) -> None:
        super().__init__()
        self._throw = throw

    def _pick(self, made: int, count: int) -> int:
        self._throw, choice = divmod(self._throw, count)
        return choice


class Delegate:
    """A ``choose`` that passes each question on to another one, which may be replaced between two events.

    Attributes:
        choose: the other one.
    """

    __slots__ = ("choose",)

    def __init__(self) -> None:
        self.choose: Choose = Script()

    def __call__(self, count: int) -> int:
        """Returns what the other one answers."""
        return self.choose(count)


def branches(run: Callable[[Choose], T]) -> Iterator[Branch[T]]:
    """Does the same thing once for every way in which chance may turn.

    Args:
        run: does it, from the same beginning each time, with all its chance from the ``choose`` it is handed.

    Yields:
        Each branch once; their probabilities add up to 1.
    """
    choices: list[int] | None = []
    while choices is not None:
        script = Script(choices)
        result = run(script)
        yield Branch(result, tuple(script.chosen), Fraction(1, prod(script.counts)))
        choices = script.next()
