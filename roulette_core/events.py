"""What goes into the core: what users ask, and the passing of time.

Every event is an immutable tuple whose last field, ``kind``, names it: two events of different kinds are never
equal, and ``event._asdict()`` is plain data. What each event may do in each state is decided in ``states.py``.
"""

from typing import Literal, NamedTuple, TypeAlias

User: TypeAlias = str | int
"""How the caller knows a user: any string or whole number, unique among those present."""

END_OF_TIME = 2.0**53
"""Every time is below this many seconds: beyond, a float cannot tell one second from the next."""


class Join(NamedTuple):
    """A user arrives in the lobby under a name that nobody present bears.

    Names are compared exactly; a caller who wants "Ada" and "ada" to be one name folds them first.

    Attributes:
        user: who arrives.
        name: under which name.
        blocked: users present with whom this one is never to be drawn, as if one of the two had asked for ``Block``:
            for a caller who remembers blocks longer than users stay.
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
    """A user in the lobby asks for a private chat, about these interests or about anything."""

    user: User
    interests: tuple[str, ...] = ()
    kind: Literal["start"] = "start"


class Next(NamedTuple):
    """A user in private asks for somebody else: both of the pair search again."""

    user: User
    kind: Literal["next"] = "next"


class Block(NamedTuple):
    """A user in private ends the chat, as by ``Next``, and is never drawn together with that partner again.

    It holds for both, as long as both are there: it is forgotten when either leaves.
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
    """Nobody asked anything, but time has passed: for the driver to send at ``next_deadline()``."""

    kind: Literal["tick"] = "tick"


Event: TypeAlias = Join | Say | Start | Next | Block | Lobby | Leave | Tick
