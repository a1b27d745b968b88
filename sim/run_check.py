"""Plays the beginning of a kernel's run on ``roulette_core`` as well, and compares the rows: a self-check."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from roulette_core import Effect, Event, Roulette
from roulette_core.testing import Result, Verdict
from sim import engine, kernel
from sim.engine import EventCallback, Progress
from sim.population import ClosedModel, Scenario, cast
from sim.rows import Columns, EffectRows, Kept, Rows, Sink, codes

FIRST_EVENTS: Final = 10_000
"""How many events of a run are compared. On the core that takes some 50 to 100 ms."""

MOST_USERS: Final = 2_500
FEWER_USERS: Final = 1_000
"""With more users than the first, so many are compared: before they talk, all of them join and start."""

KERNEL_EQUALS_CORE: Final = "kernel equals core"
"""The name of the check."""

Seeds: TypeAlias = tuple[np.random.SeedSequence, np.random.SeedSequence]
"""Of the policy's choices, and of the users."""


class _Enough(Exception):
    """So many events as were wanted have been played."""


def first_events_agree(
    run: Columns, policy: str, scenario: Scenario, seeds: Seeds, until: float, events: int = FIRST_EVENTS
) -> Result:
    """Compares the first events of a run on the kernel with the same on the core.

    A run of more than ``MOST_USERS`` would begin with nothing but users who join. In its place the same scenario with
    ``FEWER_USERS`` is played, on the kernel too.

    Args:
        run: the rows of the first events on the kernel, as kept by ``Kept(events)``.
        policy: its specification; the policy is built in.
        scenario: who lives there.
        seeds: those of the run; used up or not, which makes no difference.
        until: the end of the run, in seconds.
        events: how many are compared, if there are so many.
    """
    users, instead = scenario.users, ""
    if users > MOST_USERS:
        scenario, instead = _with_fewer_users(scenario), f" (with {FEWER_USERS:,} users instead of {users:,})"
        run = _play_on_kernel(policy, scenario, seeds, until, events)
    kept = Kept(events)
    play_on_core(policy, scenario, seeds, until, [kept], events=events)
    wrong = difference_in_words(run, kept.columns())
    if wrong is not None:
        return Result(KERNEL_EQUALS_CORE, Verdict.FAILED, wrong + instead)
    ended, pairings = events_in(run), int(np.count_nonzero(run.codes & codes.KIND == codes.PAIRED))
    if not ended:
        return Result(KERNEL_EQUALS_CORE, Verdict.NOT_ASKED, "nothing to check")
    return Result(KERNEL_EQUALS_CORE, Verdict.OK, f"the first {ended:,} events, {pairings:,} pairings{instead}")


def _with_fewer_users(scenario: Scenario) -> Scenario:
    if isinstance(scenario, ClosedModel):
        return replace(scenario, users=FEWER_USERS)
    return scenario.scaled(FEWER_USERS)


def _play_on_kernel(policy: str, scenario: Scenario, seeds: Seeds, until: float, events: int) -> Columns:
    """Returns the rows of the first events on the kernel."""
    for_policy, for_users = (_unused(seed) for seed in seeds)
    kept = Kept(events)
    rows = Rows([kept])

    def enough(now: float) -> bool:
        return events_in(kept.columns()) >= events

    kernel.run(scenario, policy, int(for_policy.generate_state(1)[0]), for_users, until, rows, enough)
    rows.flush()
    return kept.columns()


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


def difference_in_words(on_kernel: Columns, on_core: Columns, events_before: int = 0) -> str | None:
    """Returns where two runs differ, as a sentence; None if they do not.

    Args:
        on_kernel: the rows on the kernel.
        on_core: the rows on the core.
        events_before: how many events there were before the first of these rows.
    """
    row = on_kernel.difference(on_core)
    if row is None:
        return None
    event = events_before + events_in(on_kernel.first(row))
    return f"event {event:,}: on the kernel, {_in_words(on_kernel, row)}; on the core, {_in_words(on_core, row)}"


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
