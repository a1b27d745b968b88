"""The input of the core: what users ask for, and the passing of time.

Every event is an immutable tuple whose last field, ``kind``, names it: two events of different kinds are never
equal, and ``event._asdict()`` is plain data. What each event may do in each state is decided in ``states.py``.
"""

from typing import Literal, NamedTuple, TypeAlias

User: TypeAlias = str | int
"""How the caller knows a user: any string or whole number, unique among those present."""

END_OF_TIME = 2.0**53
"""Every time is below this many seconds: beyond, a float cannot tell one second from the next."""


class Join(NamedTuple):
    """A user joins the lobby under a name that is free.

    Names are compared exactly; a caller to whom "Ada" and "ada" are one name folds them first.

    Attributes:
        blocked: users present who must not be paired with this one, as if one of the two had asked for ``Block``: for
            callers who remember blocks longer than users stay.
    """

    user: User
    name: str
    blocked: tuple[User, ...] = ()
    kind: Literal["join"] = "join"


class Say(NamedTuple):
    """A user says a line: to the partner in private, to the lobby otherwise."""

    user: User
    text: str
    kind: Literal["say"] = "say"


class Start(NamedTuple):
    """A user in the lobby asks for a private chat, on one of these interests or on any topic."""

    user: User
    interests: tuple[str, ...] = ()
    kind: Literal["start"] = "start"


class Next(NamedTuple):
    """A user in private asks for another partner: both users of the pair search again."""

    user: User
    kind: Literal["next"] = "next"


class Block(NamedTuple):
    """A user in private ends the chat, as by ``Next``, and is never paired with that partner again.

    This holds for both until either of them leaves.
    """

    user: User
    kind: Literal["block"] = "block"


class Lobby(NamedTuple):
    """A user goes back to the lobby; a partner left behind searches again."""

    user: User
    kind: Literal["lobby"] = "lobby"


class Leave(NamedTuple):
    """A user leaves, or has vanished; a partner left behind searches again."""

    user: User
    kind: Literal["leave"] = "leave"


class Tick(NamedTuple):
    """Time has passed without any request: for the driver to send at ``next_deadline()``."""

    kind: Literal["tick"] = "tick"


Event: TypeAlias = Join | Say | Start | Next | Block | Lobby | Leave | Tick
