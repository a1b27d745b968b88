"""What must happen sometimes: a fault that never occurred, or a branch that was never taken, proves nothing.

The word is Antithesis': an assertion that must hold at least once in all runs together.
"""

from collections.abc import Mapping
from typing import TypeAlias, get_args

from roulette_core import Cause, Effect, Reason, Refused
from roulette_core.policies import POLICIES as BUILT_IN
from sim.worlds import Occurrence
from transports.gateway import CloseReason

Happening: TypeAlias = tuple[str, str]
"""A group, and what happened."""

POLICIES = "policies"
NETWORK = "network"
ENDINGS = "endings"
REFUSALS = "refusals"
EFFECTS = "effects"
RARE = "rare"

BY_TIME = "paired on a tick"
READ_ON = "input after a pause"
THROTTLED = "throttled"
GIVEN_BACK = "line given back in text"
LEFT_OVER = "several still waiting"
SETTLED = "at most one still waiting"
STOPPED = "stopped with users present"
FAILED = "stopped by a failing gateway"
PARTED = "parted by "

GROUPS: Mapping[str, tuple[str, ...]] = {
    POLICIES: tuple(BUILT_IN),
    NETWORK: tuple(fault.value for fault in Occurrence),
    ENDINGS: tuple(reason.value for reason in CloseReason),
    REFUSALS: (
        *(reason.value for reason in Reason),
        *("name_unfit", "name_first", "already_welcome", "too_many_interests", "no_such_language"),
        *("line_too_long", "not_understood"),
    ),
    EFFECTS: tuple(kind._field_defaults["kind"] for kind in get_args(Effect) if kind is not Refused),
    RARE: (
        *(f"{PARTED}{cause}" for cause in get_args(Cause)),
        BY_TIME,
        THROTTLED,
        GIVEN_BACK,
        READ_ON,
        LEFT_OVER,
        SETTLED,
        STOPPED,
        FAILED,
    ),
}
"""Group → what must have happened after ``ENOUGH`` cases."""
