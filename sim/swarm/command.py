"""A case as it is typed: the seed, and what is not as it is drawn from that."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from sim.swarm.case import Case, draw
from sim.swarm.faults import FAULTS
from sim.swarm.limits import LIMITS
from sim.swarm.rude_behaviours import RUDE_BEHAVIOURS
from sim.swarm.swarm_population import PERSONAS
from sim.worlds.dialects import DIALECTS

NOTHING = "none"
"""Instead of names: none of them."""

NAMES: Mapping[str, Iterable[str]] = {
    "faults": FAULTS,
    "personas": PERSONAS,
    "rude_clients": RUDE_BEHAVIOURS,
    "limits": LIMITS,
    "dialects": DIALECTS,
}
"""What of a case is a choice of names, and the names that there are."""

NEEDED = frozenset({"personas", "dialects"})
"""Of these there is at least one."""


class BadName(Exception):
    """There is no such name, or one is needed.

    Attributes:
        name: what was given.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What is the same in all cases, whatever their seeds: None is drawn.

    Attributes:
        policy: as in ``Case``.
        users: as in ``Case``.
        seconds: as in ``Case``.
        faults: as in ``Case``; so are the others.
    """

    policy: str | None = None
    users: int | None = None
    seconds: int | None = None
    faults: tuple[str, ...] | None = None
    personas: tuple[str, ...] | None = None
    rude_clients: tuple[str, ...] | None = None
    limits: tuple[str, ...] | None = None
    dialects: tuple[str, ...] | None = None

    def case(self, seed: int) -> Case:
        """The case of a seed, at least 0."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(draw(seed), **{name: value for name, value in given.items() if value is not None})


def option_of(field: str) -> str:
    """Returns the option that fixes a field of ``Fixed``."""
    return f"--{field.replace('_', '-')}"


def read_names(field: str, typed: str) -> tuple[str, ...]:
    """Reads names separated by commas, or ``none``.

    Args:
        field: a key of ``NAMES``.
        typed: what was typed.

    Returns:
        The names, in the order in which there are.

    Raises:
        BadName: there is no such name, or there must be one.
    """
    names = [] if typed == NOTHING else typed.split(",")
    for name in names:
        if name not in NAMES[field]:
            raise BadName(name)
    if not names and field in NEEDED:
        raise BadName(typed)
    return tuple(name for name in NAMES[field] if name in names)


def command(case: Case) -> str:
    """What is typed to run a case again."""
    words = ["roulette", "swarm", "--seed", str(case.seed)]
    drawn = draw(case.seed)
    for name in (field.name for field in fields(Fixed)):
        value = getattr(case, name)
        if value != getattr(drawn, name):
            words += [option_of(name), ",".join(value) or NOTHING if name in NAMES else str(value)]
    return shlex.join(words)
