"""The limits of a case that are tighter than by default, by name."""

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any

from sim.swarm.faults import Chance
from sim.worlds.wire import FOR_EVER
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
    "give-back": lambda chance: {"give_back": chance.choice((0.0, 1.0, FOR_EVER))},
    "output": lambda chance: {
        "output_soft": chance.choice((256, 1024, 2048)),
        "output_limit": chance.choice((2048, 4096, 16384)),
    },
}
"""Name → fields of ``Limits``. A test demands that every field is here but those that no case has to tighten."""


def limits_of(names: Iterable[str], chance: Chance) -> Limits:
    """Draws the limits that have certain names; all others keep their defaults."""
    figures: dict[str, Any] = {}
    for name in names:
        figures.update(LIMITS[name](chance(name)))
    return Limits(**figures)
