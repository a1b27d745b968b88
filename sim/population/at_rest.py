"""Personas at rest: who is present when a run begins, and how long it takes to forget the rest of the beginning.

Whether a user is present does not depend on the others, so that can begin as if the run had been going on for ever.
Who is in the lobby, who chats and who with does depend on them. All begin in the lobby, and a run is measured once that
is forgotten: after ``WARMUP_CONSTANTS`` of the slowest time constant, when e⁻⁵, less than one percent, is left of any
difference from the state of rest. See ``docs/scenarios.md``.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.population.composition import composition
from sim.population.personas import Persona
from sim.population.stages import Stage

WARMUP_CONSTANTS = 5
"""Number of time constants after which a state counts as forgotten."""

MOST_WARMUP_SECONDS = 3600.0
"""The longest warm-up that is chosen for a scenario. What takes longer than that is told, not waited for."""

_SECONDS_PER_MINUTE = 60.0


class Presence(NamedTuple):
    """Probabilities that a regular user is present, and that they are silent: gone, but not yet to the server."""

    here: float
    silent: float


def presence(persona: Persona) -> Presence:
    """Returns the presence of a regular user of a kind at any moment at rest.

    They are here, silent and away in turn, so each has the share of its mean time in the sum of the three (renewal
    reward: Ross, Introduction to Probability Models, 7.4). A user who never leaves, or never comes back, begins here.
    """
    cycle = persona.stay_seconds + persona.unnoticed_seconds + persona.away_seconds
    if math.isinf(cycle):
        return Presence(1.0, 0.0)
    return Presence(persona.stay_seconds / cycle, persona.unnoticed_seconds / cycle)


def newcomers_at_rest(persona: Persona, arrivals_factor: float) -> float:
    """Returns the mean number of newcomers of a kind who are present at rest, silent ones included.

    It is their rate times their stay, by Little's law, and their number has a Poisson distribution (M/M/∞ and tandems
    of it: Gross & Harris, Fundamentals of Queueing Theory). Infinite if they never leave, or come back time and again:
    their number grows as long as the run lasts.
    """
    rate = persona.arrivals_per_minute * arrivals_factor / _SECONDS_PER_MINUTE
    if not rate:
        return 0.0
    return rate * (persona.stay_seconds + persona.unnoticed_seconds) if math.isinf(persona.away_seconds) else math.inf


def expected_present(personas: Sequence[Persona], users: int, arrivals_factor: float) -> float:
    """Returns the mean number of users present at rest, silent ones included; infinite if there is no rest."""
    kinds = composition([persona.share for persona in personas], users)
    regulars = sum(sum(presence(personas[kind])) for kind in kinds)
    return regulars + sum(newcomers_at_rest(persona, arrivals_factor) for persona in personas)


class Beginning(NamedTuple):
    """The kind and the stage of each user at the beginning: regular users, then newcomers who are present already."""

    kinds: list[int]
    stages: list[Stage]


def beginning(
    personas: Sequence[Persona], users: int, arrivals_factor: float, seed: np.random.SeedSequence
) -> Beginning:
    """Draws who is present. Newcomers without a state of rest (see ``newcomers_at_rest``) all arrive later."""
    generator = np.random.default_rng(seed)
    kinds = composition([persona.share for persona in personas], users)
    stages = _drawn(generator.random(users), np.array([presence(persona) for persona in personas])[kinds])
    for kind, persona in enumerate(personas):
        mean = newcomers_at_rest(persona, arrivals_factor)
        if 0 < mean < math.inf:
            here = persona.stay_seconds / (persona.stay_seconds + persona.unnoticed_seconds)
            lots = generator.random(generator.poisson(mean))
            kinds += [kind] * len(lots)
            stages += _drawn(lots, np.broadcast_to((here, 1.0), (len(lots), 2)))
    return Beginning(kinds, stages)


def _drawn(lots: npt.NDArray[np.float64], presences: npt.NDArray[np.float64]) -> list[Stage]:
    """Returns the stage of each of some users by lot, from 0 ≤ lot < 1."""
    here, silent = presences.reshape(-1, 2).T
    stages = np.where(lots < here, Stage.EXPECTED, np.where(lots < here + silent, Stage.VANISHED, Stage.OUTSIDE))
    return [*map(Stage, stages.tolist())]


def mixing_seconds(persona: Persona) -> float:
    """Returns the time constant at which users of a kind, all in the lobby at first, forget that.

    It is the longer of two. *The lobby.* Whoever is there asks for a chat at rate a = 1/lobby; whoever is not returns
    at a rate of at least r, the smaller of their patience's and that of ending a chat by ``lobby``; present users are
    replaced, by ones in the lobby, at rate l = 1/stay. A difference in the probability of being in the lobby then
    shrinks at least at rate a + r + l, whatever the policy does meanwhile. *Chats.* Of two users of the kind, both may
    end their chat or leave, so it lasts no longer than 1/(2/chat + 2/stay); in those with others, the quicker decides.

    Infinite if a chat never ends; 0 if they never ask for one.
    """
    if math.isinf(persona.lobby_seconds):
        return 0.0
    ends = (1 - persona.block_probability) * (1 - persona.next_probability) / persona.chat_seconds
    leaves = 1 / persona.stay_seconds
    lobby = 1 / persona.lobby_seconds + min(ends, 1 / persona.patience_seconds) + leaves
    chats = 2 / persona.chat_seconds + 2 * leaves
    return max(1 / lobby, 1 / chats if chats else math.inf)


def presence_seconds(persona: Persona) -> float:
    """Returns the time constant at which the number of present users of a kind changes; 0 if it does not.

    Regular users come and go at two rates, whose sum is asked for; silence is taken for a part of their stay. Of
    newcomers, and regular users who leave for good, those of the beginning leave at one rate.
    """
    stay = persona.stay_seconds + persona.unnoticed_seconds
    return 0.0 if math.isinf(stay) else 1 / (1 / stay + 1 / persona.away_seconds)


def warmup_seconds(personas: Sequence[Persona]) -> float:
    """Returns how long kinds of users take to forget the beginning, in whole seconds, up to ``MOST_WARMUP_SECONDS``."""
    slowest = max(map(mixing_seconds, personas), default=0.0)
    return float(math.ceil(min(WARMUP_CONSTANTS * slowest, MOST_WARMUP_SECONDS)))


def slowest_seconds(personas: Sequence[Persona]) -> float:
    """Returns the slowest time constant of all: a run that is shorter sees only a part of what these users do."""
    return max((max(mixing_seconds(persona), presence_seconds(persona)) for persona in personas), default=0.0)
