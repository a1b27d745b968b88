"""The input of the core: what users ask for, and the passing of time.

Every event is an immutable tuple whose last field, ``kind``, names it: two events of different kinds are never
equal, and ``event._asdict()`` is plain data. What each event may do in each state is decided in ``states.py``; what may
stand in its fields, in ``_gate.py``.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

User: TypeAlias = str | int
"""How the caller knows a user: any string, or any whole number of up to 128 bits; unique among those present."""

Value: TypeAlias = str | int | float | bool | tuple[str | int | float | bool, ...]
"""A value of an attribute: plain data. Floats are finite, whole numbers have up to 128 bits."""

Attributes: TypeAlias = Mapping[str, Value]
"""What a policy may know of a user, by name: a language, a role, a rating."""

Place: TypeAlias = Literal["searching", "lobby"]
"""Where a partner left behind goes."""

END_OF_TIME = 2.0**53
"""Every time is below this many seconds: beyond, a float cannot tell one second from the next."""


class Join(NamedTuple):
    """A user joins the lobby under a name that is free.

    Names are compared exactly; a caller to whom "Ada" and "ada" are one name folds them first.

    Attributes:
        user: who joins; not present yet.
        name: how others know the user.
        blocked: users present that this user has blocked, as by ``Block``: for callers who remember blocks longer than
            users stay.
        blocked_by: users present who have blocked this user.
        attributes: what policies may know of the user; None for nothing.
    """

    user: User
    name: str
    blocked: tuple[User, ...] = ()
    blocked_by: tuple[User, ...] = ()
    attributes: Attributes | None = None
    kind: Literal["join"] = "join"


class Say(NamedTuple):
    """A user says a line: to the partner in private, to the lobby otherwise.

    Attributes:
        user: who says it.
        text: what is said.
        chat: where it belongs: the number of a chat, or 0 for the lobby. A user who is elsewhere by now is refused, so
            that no other user reads it. None means wherever the user is.
    """

    user: User
    text: str
    chat: int | None = None
    kind: Literal["say"] = "say"


class Start(NamedTuple):
    """A user asks for a private chat. A user who is searching already keeps their place.

    Attributes:
        user: who asks.
        interests: the topics wanted, which replace earlier ones; none means any topic.
        attributes: replaces what policies may know of the user; None leaves it as it was.
    """

    user: User
    interests: tuple[str, ...] = ()
    attributes: Attributes | None = None
    kind: Literal["start"] = "start"


class Next(NamedTuple):
    """A user in private asks for another partner.

    Attributes:
        user: who asks, and searches again.
        chat: the number of the chat to be ended; refused if it is over. None means the present one.
        left_behind: where the partner goes; None as the roulette was made.
    """

    user: User
    chat: int | None = None
    left_behind: Place | None = None
    kind: Literal["next"] = "next"


class Block(NamedTuple):
    """A user blocks another: the two are never paired, until ``Unblock`` or until either leaves.

    Blocking the partner ends the chat, as by ``Next``.

    Attributes:
        user: who blocks.
        other: who is blocked, any other user present; None means the partner.
        chat: the number of the chat in which it was asked; refused if it is over. None means any.
        left_behind: where a partner goes; None as the roulette was made.
    """

    user: User
    other: User | None = None
    chat: int | None = None
    left_behind: Place | None = None
    kind: Literal["block"] = "block"


class Unblock(NamedTuple):
    """A user takes back their own block of another user present.

    Attributes:
        user: who takes back the block.
        other: who was blocked, a user present.
    """

    user: User
    other: User
    kind: Literal["unblock"] = "unblock"


class Lobby(NamedTuple):
    """A user goes back to the lobby, from searching or from private.

    Attributes:
        user: who goes back.
        left_behind: where the partner goes; None as the roulette was made.
    """

    user: User
    left_behind: Place | None = None
    kind: Literal["lobby"] = "lobby"


class Leave(NamedTuple):
    """A user leaves, or has vanished.

    Attributes:
        user: who leaves; the name is free again.
        left_behind: where the partner goes; None as the roulette was made.
    """

    user: User
    left_behind: Place | None = None
    kind: Literal["leave"] = "leave"


class BulkLeave(NamedTuple):
    """Several users leave at once, so that none of them is paired with one who is left behind.

    Attributes:
        users: who leaves, each once.
        left_behind: where partners go who stay; None as the roulette was made.
    """

    users: tuple[User, ...]
    left_behind: Place | None = None
    kind: Literal["bulk_leave"] = "bulk_leave"


class Tick(NamedTuple):
    """Time has passed without any request: for the driver to send at ``next_deadline()``."""

    kind: Literal["tick"] = "tick"


Event: TypeAlias = Join | Say | Start | Next | Block | Unblock | Lobby | Leave | BulkLeave | Tick
"""What ``Roulette.handle`` takes."""


def with_users(event: Event, rename: Callable[[User], User]) -> Event:
    """Returns the same event of other users: each id that it names, replaced by what ``rename`` returns for it."""
    changed: dict[str, Any] = {}
    for field in event._fields:
        value = getattr(event, field)
        if field in ("user", "other") and value is not None:
            changed[field] = rename(value)
        elif field in ("users", "blocked", "blocked_by"):
            changed[field] = tuple(map(rename, value))
    return event._replace(**changed)


def users_of(event: Event) -> set[User]:
    """Returns every user that an event names."""
    users: set[User] = set()

    def note(user: User) -> User:
        users.add(user)
        return user

    with_users(event, note)
    return users
