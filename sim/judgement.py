"""Judges a run again that was not plainly sound on the kernel: the same run on ``roulette_core``, under its checker.

Runs are deterministic, so both can be repeated. Only the reference ``Checker`` says what is broken, and a run that it
finds sound counts as such if the kernel's rows are those of the core from beginning to end.
"""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Final, TypeAlias

import numpy as np

from roulette_core.testing import Checker, Result, Verdict
from sim.engine import Progress
from sim.population import Scenario
from sim.rows import Columns, Rows, Sink
from sim.run_check import KERNEL_EQUALS_CORE, Seeds, difference_in_words, events_in, play_on_core

PlayOnKernel: TypeAlias = Callable[[Sequence[Sink]], object]
"""Plays the whole run on the kernel once more, from its seeds, and hands its rows to sinks."""

STRETCH: Final = 1 << 14
"""Number of rows whose fingerprints are compared at a time."""


def judge_again(
    policy: str,
    scenario: Scenario,
    seeds: Seeds,
    until: float,
    on_kernel: PlayOnKernel,
    progress: Progress | None = None,
) -> list[Result]:
    """Repeats a run on the kernel and on the core; returns whether they agree, and the verdict on each invariant.

    Takes as long as the run takes on the core, and memory by the number of users.

    Args:
        policy: its specification; the policy is built in.
        scenario: who lives there.
        seeds: those of the run.
        until: its end, in seconds.
        on_kernel: plays it on the kernel.
        progress: told about the repetition on the core.
    """
    checker, of_kernel, of_core = Checker(policy), Fingerprints(), Fingerprints()
    on_kernel([of_kernel])
    checker.compare(play_on_core(policy, scenario, seeds, until, [of_core], [checker.check], progress=progress))
    stretch = of_kernel.first_difference(of_core)
    if stretch is None:
        return [Result(KERNEL_EQUALS_CORE, Verdict.OK, f"all {of_core.events:,} events"), *checker.results()]
    kernel, core = Stretch(stretch * STRETCH), Stretch(stretch * STRETCH)
    on_kernel([kernel])
    play_on_core(policy, scenario, seeds, until, [core])
    wrong = difference_in_words(kernel.columns(), core.columns(), kernel.events_before)
    detail = wrong or "the kernel's rows differ from one run to the next"
    return [Result(KERNEL_EQUALS_CORE, Verdict.FAILED, detail), *checker.results()]


class Fingerprints:
    """A sink that keeps one fingerprint of all rows so far at the end of each stretch.

    Attributes:
        events: how many have ended.
    """

    def __init__(self) -> None:
        self.events = 0
        self._columns = [blake2b(digest_size=16) for _ in range(4)]
        self._marks: list[bytes] = []
        self._rows = 0

    def take(self, rows: Rows) -> None:
        """Adds the rows of a block."""
        self.events += events_in(Columns(*_views(rows, 0, rows.count)))
        begin = 0
        while begin < rows.count:
            end = min(rows.count, begin + STRETCH - self._rows % STRETCH)
            for fingerprint, column in zip(self._columns, _views(rows, begin, end), strict=True):
                fingerprint.update(column.tobytes())
            self._rows += end - begin
            if self._rows % STRETCH == 0:
                self._marks.append(self._mark())
            begin = end

    def first_difference(self, other: "Fingerprints") -> int | None:
        """Returns the number of the first stretch that is not the same; None if all are."""
        mine, others = [*self._marks, self._mark()], [*other._marks, other._mark()]
        if mine == others:
            return None
        pairs = enumerate(zip(mine, others, strict=False))
        return next((number for number, (one, other) in pairs if one != other), min(len(mine), len(others)))

    def _mark(self) -> bytes:
        return b"".join(fingerprint.digest() for fingerprint in self._columns)


class Stretch:
    """A sink that keeps the rows of one stretch.

    Attributes:
        events_before: how many events have ended before.
    """

    def __init__(self, begin: int) -> None:
        self.events_before = 0
        self._begin = begin
        self._rows = 0
        self._kept: list[Columns] = []

    def take(self, rows: Rows) -> None:
        """Copies the rows of a block that belong to it."""
        begin, end = (min(max(place - self._rows, 0), rows.count) for place in (self._begin, self._begin + STRETCH))
        self.events_before += events_in(Columns(*_views(rows, 0, begin)))
        self._kept.append(Columns(*(column.copy() for column in _views(rows, begin, end))))
        self._rows += rows.count

    def columns(self) -> Columns:
        """Returns what was kept."""
        return Columns(*(np.concatenate(column) for column in zip(*self._kept, strict=True)))


def _views(rows: Rows, begin: int, end: int) -> list[Any]:
    """Returns the columns of some of the rows of a block, as they are now."""
    return [np.asarray(column)[begin:end] for column in (rows.times, rows.codes, rows.firsts, rows.seconds)]
