"""A case as a command line: its seed, and the parts that differ from what the seed draws."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from sim.swarm.case import Case, draw_case
from sim.swarm.faults import FAULTS
from sim.swarm.limits import LIMITS
from sim.swarm.rude_behaviours import RUDE_BEHAVIOURS
from sim.swarm.swarm_population import PERSONAS
from sim.worlds import DIALECTS

NOTHING = "none"
"""Typed instead of names to choose none of them."""

NAMES: Mapping[str, Iterable[str]] = {
    "faults": FAULTS,
    "personas": PERSONAS,
    "rude_clients": RUDE_BEHAVIOURS,
    "limits": LIMITS,
    "dialects": DIALECTS,
}
"""Fields of a case that are lists of names → the names to choose from."""

NEEDED = frozenset({"personas", "dialects"})
"""At least one name is required for these."""


class BadName(Exception):
    """A name is unknown, or none was given where one is required; ``str`` gives the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """Fields of ``Case`` that are fixed for every case; None is drawn from the seed."""

    policy: str | None = None
    users: int | None = None
    seconds: int | None = None
    faults: tuple[str, ...] | None = None
    personas: tuple[str, ...] | None = None
    rude_clients: tuple[str, ...] | None = None
    limits: tuple[str, ...] | None = None
    dialects: tuple[str, ...] | None = None

    def case(self, seed: int) -> Case:
        """Returns the case of a seed, at least 0."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(draw_case(seed), **{name: value for name, value in given.items() if value is not None})


def option_of(field: str) -> str:
    """Returns the option that fixes a field of ``Fixed``."""
    return f"--{field.replace('_', '-')}"


def read_names(field: str, typed: str) -> tuple[str, ...]:
    """Reads names separated by commas, or ``none``, for a field of ``NAMES``. Returns them in the order there.

    Raises:
        BadName: a name is unknown, or none was given where one is required.
    """
    names = [] if typed == NOTHING else typed.split(",")
    for name in names:
        if name not in NAMES[field]:
            raise BadName(name)
    if not names and field in NEEDED:
        raise BadName(typed)
    return tuple(name for name in NAMES[field] if name in names)


def command_of(case: Case) -> str:
    """Returns the command that runs a case again."""
    words = ["roulette", "swarm", "--seed", str(case.seed)]
    drawn = draw_case(case.seed)
    for name in (field.name for field in fields(Fixed)):
        value = getattr(case, name)
        if value != getattr(drawn, name):
            words += [option_of(name), ",".join(value) or NOTHING if name in NAMES else str(value)]
    return shlex.join(words)
