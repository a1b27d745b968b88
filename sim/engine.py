"""The simulator's centre: a virtual clock, a heap of who is due when, and the roulette itself.

A *population* says who asks what and when; the engine hands that to the roulette and tells the population, and
everybody else who observes, what came of it. It knows nothing of chats or of people, so every kind of population
(the closed model, personas, a recording) runs through the same few lines.
"""

import gc
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import Any, Protocol, TypeAlias

from roulette_core import BrokenPolicy, Effect, Event, Roulette, Tick

Entry: TypeAlias = tuple[float, float, Any]
"""When (seconds), a serial number that orders what is due at the same time, and what the population makes of it."""

EventCallback: TypeAlias = Callable[[float, Event, tuple[Effect, ...]], object]
"""Called after every event with the time, the event and what came of it."""

END = None
"""What is due at the end of a run: nothing comes after it."""

_PROGRESS_EVERY = 1 << 13
_TICK = Tick()

MOST_TICKS = 10_000
"""How often a policy may be woken before it is looked whether time goes on."""

LEAST_SECONDS = 1e-3
"""How far time must have come by then: otherwise it comes closer and closer to a moment, and never there."""


class Population(Protocol):
    """Who asks what, and when.

    Attributes:
        agenda: a heap of entries, kept by the population. An entry whose third part is ``END`` ends the run.
    """

    agenda: list[Entry]

    def ask(self, now: float, serial: float, what: Any) -> Event | None:
        """An entry is due: the event that it stands for, or None if it has been overtaken."""

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Learns what came of an event, and puts on the agenda what follows from it."""


def run(
    roulette: Roulette,
    population: Population,
    until: float = math.inf,
    observers: Sequence[EventCallback] = (),
    ticking: bool = True,
    progress: Callable[[float], object] | None = None,
) -> float:
    """Runs a population on a roulette.

    Args:
        roulette: the state machine, as it is before the first event.
        population: who asks what; hears of everything before the observers do.
        until: the end, in seconds. What is due at the very end still happens.
        observers: who else is told of every event.
        ticking: whether a ``Tick`` is due exactly at every deadline; false where the population brings its own.
        progress: called now and then with the time reached, in seconds.

    Returns:
        The time at which the run ended, in seconds.

    Raises:
        BrokenPolicy: the policy asks to be woken again and again, and time stands all but still.
    """
    agenda, ask, handle, deadline_of = population.agenda, population.ask, roulette.handle, roulette.next_deadline
    told = (population.hear, *observers)
    countdown, ticks, since = _PROGRESS_EVERY, MOST_TICKS, -math.inf
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
            for tell in told:
                tell(now, event, effects)
            countdown -= 1
            if not countdown:
                countdown = _PROGRESS_EVERY
                if progress is not None:
                    progress(now)


def _advanced(since: float, now: float) -> float:
    """The time, if it goes on."""
    if now - since < LEAST_SECONDS:
        raise BrokenPolicy(f"it is woken {MOST_TICKS:,} times within a millisecond, at {now!r} s, as if for ever")
    return now


@contextmanager
def no_cycle_collection() -> Iterator[None]:
    """A run makes millions of small objects and no cycles to speak of: looking for some takes a third of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
