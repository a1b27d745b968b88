"""A case: everything that one run of the swarm depends on, in words that fit on a command line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from roulette_core.testing import BUILT_IN
from sim.swarm.faults import FAULTS
from sim.swarm.limits import LIMITS
from sim.swarm.rude_behaviours import RUDE_BEHAVIOURS
from sim.swarm.swarm_population import PERSONAS
from sim.worlds.dialects import DIALECTS

USERS = (2, 3, 3, 4, 4, 5, 6, 8, 12, 20)
"""How many users there may be, each number as likely as it is often here: few are quick to run and easy to tell of."""

SECONDS = (30, 60, 60, 120, 240)
"""How long faults may last, in virtual seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One run. The same case has the same consequences, whenever and wherever it is run.

    What is only named here is drawn from the seed in all its figures, by a stream of its own: without one of the
    names, the others mean what they meant.

    Attributes:
        seed: where all chance starts, at least 0.
        policy: who meets whom, as a specification.
        users: how many users there are.
        seconds: for how many virtual seconds there are faults.
        faults: names of ``FAULTS``: what befalls connections.
        residents: names of ``RESIDENTS``, at least one: the kinds of users.
        guests: names of ``GUESTS``: rude clients who come beside the users.
        limits: names of ``LIMITS``: what the server is stricter about than by default.
        dialects: names of ``DIALECTS``, at least one: how users speak.
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
        """The stream of chance that something of its own has."""
        return Random(f"{self.seed} {of}")


def draw(seed: int) -> Case:
    """Draws a case from a seed, at least 0.

    What can be left out is there in every other case: bugs that one fault hides from another are found that way, and
    a case with everything in it shows little of anything (Groce et al., Swarm Testing, ISSTA 2012).
    """
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
    """Each name with probability 1/2, and ``least`` of them in any case."""
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
