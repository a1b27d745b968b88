"""The output of the core: what is to be done, and who is to be told.

Every effect is an immutable tuple whose last field, ``kind``, names it. Effects are carried out in their order.
An announcement to the lobby is *one* effect that names its audience, never one per listener.

========================  ==============================  ==========================================
effect                    who is told                     what has changed
========================  ==============================  ==========================================
``Joined``                the user and the lobby          the user is in the lobby
``Refused``               the user                        nothing has changed
``LobbyLine``             the lobby except the sender     nothing
``PrivateLine``           the recipient                   nothing
``Searching``             the user                        the user is searching
``Returned``              the user                        the user, who was searching, is in the lobby
``Paired``                both                            both are in private, with each other
``Parted("next")``        both                            both are searching
``Parted("block")``       both                            both are searching, never to be paired again
``Parted("lobby")``       both                            the user is in the lobby, the partner searching
``Parted("leave")``       both                            the user is about to leave, the partner searching
``Left``                  the lobby                       the user is gone
========================  ==============================  ==========================================
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

from roulette_core.events import User
from roulette_core.states import Reason

Cause: TypeAlias = Literal["next", "block", "lobby", "leave"]
"""What a user did to end a private chat."""


class Joined(NamedTuple):
    """The user has joined the lobby: a welcome to the user, news to the lobby."""

    user: User
    name: str
    kind: Literal["joined"] = "joined"


class Refused(NamedTuple):
    """The request is illegal in the user's present state; nothing has changed."""

    user: User
    reason: Reason
    kind: Literal["refused"] = "refused"


class LobbyLine(NamedTuple):
    """A line for all users outside private, except its sender."""

    sender: User
    text: str
    kind: Literal["lobby_line"] = "lobby_line"


class PrivateLine(NamedTuple):
    """A line for the sender's partner only."""

    sender: User
    recipient: User
    text: str
    kind: Literal["private_line"] = "private_line"


class Searching(NamedTuple):
    """The user, who was in the lobby, is searching for a partner."""

    user: User
    kind: Literal["searching"] = "searching"


class Returned(NamedTuple):
    """The user, who was searching, is back in the lobby."""

    user: User
    kind: Literal["returned"] = "returned"


class Paired(NamedTuple):
    """Two users who were searching are now in private with each other."""

    first: User
    second: User
    kind: Literal["paired"] = "paired"


class Parted(NamedTuple):
    """A private chat is over because ``user`` did ``cause``; ``partner`` is searching again.

    The user is searching, too, after ``"next"`` and ``"block"``, in the lobby after ``"lobby"``, and followed by
    ``Left`` after ``"leave"``.
    """

    user: User
    partner: User
    cause: Cause
    kind: Literal["parted"] = "parted"


class Left(NamedTuple):
    """The user has left, and the name is free again."""

    user: User
    name: str
    kind: Literal["left"] = "left"


Effect: TypeAlias = Joined | Refused | LobbyLine | PrivateLine | Searching | Returned | Paired | Parted | Left


class Audience(NamedTuple):
    """The recipients of an effect.

    Attributes:
        users: the users who are told.
        lobby: whether all users outside private are told, too.
        but: a user outside private who is not told.
    """

    users: tuple[User, ...] = ()
    lobby: bool = False
    but: User | None = None


_AUDIENCES: dict[type, Callable[[Any], Audience]] = {
    Joined: lambda effect: Audience((effect.user,), lobby=True, but=effect.user),
    Refused: lambda effect: Audience((effect.user,)),
    LobbyLine: lambda effect: Audience(lobby=True, but=effect.sender),
    PrivateLine: lambda effect: Audience((effect.recipient,)),
    Searching: lambda effect: Audience((effect.user,)),
    Returned: lambda effect: Audience((effect.user,)),
    Paired: lambda effect: Audience((effect.first, effect.second)),
    Parted: lambda effect: Audience((effect.user, effect.partner)),
    Left: lambda effect: Audience(lobby=True, but=effect.user),
}


def audience(effect: Effect) -> Audience:
    """Returns the audience of an effect, in constant time.

    "The lobby" means all users outside private at that place in the sequence of effects: a driver that carries them out
    in order, moving users in and out of its lobby as it goes, is right by construction.
    """
    return _AUDIENCES[type(effect)](effect)
