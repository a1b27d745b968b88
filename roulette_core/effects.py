"""The output of the core: what is to be done, and who is to be told.

Every effect is an immutable tuple whose last field, ``kind``, names it. Effects are carried out in their order, and
hold all that it takes to tell users of them, names included: the roulette itself is further on by then. An announcement
to the lobby is *one* effect that names its audience, never one per listener.

========================  ==============================  ==========================================
effect                    who is told                     what has changed
========================  ==============================  ==========================================
``Joined``                the user and the lobby          the user is in the lobby
``Refused``               the user                        nothing has changed
``LobbyLine``             the lobby except the sender     nothing
``PrivateLine``           the recipient                   nothing
``Searching``             the user                        the user is searching, or still is
``Returned``              the user                        the user, who was searching, is in the lobby
``Paired``                both                            both are in private, with each other
``Parted("next")``        both                            the user is searching
``Parted("block")``       both                            the same, and the two are never paired again
``Parted("lobby")``       both                            the user is in the lobby
``Parted("leave")``       both                            the user is about to leave
``Blocked``               the user                        the two are never paired
``Unblocked``             the user                        the user's block is taken back
``Left``                  the lobby                       the user is gone
========================  ==============================  ==========================================

After ``Parted`` the partner is where its ``left_behind`` says.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

from roulette_core.events import Place, User
from roulette_core.states import Reason

Cause: TypeAlias = Literal["next", "block", "lobby", "leave"]
"""What a user did to end a private chat."""


class Joined(NamedTuple):
    """The user has joined the lobby: a welcome to the user, news to the lobby.

    Attributes:
        user: who has joined.
        name: the name, as it stood in ``Join``.
    """

    user: User
    name: str
    kind: Literal["joined"] = "joined"


class Refused(NamedTuple):
    """The request is illegal in the user's present state; nothing has changed.

    Attributes:
        user: who asked, and is told.
        reason: why not.
    """

    user: User
    reason: Reason
    kind: Literal["refused"] = "refused"


class LobbyLine(NamedTuple):
    """A line for all users outside private, except its sender.

    Attributes:
        sender: who has said it, and is not told.
        text: what was said.
        name: the sender's name.
    """

    sender: User
    text: str
    name: str
    kind: Literal["lobby_line"] = "lobby_line"


class PrivateLine(NamedTuple):
    """A line for the sender's partner only.

    Attributes:
        sender: who has said it.
        recipient: the only user who reads it.
        text: what was said.
        name: the sender's name.
        chat: the number of their chat.
    """

    sender: User
    recipient: User
    text: str
    name: str
    chat: int
    kind: Literal["private_line"] = "private_line"


class Searching(NamedTuple):
    """The user is searching for a partner, with the interests and attributes of their latest ``Start``.

    Attributes:
        user: who is searching.
    """

    user: User
    kind: Literal["searching"] = "searching"


class Returned(NamedTuple):
    """The user, who was searching, is back in the lobby.

    Attributes:
        user: who is back.
    """

    user: User
    kind: Literal["returned"] = "returned"


class Paired(NamedTuple):
    """Two users who were searching are now in private with each other.

    Attributes:
        first: one of the two, the longer-waiting if the policy orders them by waiting time.
        second: the other.
        first_name: the name of the first.
        second_name: the name of the second.
        chat: the number of their chat: 1 for a roulette's first, then 2, and so on; never used again.
    """

    first: User
    second: User
    first_name: str
    second_name: str
    chat: int
    kind: Literal["paired"] = "paired"


class Parted(NamedTuple):
    """A private chat is over because ``user`` did ``cause``.

    The user is searching after ``"next"`` and ``"block"``, in the lobby after ``"lobby"``, and ``Left`` follows after
    ``"leave"``.

    Attributes:
        user: who has ended the chat.
        partner: who is left behind.
        cause: how it was ended.
        user_name: the name of the user.
        partner_name: the name of the partner.
        chat: the number of their chat.
        left_behind: where the partner is now. A partner who leaves by the same ``BulkLeave`` is in the lobby until
            their ``Left``.
    """

    user: User
    partner: User
    cause: Cause
    user_name: str
    partner_name: str
    chat: int
    left_behind: Place
    kind: Literal["parted"] = "parted"


class Blocked(NamedTuple):
    """The user has blocked another, who is not their partner.

    Attributes:
        user: who has blocked, and is the only one told.
        other: who is blocked.
        other_name: the name of the other.
    """

    user: User
    other: User
    other_name: str
    kind: Literal["blocked"] = "blocked"


class Unblocked(NamedTuple):
    """The user has taken back their own block of another.

    Attributes:
        user: who has taken it back, and is the only one told.
        other: who was blocked.
        other_name: the name of the other.
    """

    user: User
    other: User
    other_name: str
    kind: Literal["unblocked"] = "unblocked"


class Left(NamedTuple):
    """The user has left.

    Attributes:
        user: who has left.
        name: the name that is free again.
    """

    user: User
    name: str
    kind: Literal["left"] = "left"


Effect: TypeAlias = (
    Joined | Refused | LobbyLine | PrivateLine | Searching | Returned | Paired | Parted | Blocked | Unblocked | Left
)
"""What ``Roulette.handle`` returns a tuple of."""


EFFECTS_OF_TWO = frozenset({PrivateLine, Paired, Parted, Blocked, Unblocked})
"""The effects whose first two fields are users. Of all others only the first field is one."""


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
    Blocked: lambda effect: Audience((effect.user,)),
    Unblocked: lambda effect: Audience((effect.user,)),
    Left: lambda effect: Audience(lobby=True, but=effect.user),
}


def audience(effect: Effect) -> Audience:
    """Returns the audience of an effect, in constant time.

    "The lobby" means all users outside private at that place in the sequence of effects: a driver that carries them out
    in order, moving users in and out of its lobby as it goes, is right by construction.
    """
    return _AUDIENCES[type(effect)](effect)
