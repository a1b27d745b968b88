"""A policy's random choices: those that ``roulette_core`` makes of the same seed."""

from array import array
from random import Random
from typing import Final

import numpy as np

BLOCK: Final = 1024
"""How many numbers are drawn at a time."""


class Choices:
    """Whole numbers from the doubles of ``random.Random(seed).random()``, drawn in blocks.

    Args:
        seed: a whole number of at least 0, as of ``roulette_core.Roulette``.
    """

    def __init__(self, seed: int) -> None:
        _, (*state, position), _ = Random(seed).getstate()
        self._generator = np.random.RandomState()  # the same generator and the same doubles, many at a time
        self._generator.set_state(("MT19937", np.array(state, np.uint32), position, 0, 0.0))
        self._numbers = array("d")
        self._used = self._drawn = 0

    def choose(self, count: int) -> int:
        """Returns one of 0 … count − 1, each with the same probability."""
        if self._used == self._drawn:
            self._draw()
        number = self._numbers[self._used]
        self._used += 1
        return int(number * count)

    def _draw(self) -> None:
        """Draws the next numbers."""
        self._numbers = array("d", self._generator.random_sample(BLOCK).tobytes())
        self._used = 0
        self._drawn = BLOCK
