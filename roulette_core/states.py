"""The rules: who may do what, and what becomes of them.

A user whom the core knows is in exactly one of three states. In the *lobby* they hear everybody and everybody
hears them. *Searching* is the same, except that a private chat may begin at any moment. In *private* they and
their partner hear each other and nobody else.

Two kinds of transition move them. Those below are triggered by events, one user asking at a time. Being paired
is triggered by the state of the pool: after every event, and whenever a deadline has passed, the policy is
asked for pairs until it has none to give, and each pair goes from searching to private together.

A cell of the table is one of three things. A *state*: the event is legal, and that is where the user goes. A
*reason*: the user has asked for something that cannot be done now, which is answered by ``Refused``. An *error*:
the caller has lost track of who is there, which is raised. In the last two cases nothing changes.

The partner of somebody who moves out of private has no say and no row: they are left behind, and search again.

Three rules stand beside the table because they look at more than one user's state: a name that somebody present
bears is refused (``Reason.NAME_TAKEN``), nobody is paired with themselves, and nobody is paired with somebody whom
they have blocked or who has blocked them.
"""

from enum import IntEnum, StrEnum
from typing import TypeAlias

from roulette_core import events
from roulette_core.errors import AlreadyJoined, RouletteError, UnknownUser


class State(IntEnum):
    """Where a user is; ``OUTSIDE`` is everybody whom the core does not know."""

    OUTSIDE = 0
    LOBBY = 1
    SEARCHING = 2
    PRIVATE = 3


class Reason(StrEnum):
    """Why what a user asked was refused."""

    NAME_TAKEN = "name_taken"
    ALREADY_SEARCHING = "already_searching"
    ALREADY_PRIVATE = "already_private"
    ALREADY_IN_LOBBY = "already_in_lobby"
    NOT_PRIVATE = "not_private"


Cell: TypeAlias = State | Reason | type[RouletteError]

_OUTSIDE, _LOBBY, _SEARCHING, _PRIVATE = State

TRANSITIONS: dict[type, tuple[Cell, Cell, Cell, Cell]] = {
    # event       outside        lobby                    searching                 private
    events.Join: (_LOBBY, AlreadyJoined, AlreadyJoined, AlreadyJoined),
    events.Say: (UnknownUser, _LOBBY, _SEARCHING, _PRIVATE),
    events.Start: (UnknownUser, _SEARCHING, Reason.ALREADY_SEARCHING, Reason.ALREADY_PRIVATE),
    events.Next: (UnknownUser, Reason.NOT_PRIVATE, Reason.NOT_PRIVATE, _SEARCHING),
    events.Block: (UnknownUser, Reason.NOT_PRIVATE, Reason.NOT_PRIVATE, _SEARCHING),
    events.Lobby: (UnknownUser, Reason.ALREADY_IN_LOBBY, _LOBBY, _LOBBY),
    events.Leave: (UnknownUser, _OUTSIDE, _OUTSIDE, _OUTSIDE),
}
"""Event type → verdict for each state, in the order of ``State``. ``Tick`` is nobody's, and always legal."""
