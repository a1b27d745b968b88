"""A case as it is typed: the seed, and what is not as it is drawn from that."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from sim.swarm.case import Case, draw
from sim.swarm.faults import FAULTS
from sim.swarm.guests import GUESTS
from sim.swarm.limits import LIMITS
from sim.swarm.swarm_population import RESIDENTS
from sim.worlds.dialects import DIALECTS

NOTHING = "none"
"""Instead of names: none of them."""

NAMES: Mapping[str, Iterable[str]] = {
    "faults": FAULTS,
    "residents": RESIDENTS,
    "guests": GUESTS,
    "limits": LIMITS,
    "dialects": DIALECTS,
}
"""What of a case is a choice of names, and the names that there are."""

NEEDED = frozenset({"residents", "dialects"})
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
    residents: tuple[str, ...] | None = None
    guests: tuple[str, ...] | None = None
    limits: tuple[str, ...] | None = None
    dialects: tuple[str, ...] | None = None

    def case(self, seed: int) -> Case:
        """The case of a seed, at least 0."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(draw(seed), **{name: value for name, value in given.items() if value is not None})


def read_names(option: str, typed: str) -> tuple[str, ...]:
    """Reads names separated by commas, or ``none``.

    Args:
        option: a key of ``NAMES``.
        typed: what was typed.

    Returns:
        The names, in the order in which there are.

    Raises:
        BadName: there is no such name, or there must be one.
    """
    names = [] if typed == NOTHING else typed.split(",")
    for name in names:
        if name not in NAMES[option]:
            raise BadName(name)
    if not names and option in NEEDED:
        raise BadName(typed)
    return tuple(name for name in NAMES[option] if name in names)


def command(case: Case) -> str:
    """What is typed to run a case again."""
    words = ["roulette", "swarm", "--seed", str(case.seed)]
    drawn = draw(case.seed)
    for field in fields(Fixed):
        value = getattr(case, field.name)
        if value != getattr(drawn, field.name):
            words += [f"--{field.name}", ",".join(value) or NOTHING if field.name in NAMES else str(value)]
    return shlex.join(words)
