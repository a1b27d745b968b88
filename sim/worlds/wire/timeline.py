"""Virtual time: the calls that are due in the network, and the clock of the driver."""

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


class _Timer:
    """A scheduled call; None if it was cancelled."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act: Callable[[], object] | None = act

    def cancel(self) -> None:
        self.act = None


class WireClock:
    """The server's timers: at each moment they run after everything that the network delivers."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._due: list[tuple[float, int, _Timer]] = []
        self._serial = count().__next__
        self._soon: list[Callable[[], object]] = []

    def now(self) -> float:
        """Returns virtual time, in seconds."""
        return self._timeline.now

    def call_soon(self, act: Callable[[], object]) -> None:
        """Calls ``act`` at the end of the turn."""
        self._soon.append(act)

    def call_at(self, when: float, act: Callable[[], object]) -> _Timer:
        """Calls ``act`` at a time."""
        timer = _Timer(act)
        heappush(self._due, (when, self._serial(), timer))
        return timer

    def next(self) -> float:
        """Returns when the next timer is due, in seconds; infinite without one."""
        due = self._due
        while due and due[0][2].act is None:
            heappop(due)
        return due[0][0] if due else math.inf

    def run_due(self) -> None:
        """Runs the timers that are due now, and not those that they start."""
        timers = []
        while self.next() <= self._timeline.now:
            timers.append(heappop(self._due)[2])
        for timer in timers:
            if timer.act is not None:
                timer.act()

    def end_turn(self) -> None:
        """Makes the calls of ``call_soon``."""
        soon, self._soon = self._soon, []
        for act in soon:
            act()
