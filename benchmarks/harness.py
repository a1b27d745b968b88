"""How things are timed: in turn, so that a disturbance of the machine affects all of them.

Contenders A and B are run A B A B …, first a warm-up turn that does not count, then one turn per run. The n-th values
of two contenders are neighbours in time, and ``results.ratio`` compares them pair by pair.

The garbage collector is part of what a program costs, so it is on while a contender is timed, with its usual settings.
But one contender must not pay for another's garbage: everything is collected before each timing, outside it. What
existed before the first turn, such as a million users who are there for all runs, is set aside (``gc.freeze``), or
those collections would take longer than the timings.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TypeAlias

from benchmarks.results import Measurement, Sample

Work: TypeAlias = Callable[[], float]
"""Does something, and returns how much, in the contender's unit of amount."""

Clock: TypeAlias = Callable[[], float]
"""A clock in seconds; only differences matter."""

Progress: TypeAlias = Callable[[str], None]
"""Called with a few words about what is done next."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Something to be timed.

    Its fields are those of the ``Measurement`` that it yields. ``prepare`` is called before each run, outside the
    timing, and returns the work to be timed.
    """

    subject: str
    task: str
    users: int
    unit: str
    prepare: Callable[[], Work]

    def __str__(self) -> str:
        return f"{self.subject}: {self.task}, {self.users:,} users"


def measure(
    contenders: Sequence[Contender], runs: int, progress: Progress, warmups: int = 1, clock: Clock = perf_counter
) -> tuple[Measurement, ...]:
    """Times contenders in turn. Turns for warming up come first, and do not count.

    Returns:
        One measurement per contender, in their order, with one rate per run.

    Raises:
        ValueError: fewer than one run.
    """
    if runs < 1:
        raise ValueError(f"at least 1 run is needed, not {runs}")
    rates: list[list[float]] = [[] for _ in contenders]
    with _set_aside():
        for turn in range(warmups + runs):
            for contender, found in zip(contenders, rates, strict=True):
                progress(f"{contender}, {_turn_name(turn - warmups, runs)}")
                rate = _rate(contender, clock)
                if turn >= warmups:
                    found.append(rate)
    return tuple(
        Measurement(contender.subject, contender.task, contender.users, contender.unit, Sample(tuple(found)))
        for contender, found in zip(contenders, rates, strict=True)
    )


def _turn_name(run: int, runs: int) -> str:
    return "warm-up" if run < 0 else f"run {run + 1} of {runs}"


def _rate(contender: Contender, clock: Clock) -> float:
    work = contender.prepare()
    gc.collect()
    start = clock()
    amount = work()
    return amount / (clock() - start)


@contextmanager
def _set_aside() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
