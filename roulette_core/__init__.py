"""The matching core of a text ChatRoulette: a pure state machine, events in and effects out.

``Roulette.handle(event, now)`` is all there is to drive; start reading in ``machine.py``.
"""

from roulette_core import harmless
from roulette_core._blocks import Blocks
from roulette_core.effects import (
    Audience,
    Effect,
    Joined,
    Left,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
    audience,
)
from roulette_core.errors import (
    AlreadyJoined,
    BadPolicy,
    BadRecording,
    BadSnapshot,
    BrokenPolicy,
    NotAnEvent,
    RouletteError,
    TimeRanBack,
    UnknownUser,
)
from roulette_core.events import END_OF_TIME, Block, Event, Join, Leave, Lobby, Next, Say, Start, Tick, User
from roulette_core.machine import Roulette
from roulette_core.policies import NEVER, Choose, Explanation, Policy, make_policy
from roulette_core.states import Reason, State

__all__ = [
    "END_OF_TIME",
    "NEVER",
    "AlreadyJoined",
    "Audience",
    "BadPolicy",
    "BadRecording",
    "BadSnapshot",
    "Block",
    "Blocks",
    "BrokenPolicy",
    "Choose",
    "Effect",
    "Event",
    "Explanation",
    "Join",
    "Joined",
    "Leave",
    "Left",
    "Lobby",
    "LobbyLine",
    "Next",
    "NotAnEvent",
    "Paired",
    "Parted",
    "Policy",
    "PrivateLine",
    "Reason",
    "Refused",
    "Returned",
    "Roulette",
    "RouletteError",
    "Say",
    "Searching",
    "Start",
    "State",
    "Tick",
    "TimeRanBack",
    "UnknownUser",
    "User",
    "audience",
    "harmless",
    "make_policy",
]
