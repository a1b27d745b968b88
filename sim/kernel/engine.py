"""The centre of the kernel: the loop of ``sim/engine.py`` over users who are seats.

The deadlines of all built-in policies advance, so it need not check that, as the core's does.
"""

import math
from collections.abc import Sequence

from sim.engine import PROGRESS_EVERY, Progress
from sim.kernel.population import SeatPopulation
from sim.kernel.roulette import SeatRoulette
from sim.rows.block import Sink


class Loop:
    """Runs a population on a roulette, both before their first event, a number of events at a time.

    Args:
        roulette: writes the rows.
        population: reads them first.
        until: the end, in seconds. Events due at the end still happen.

    Attributes:
        now: the time reached, in seconds.
        over: whether the end is reached.
    """

    def __init__(self, roulette: SeatRoulette, population: SeatPopulation, until: float) -> None:
        self.now = 0.0
        self.over = False
        self._roulette = roulette
        self._population = population
        self._until = until

    def run(self, events: int) -> None:
        """Goes on for so many events, or to the end. At equal times a deadline comes before the users."""
        roulette = self._roulette
        population = self._population
        rows = roulette.rows
        until = self._until
        while events > 0 and not self.over:
            due = population.due()
            if due > until or due == math.inf:
                due = until
                self.over = True
            if roulette.deadline <= due and roulette.deadline < math.inf:
                self.over = False
                self.now = roulette.deadline
                roulette.tick(self.now)
                population.hear(rows)
                events -= 1
            else:
                self.now = due
                if not self.over and population.act(roulette, due):
                    population.hear(rows)
                    events -= 1


def run_loop(
    roulette: SeatRoulette, population: SeatPopulation, until: float = math.inf, progress: Progress | None = None
) -> float:
    """Runs a population on a roulette. The arguments are those of ``sim.engine.run``.

    The rows go to the population first, then to the sinks that ``roulette.rows`` had before; the last block is not
    handed on, as more may follow.

    Returns:
        The time at which the run ended, in seconds.
    """
    rows = roulette.rows
    sinks: Sequence[Sink] = rows.sinks
    population.begin(rows)
    rows.sinks = (population, *sinks)
    loop = Loop(roulette, population, until)
    try:
        while not loop.over:
            loop.run(PROGRESS_EVERY)
            if not loop.over and progress is not None and progress(loop.now):
                break
    finally:
        rows.sinks = sinks
    return loop.now
