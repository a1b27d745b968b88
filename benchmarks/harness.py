"""How things are timed: in turn, so that a disturbance of the machine affects all of them.

Contenders A and B are run A B A B …, first a warm-up turn that does not count, then one turn per run. The n-th values
of two contenders are neighbours in time, and ``results.ratio`` compares them pair by pair.

The garbage collector is part of what a program costs, so it is on while a contender is timed, with its usual settings.
But one contender must not pay for another's garbage: everything is collected before each timing, outside it. What
existed before the first turn, such as a million users who are there for all runs, is set aside (``gc.freeze``), or
those collections would take longer than the timings.

Before each timing, the pace of the machine is taken: how often a small loop that never changes runs in a second. It is
what two reports have in common, though the machine was faster for one of them: see ``comparison.py``.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import NamedTuple, TypeAlias

from benchmarks.results import Measurement, Sample


class Timed(NamedTuple):
    """How much was done, and in how many seconds, by whoever did it: a process that looked at a clock of its own."""

    amount: float
    seconds: float


Work: TypeAlias = Callable[[], float | Timed]
"""Does something, and returns how much, in the contender's unit of amount."""

_ROUNDS = 50_000

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
    paces: list[list[float]] = [[] for _ in contenders]
    with _set_aside():
        for turn in range(warmups + runs):
            for contender, found, beside in zip(contenders, rates, paces, strict=True):
                progress(f"{contender}, {_turn_name(turn - warmups, runs)}")
                pace = pace_of_machine()
                rate = _rate(contender, clock)
                if turn >= warmups:
                    found.append(rate)
                    beside.append(pace)
    return tuple(
        Measurement(each.subject, each.task, each.users, each.unit, Sample(tuple(found)), Sample(tuple(beside)))
        for each, found, beside in zip(contenders, rates, paces, strict=True)
    )


def pace_of_machine() -> float:
    """Returns how often a second a loop that never changes can run: some milliseconds of plain Python."""
    places = dict.fromkeys(range(256), 0)
    start = process_time()
    for number in range(_ROUNDS):
        place = number * 167 & 255
        places[place] = places[place ^ 85] + number
    return _ROUNDS / (process_time() - start)


def _turn_name(run: int, runs: int) -> str:
    return "warm-up" if run < 0 else f"run {run + 1} of {runs}"


def _rate(contender: Contender, clock: Clock) -> float:
    work = contender.prepare()
    gc.collect()
    start = clock()
    done = work()
    return done.amount / done.seconds if isinstance(done, Timed) else done / (clock() - start)


@contextmanager
def _set_aside() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
