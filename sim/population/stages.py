"""Where a user is, and what they do next there: a persona's rates, worked out once for all its users."""

from collections.abc import Sequence
from enum import IntEnum
from itertools import accumulate
from typing import NamedTuple

from roulette_core import Leave, State
from sim.population.personas import Act, Persona, Rate


class Stage(IntEnum):
    """The state of a user as their persona knows it: one of the server's four, or one that the server cannot know."""

    OUTSIDE = State.OUTSIDE
    LOBBY = State.LOBBY
    SEARCHING = State.SEARCHING
    PRIVATE = State.PRIVATE
    SILENT = len(State)  # gone, undetected by the server
    EXPECTED = len(State) + 1  # about to join, for the first time or after a lost connection
    VANISHED = len(State) + 2  # about to join, but silent from then on: they were so before the run began


class NextAction(NamedTuple):
    """What a user does next in one stage: after a mean time, one of several acts, by cumulated probability.

    The first of several exponential times is itself exponential, with the sum of their rates, and each of them is the
    first with a probability in proportion to its rate.
    """

    mean_seconds: float
    thresholds: tuple[float, ...]
    acts: tuple[Act, ...]


def next_actions(persona: Persona) -> list[NextAction | None]:
    """Returns a persona's next action in each stage; None where nothing follows."""
    silent = NextAction(persona.unnoticed_seconds, (), (Leave,)) if persona.unnoticed_seconds else None
    joining = NextAction(0.0, (), (persona.join,))
    return [*map(_combined, map(persona.rates, State)), silent, joining, joining]


def _combined(rates: Sequence[Rate]) -> NextAction | None:
    """Returns what competing rates come to; None if there are none."""
    rates = [(rate, act) for rate, act in rates if rate > 0]
    total = sum(rate for rate, _ in rates)
    if not total:
        return None
    thresholds = tuple(accumulate(rate / total for rate, _ in rates[:-1]))
    return NextAction(1 / total, thresholds, tuple(act for _, act in rates))
