"""Plays the beginning of a kernel's run on ``roulette_core`` as well, and compares the rows: a self-check."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final, TypeAlias

import numpy as np

from roulette_core import Effect, Event, Roulette
from roulette_core.testing import Result, Verdict
from sim import engine
from sim.engine import EventCallback, Progress
from sim.population import Scenario, cast
from sim.rows import Columns, EffectRows, Kept, Rows, Sink, codes

FIRST_EVENTS: Final = 10_000
"""How many events of a run are compared. On the core that takes some 50 to 100 ms."""

KERNEL_EQUALS_CORE: Final = "kernel equals core"
"""The name of the check."""

Seeds: TypeAlias = tuple[np.random.SeedSequence, np.random.SeedSequence]
"""Of the policy's choices, and of the users."""


class _Enough(Exception):
    """So many events as were wanted have been played."""


def first_events_agree(
    kernel: Columns, policy: str, scenario: Scenario, seeds: Seeds, until: float, events: int = FIRST_EVENTS
) -> Result:
    """Compares the first events of a run on the kernel with the same on the core.

    Args:
        kernel: the rows of the first events on the kernel, as kept by ``Kept(events)``.
        policy: its specification; the policy is built in.
        scenario: who lives there.
        seeds: those of the run; used up or not, which makes no difference.
        until: the end of the run, in seconds.
        events: how many are compared, if there are so many.
    """
    kept = Kept(events)
    play_on_core(policy, scenario, seeds, until, [kept], events=events)
    wrong = difference_in_words(kernel, kept.columns())
    if wrong is not None:
        return Result(KERNEL_EQUALS_CORE, Verdict.FAILED, wrong)
    ended, pairings = events_in(kernel), int(np.count_nonzero(kernel.codes & codes.KIND == codes.PAIRED))
    if not ended:
        return Result(KERNEL_EQUALS_CORE, Verdict.NOT_ASKED, "nothing to check")
    return Result(KERNEL_EQUALS_CORE, Verdict.OK, f"the first {ended:,} events, with {pairings:,} pairings")


def play_on_core(
    policy: str,
    scenario: Scenario,
    seeds: Seeds,
    until: float,
    sinks: Sequence[Sink],
    observers: Sequence[EventCallback] = (),
    events: int | None = None,
    progress: Progress | None = None,
) -> Roulette:
    """Plays a run on the core, in rows; returns the roulette as it is at the end.

    Args:
        policy: its specification.
        scenario: who lives there.
        seeds: those of the run.
        until: the end, in seconds.
        sinks: take the rows.
        observers: called after every event as well.
        events: how many to play at most; all if None.
        progress: as of ``engine.run``.
    """
    for_policy, for_users = (_unused(seed) for seed in seeds)
    roulette = Roulette(policy, seed=int(for_policy.generate_state(1)[0]))
    population = cast(scenario.population(for_users), roulette.policy)
    rows = Rows(sinks)
    watching: list[EventCallback] = [EffectRows(rows, population.kind_of).observe, *observers]
    if events is not None:
        watching.append(_Countdown(events).observe)
    with suppress(_Enough):
        engine.run(roulette, population, until, watching, progress=progress)
    rows.flush()
    return roulette


class _Countdown:
    """Observes a run, and ends it after so many events."""

    def __init__(self, events: int) -> None:
        self._left = events

    def observe(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Counts an event; raises ``_Enough`` at the last."""
        self._left -= 1
        if self._left <= 0:
            raise _Enough


def _unused(seed: np.random.SeedSequence) -> np.random.SeedSequence:
    """Returns a seed as it was before anything was spawned of it, which would give other children next time."""
    return np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key, pool_size=seed.pool_size)


def events_in(columns: Columns) -> int:
    """Returns how many events end in rows."""
    return int(np.count_nonzero(columns.codes & codes.LAST))


def difference_in_words(kernel: Columns, core: Columns, events_before: int = 0) -> str | None:
    """Returns where two runs differ, as a sentence; None if they do not.

    Args:
        kernel: the rows on the kernel.
        core: the rows on the core.
        events_before: how many events there were before the first of these rows.
    """
    row = kernel.difference(core)
    if row is None:
        return None
    event = events_before + events_in(kernel.first(row))
    return f"event {event:,}: on the kernel, {_in_words(kernel, row)}; on the core, {_in_words(core, row)}"


_WORDS: Final = {
    codes.QUIET: "nothing happens",
    codes.REFUSED: "user {0} is refused",
    codes.JOINED: "user {0} of kind {1} joins",
    codes.RETURNED: "user {0} returns to the lobby",
    codes.SEARCHING: "user {0} is searching",
    codes.LEFT: "user {0} leaves",
    codes.LOBBY_LINE: "user {0} speaks in the lobby",
    codes.PRIVATE_LINE: "user {0} speaks to user {1}",
    codes.BLOCKED: "user {0} blocks user {1}",
    codes.UNBLOCKED: "user {0} takes back a block of user {1}",
    codes.PAIRED: "users {0} and {1} are paired",
}
_WORDS_OF_PARTINGS: Final = {
    codes.parted(cause, place): f"user {{0}} parts from user {{1}} by {cause}, who is left {place}"
    for cause, place in ((cause, place) for cause in codes.CAUSES for place in codes.PLACES)
}


def _in_words(columns: Columns, row: int) -> str:
    """Returns a row as a clause."""
    if row >= len(columns.codes):
        return "the run is over"
    code = int(columns.codes[row])
    words = {**_WORDS, **_WORDS_OF_PARTINGS}.get(code & codes.KIND, f"there is a row of code {code}")
    ends = " and the event ends" if code & codes.LAST else ""
    return f"{words.format(columns.firsts[row], columns.seconds[row])} at {float(columns.times[row])!r} s{ends}"
