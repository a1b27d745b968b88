"""Virtual time, and the calls that are due."""

import math
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count


class Timeline:
    """A heap of calls. Calls due at the same time run in the order in which they were scheduled.

    Attributes:
        now: the time, in seconds. The owner advances it, never beyond ``next()``.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._serial = count().__next__

    def at(self, when: float, act: Callable[[], object]) -> None:
        """Schedules a call, not before now; never if ``when`` is infinite."""
        if when < math.inf:
            heappush(self._due, (when, self._serial(), act))

    def next(self) -> float:
        """Returns when the next call is due, in seconds; infinite if none is."""
        return self._due[0][0] if self._due else math.inf

    def run_due(self) -> None:
        """Makes all calls that are due now, those that are scheduled for now meanwhile included."""
        due, now = self._due, self.now
        while due and due[0][0] <= now:
            heappop(due)[2]()
