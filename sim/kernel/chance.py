"""The random numbers of users: those that ``sim.population`` draws of the same seeds, in blocks of the same size."""

from array import array
from collections.abc import Callable
from typing import Any, Final

import numpy as np

BLOCK: Final = 4096
"""How many numbers are drawn at a time."""


class Stream:
    """An endless stream of random numbers, drawn in blocks.

    Args:
        draw: returns so many further numbers, as an array of numpy.
    """

    def __init__(self, draw: Callable[[int], Any]) -> None:
        self._draw = draw
        self._numbers = array("d")
        self._used = self._drawn = 0

    def next(self) -> float:
        """Returns the next number."""
        if self._used == self._drawn:
            self._refill()
        used = self._used
        self._used = used + 1
        return self._numbers[used]

    def _refill(self) -> None:
        """Draws the next block."""
        self._numbers = array("d", self._draw(BLOCK).tobytes())
        self._used = 0
        self._drawn = BLOCK


def exponentials(seed: np.random.SeedSequence, mean: float = 1.0) -> Stream:
    """Returns exponential times with a given mean."""
    generator = np.random.default_rng(seed)
    return Stream(lambda size: generator.exponential(mean, size))


def uniforms(seed: np.random.SeedSequence) -> Stream:
    """Returns numbers uniformly from 0 ≤ number < 1."""
    return Stream(np.random.default_rng(seed).random)
