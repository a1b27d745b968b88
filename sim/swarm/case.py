"""A case: everything that one run of the swarm depends on, short enough for a command line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from roulette_core.testing import BUILT_IN
from sim.swarm.faults import FAULTS
from sim.swarm.limits import LIMITS
from sim.swarm.rude_behaviours import RUDE_BEHAVIOURS
from sim.swarm.swarm_population import PERSONAS
from sim.worlds import DIALECTS

USERS = (2, 3, 3, 4, 4, 5, 6, 8, 12, 20)
"""Numbers of users to choose from; repeated ones are likelier. Small cases run fast and make short reports."""

SECONDS = (30, 60, 60, 120, 240)
"""Durations of the faults to choose from, in virtual seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The parameters of one run. The same case gives the same run, on any machine.

    The figures behind each name (how slow, how often) are drawn from the seed, in a random stream of its own: removing
    one name does not change what the others mean.

    Attributes:
        seconds: how long faults last, in virtual seconds.
        faults: names of ``FAULTS``; the other fields of names are alike.
    """

    seed: int
    policy: str
    users: int
    seconds: int
    faults: tuple[str, ...]
    personas: tuple[str, ...]
    rude_clients: tuple[str, ...]
    limits: tuple[str, ...]
    dialects: tuple[str, ...]

    def chance(self, of: str) -> Random:
        """Returns the random stream of one part of the case."""
        return Random(f"{self.seed} {of}")


def draw_case(seed: int) -> Case:
    """Draws a case from a seed, at least 0.

    Each optional part is in every other case. A fault can hide another's bugs, so a case with all faults at once finds
    fewer than many cases with some of them (Groce et al., Swarm Testing, ISSTA 2012).
    """
    # The labels of the streams stay what they are, whatever parts are called: new ones would be new cases.
    return Case(
        seed=seed,
        policy=_policy(Random(f"{seed} policy")),
        users=Random(f"{seed} users").choice(USERS),
        seconds=Random(f"{seed} seconds").choice(SECONDS),
        faults=_some(FAULTS, Random(f"{seed} faults")),
        personas=_some(PERSONAS, Random(f"{seed} residents"), 1),
        rude_clients=_some(RUDE_BEHAVIOURS, Random(f"{seed} guests")),
        limits=_some(LIMITS, Random(f"{seed} limits")),
        dialects=_some(DIALECTS, Random(f"{seed} dialects"), 1),
    )


def _some(names: Iterable[str], chance: Random, least: int = 0) -> tuple[str, ...]:
    """Returns each name with probability 1/2, and at least ``least`` of them."""
    names = tuple(names)
    certain = chance.sample(names, least)
    return tuple(name for name in names if name in certain or chance.random() < 0.5)


def _policy(chance: Random) -> str:
    """Draws a built-in policy with parameters that matter to a few users within a minute."""
    # Parameters are drawn for every policy, then one policy is taken: so a seed goes on meaning the same case.
    return chance.choice([_specification(name, facts.swarm, chance) for name, facts in BUILT_IN.items()])


def _specification(name: str, ranges: Mapping[str, tuple[int, int]], chance: Random) -> str:
    given = ",".join(f"{parameter}={chance.randint(*ends)}" for parameter, ends in ranges.items())
    return f"{name}:{given}" if given else name
