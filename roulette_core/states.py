"""The rules: what each user may do in each state, and which state follows.

A user whom the core knows is in exactly one of three states. In the *lobby* all users outside private chats hear each
other. *Searching* is the same, except that a private chat may begin at any moment. In *private* two partners hear
each other, and no other user hears them or is heard by them.

Two kinds of transition move users. Those of the table are triggered by events: one user asks for something. Pairing is
triggered by the state of the pool: after every event, and whenever a deadline has passed, the policy is asked for
pairs until it returns none, and the two users of each pair go from searching to private together.

A cell of the table is one of three things. A *state*: the event is legal, and the user goes there. A *reason*: the
request is illegal now, which is answered by ``Refused``. An *error*: the caller has lost track of who is present,
which is raised. In the last two cases nothing changes.

A partner left behind in private has no row: whatever the other user did, they search again, or go to the lobby where
the caller wishes so (``left_behind``).

Further rules stand beside the table because they look at more than one user. A name in use is refused
(``Reason.NAME_TAKEN``). No user is paired with themselves, and no two users are paired if one has blocked the other. A
request that names the chat it belongs to is refused if the user is elsewhere by now (``Reason.CHAT_OVER``,
``Reason.NOT_IN_LOBBY``): a line reaches the users it was typed for, or no user. ``Block`` of a user other than the
partner is legal in every state and moves no user; ``Unblock`` of a user who was not blocked is refused
(``Reason.NOT_BLOCKED``). ``BulkLeave`` is legal if ``Leave`` is legal for each of its users.
"""

from enum import IntEnum, StrEnum
from typing import TypeAlias

from roulette_core import events
from roulette_core.errors import AlreadyJoined, RouletteError, UnknownUser


class State(IntEnum):
    """The state of a user; ``OUTSIDE`` is that of every user whom the core does not know."""

    OUTSIDE = 0
    """Not present."""
    LOBBY = 1
    """Hears all users outside private."""
    SEARCHING = 2
    """The same, and may be paired at any moment."""
    PRIVATE = 3
    """Hears the partner only."""


class Reason(StrEnum):
    """Reason codes for a refused request."""

    NAME_TAKEN = "name_taken"
    """``Join``: another user present bears the name."""
    ALREADY_PRIVATE = "already_private"
    """``Start``: the user is in private."""
    ALREADY_IN_LOBBY = "already_in_lobby"
    """``Lobby``: the user is there."""
    NOT_PRIVATE = "not_private"
    """``Next``, ``Block`` of a partner: the user has none."""
    CHAT_OVER = "chat_over"
    """The request belongs to a chat that is over."""
    NOT_IN_LOBBY = "not_in_lobby"
    """The line is for the lobby, and the user is in private."""
    NOT_BLOCKED = "not_blocked"
    """``Unblock``: the user has not blocked the other."""


Cell: TypeAlias = State | Reason | type[RouletteError]

_OUTSIDE, _LOBBY, _SEARCHING, _PRIVATE = State

TRANSITIONS: dict[type, tuple[Cell, Cell, Cell, Cell]] = {
    # event       outside        lobby                    searching                 private
    events.Join: (_LOBBY, AlreadyJoined, AlreadyJoined, AlreadyJoined),
    events.Say: (UnknownUser, _LOBBY, _SEARCHING, _PRIVATE),
    events.Start: (UnknownUser, _SEARCHING, _SEARCHING, Reason.ALREADY_PRIVATE),
    events.Next: (UnknownUser, Reason.NOT_PRIVATE, Reason.NOT_PRIVATE, _SEARCHING),
    events.Block: (UnknownUser, Reason.NOT_PRIVATE, Reason.NOT_PRIVATE, _SEARCHING),
    events.Unblock: (UnknownUser, _LOBBY, _SEARCHING, _PRIVATE),
    events.Lobby: (UnknownUser, Reason.ALREADY_IN_LOBBY, _LOBBY, _LOBBY),
    events.Leave: (UnknownUser, _OUTSIDE, _OUTSIDE, _OUTSIDE),
    events.BulkLeave: (UnknownUser, _OUTSIDE, _OUTSIDE, _OUTSIDE),
}
"""Event type → cell for each state, in the order of ``State``. ``Tick`` belongs to no user and is always legal."""
