"""The centre of the simulator: a virtual clock, a heap of due entries, and the roulette itself.

A *population* decides who asks for what, and when. The engine passes each event to the roulette, and the effects to the
population and all observers. It knows nothing of chats or personas, so every kind of population (the closed model,
personas, a recording) runs through the same few lines.
"""

import gc
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import Any, Protocol, TypeAlias

from roulette_core import BrokenPolicy, Effect, Event, Roulette, Tick

Entry: TypeAlias = tuple[float, float, Any]
"""Time in seconds, a serial number that orders entries of the same time, and a value that the population knows."""

EventCallback: TypeAlias = Callable[[float, Event, tuple[Effect, ...]], object]
"""Called after every event with its time, the event and its effects."""

Progress: TypeAlias = Callable[[float], bool | None]
"""Called now and then with the time reached on the virtual clock, in seconds; returns true to end the run there."""

END = None
"""The value of the entry that ends a run."""

PROGRESS_EVERY = 1 << 13
"""Number of events between two reports of progress."""

_TICK = Tick()

MOST_TICKS = 10_000
"""Number of ticks after which the engine checks that time advances."""

LEAST_SECONDS = 1e-3
"""Least time for so many ticks: with deadlines that converge, a run would never reach its end."""


class Population(Protocol):
    """Decides who asks for what, and when.

    Attributes:
        agenda: a heap of entries, filled by the population. The value ``END`` ends the run.
    """

    agenda: list[Entry]

    def ask(self, now: float, serial: float, what: Any) -> Event | None:
        """Returns the event of a due entry; None if the entry is stale."""

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Takes note of an event's effects, and puts what follows from them on the agenda."""


def run(
    roulette: Roulette,
    population: Population,
    until: float = math.inf,
    observers: Sequence[EventCallback] = (),
    ticking: bool = True,
    progress: Progress | None = None,
) -> float:
    """Runs a population on a roulette.

    Args:
        roulette: the state machine, before its first event.
        population: where the events come from; called before the observers.
        until: the end, in seconds. Entries due at the end still happen.
        observers: called after every event.
        ticking: whether to tick at every deadline; false if the population brings ticks of its own.
        progress: called now and then with the time reached, in seconds; returns true to end the run there.

    Returns:
        The time at which the run ended, in seconds.

    Raises:
        BrokenPolicy: the policy sets deadlines so close together that time hardly advances.
    """
    agenda, ask, handle, deadline_of = population.agenda, population.ask, roulette.handle, roulette.next_deadline
    listeners = (population.hear, *observers)
    countdown, ticks, since = PROGRESS_EVERY, MOST_TICKS, -math.inf
    heappush(agenda, (until, math.inf, END))
    with no_cycle_collection():
        while True:
            deadline = deadline_of() if ticking else None
            event: Event | None
            if deadline is not None and deadline <= agenda[0][0]:
                now, event = deadline, _TICK
                ticks -= 1
                if not ticks:
                    ticks, since = MOST_TICKS, _advanced(since, now)
            else:
                now, serial, what = heappop(agenda)
                if what is END:
                    return now
                event = ask(now, serial, what)
                if event is None:
                    continue
            effects = handle(event, now)
            for listener in listeners:
                listener(now, event, effects)
            countdown -= 1
            if not countdown:
                countdown = PROGRESS_EVERY
                if progress is not None and progress(now):
                    return now


def _advanced(since: float, now: float) -> float:
    """Returns the time; raises ``BrokenPolicy`` if it has hardly advanced."""
    if now - since < LEAST_SECONDS:
        raise BrokenPolicy(f"its deadlines came {MOST_TICKS:,} times within a millisecond, at {now!r} s")
    return now


@contextmanager
def no_cycle_collection() -> Iterator[None]:
    """Pauses the cycle collector: with millions of small objects and few cycles, it takes a third of a run."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
