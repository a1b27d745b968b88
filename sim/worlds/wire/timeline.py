"""Virtual time: what is due, in the order in which it is."""

import math
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count


class Timeline:
    """A heap of what is due when; what is due at the same time is done in the order in which it was asked for.

    Attributes:
        now: the time, in seconds; to be moved on by whoever runs the world, never beyond ``next()``.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._serial = count().__next__

    def at(self, when: float, act: Callable[[], object]) -> None:
        """Has something done at a time, in seconds, not before now; never if that is infinite."""
        if when < math.inf:
            heappush(self._due, (when, self._serial(), act))

    def next(self) -> float:
        """When something is due next, in seconds; infinite if nothing is."""
        return self._due[0][0] if self._due else math.inf

    def run_due(self) -> None:
        """Does all that is due now, and what comes to be due now by that."""
        due, now = self._due, self.now
        while due and due[0][0] <= now:
            heappop(due)[2]()
