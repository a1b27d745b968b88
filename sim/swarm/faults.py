"""The network faults of a case, by name."""

import math
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any, TypeAlias

from sim.worlds import Faults

Chance: TypeAlias = Callable[[str], Random]
"""Returns the random stream of a part of the case."""

READING_ON = "reading-on"
"""The gateway gets input in two pieces before its orders on the first are carried out, as from a hasty driver."""

OPERATOR = "operator"
"""An operator kicks, bans and sends messages."""

FAULTS: Mapping[str, Callable[[Random], Mapping[str, Any]]] = {
    "latency": lambda chance: {"latency": chance.uniform(0.01, 1.0)},
    "jitter": lambda chance: {"jitter": chance.uniform(0.01, 1.0)},
    "fragments": lambda chance: {"fragments": chance.uniform(0.1, 1.0)},
    "stalls": lambda chance: {"stalls_per_minute": chance.uniform(0.2, 4.0), "stall": chance.uniform(1.0, 20.0)},
    "resets": lambda chance: {"resets_per_minute": chance.uniform(0.1, 2.0)},
    "vanishing": lambda chance: {"vanishes_per_minute": chance.uniform(0.1, 1.0)},
    "hanging-up": lambda chance: {"hang_ups": chance.uniform(0.2, 1.0)},
    "slow": lambda chance: {
        "slow": chance.uniform(0.1, 0.6),
        "slow_speed": chance.uniform(20.0, 400.0),
        "window": chance.choice((256, 1024, 4096)),
    },
    READING_ON: lambda chance: {},
    OPERATOR: lambda chance: {},
}
"""Name → fields of ``Faults``. The last two are faults at the server, and set none."""


def faults_of(names: Iterable[str], chance: Chance) -> Faults:
    """Draws the network of a case with certain faults."""
    network = chance("network")
    figures: dict[str, Any] = {
        "reconnect": network.uniform(1.0, 10.0),
        "unnoticed": network.choice((1.0, 30.0, math.inf)),
    }
    for name in names:
        figures.update(FAULTS[name](chance(name)))
    return Faults(**figures)
