"""What the server of a case is stricter about than by default, by name."""

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any

from sim.swarm.faults import Chance
from transports.gateway import Limits

LIMITS: Mapping[str, Callable[[Random], Mapping[str, Any]]] = {
    "room": lambda chance: {"users": chance.randint(2, 6)},
    "addresses": lambda chance: {"per_address": chance.randint(1, 3), "exempt": ()},
    "registration": lambda chance: {"registration": chance.uniform(3.0, 20.0)},
    "line": lambda chance: {"line_limit": chance.choice((256, 512))},
    "garbage": lambda chance: {"garbage": chance.randint(1, 3)},
    "rate": lambda chance: {"burst": chance.uniform(3.0, 8.0), "rate": chance.uniform(0.5, 2.0)},
    "patience": lambda chance: {
        "ping": chance.uniform(5.0, 20.0),
        "idle": chance.uniform(5.0, 20.0),
        "pong": chance.uniform(2.0, 10.0),
    },
    "output": lambda chance: {
        "output_soft": chance.choice((256, 1024, 2048)),
        "output_limit": chance.choice((2048, 4096, 16384)),
    },
}
"""Name → the limits that it takes, in the units of ``Limits``."""


def limits_of(names: Iterable[str], chance: Chance) -> Limits:
    """What the server of a case holds everybody to.

    Args:
        names: what it is strict about.
        chance: its chance.
    """
    figures: dict[str, Any] = {}
    for name in names:
        figures.update(LIMITS[name](chance(name)))
    return Limits(**figures)
