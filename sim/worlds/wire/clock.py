"""Virtual time as the clock of the driver."""

import math
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from sim.worlds.wire.timeline import Timeline


class _Timer:
    """A scheduled call; None if it was cancelled."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act: Callable[[], object] | None = act

    def cancel(self) -> None:
        self.act = None


class WireClock:
    """The server's timers: at each moment they run after everything that the network delivers.

    Args:
        timeline: virtual time.
    """

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
