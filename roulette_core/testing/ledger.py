"""The state that follows from the effects so far: a shadow of the core, built from effects alone.

The ledger accepts any sequence of effects, however wrong, and never fails. The invariants read it just before each
effect is entered.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from roulette_core import effects
from roulette_core.events import Attributes, BulkLeave, Event, Join, Place, Start, Tick, User


class Ledger:
    """The users, their states and their partners, according to the effects alone."""

    def __init__(self, depth: int = 1) -> None:
        self.depth = depth
        self.now = 0.0  # the time of the event whose effects are being entered, in seconds
        self.event: Event = Tick()  # that event
        self.names: dict[User, str] = {}  # of the users present
        self.bearers: dict[str, User] = {}  # the user of each name in use
        self.pool: dict[User, float] = {}  # who is searching and since when (seconds), in the order in which they began
        self.interests: dict[User, tuple[str, ...]] = {}  # of each user's latest ``Start``
        self.attributes: dict[User, Attributes] = {}  # of each user, if the caller has said any
        self.partner: dict[User, User] = {}  # of the users in private
        self.chat: dict[User, int] = {}  # the number of the chat that each user in private is in
        self.chats = 0  # the largest number of a chat so far
        self.left_behind: Place | None = None  # where partners go if the event does not say; None until one has gone
        self.latest: dict[User, User] = {}  # the latest partner of each user present
        self.partners: dict[User, deque[User]] = {}  # the last ones, oldest first; only kept if ``depth`` is over 1
        self.blocked: dict[User, set[User]] = {}  # for each user the users that they have blocked
        self.apart: dict[User, set[User]] = {}  # the same for either direction, since it is read for every pairing
        self.gone: set[User] = set()  # the users who have left and not come back

    def joined(self, effect: effects.Joined) -> None:
        """Enters a user in the lobby, with the blocks and attributes that the ``Join`` brought along."""
        if type(self.event) is Join:
            for other in self.event.blocked:
                self.keep_apart(effect.user, other)
            for other in self.event.blocked_by:
                self.keep_apart(other, effect.user)
            self.describe(effect.user, self.event.attributes)
        self.names[effect.user] = effect.name
        self.bearers[effect.name] = effect.user
        self.gone.discard(effect.user)

    def searching(self, effect: effects.Searching) -> None:
        """Moves a user into the pool, unless they are there, with the interests and attributes of the ``Start``."""
        self.pool.setdefault(effect.user, self.now)
        if type(self.event) is Start:
            self.interests[effect.user] = tuple(dict.fromkeys(self.event.interests))
            self.describe(effect.user, self.event.attributes)

    def describe(self, user: User, attributes: Attributes | None) -> None:
        """Enters what the caller says of a user; None changes nothing."""
        if attributes is not None:
            self.attributes[user] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in attributes.items()
            }

    def returned(self, effect: effects.Returned) -> None:
        """Takes a user out of the pool."""
        self.pool.pop(effect.user, None)

    def paired(self, effect: effects.Paired) -> None:
        """Moves two users from the pool into private."""
        first, second = effect[:2]
        self.pool.pop(first, None)
        self.pool.pop(second, None)
        self.partner[first] = self.latest[first] = second
        self.partner[second] = self.latest[second] = first
        self.chat[first] = self.chat[second] = effect.chat
        self.chats = max(self.chats, effect.chat)
        if self.depth > 1:
            self.partners.setdefault(first, deque(maxlen=self.depth)).append(second)
            self.partners.setdefault(second, deque(maxlen=self.depth)).append(first)

    def parted(self, effect: effects.Parted) -> None:
        """Ends a chat: the user searches after ``next`` and ``block``, the partner where the effect says so."""
        user, partner, cause = effect[:3]
        self.partner.pop(user, None)
        self.partner.pop(partner, None)
        self.chat.pop(user, None)
        self.chat.pop(partner, None)
        # Two partners who leave by one event say nothing of where others go.
        usual = type(self.event) is not BulkLeave and getattr(self.event, "left_behind", None) is None
        if self.left_behind is None and usual:
            self.left_behind = effect.left_behind
        if effect.left_behind == "searching":
            self.pool[partner] = self.now
        if cause in ("next", "block"):
            self.pool[user] = self.now
        if cause == "block":
            self.keep_apart(user, partner)

    def block(self, effect: effects.Blocked) -> None:
        """Enters a block of a user who is not the partner."""
        self.keep_apart(effect.user, effect.other)

    def unblock(self, effect: effects.Unblocked) -> None:
        """Takes back a user's own block; that of the other still keeps them apart."""
        user, other = effect.user, effect.other
        self.blocked.get(user, set()).discard(other)
        if user not in self.blocked.get(other, ()):
            self.apart.get(user, set()).discard(other)
            self.apart.get(other, set()).discard(user)

    def keep_apart(self, user: User, other: User) -> None:
        """Enters that a user has blocked another."""
        self.blocked.setdefault(user, set()).add(other)
        self.apart.setdefault(user, set()).add(other)
        self.apart.setdefault(other, set()).add(user)

    def left(self, effect: effects.Left) -> None:
        """Removes a user, with the name and the memory of partners."""
        user, name, _ = effect
        self.names.pop(user, None)
        self.bearers.pop(name, None)
        self.gone.add(user)
        for kept in (
            self.pool,
            self.interests,
            self.attributes,
            self.partner,
            self.chat,
            self.latest,
            self.partners,
            self.blocked,
        ):
            kept.pop(user, None)
        for other in self.apart.pop(user, set()) - {user}:
            self.apart[other].remove(user)
            self.blocked.get(other, set()).discard(user)

    def line(self, effect: object) -> None:
        """Changes nothing: for lines and refusals."""

    def enter(self, effect: effects.Effect) -> None:
        """Enters an effect of any kind."""
        ENTER[type(effect)](self, effect)


ENTER: dict[type, Callable[[Ledger, Any], None]] = {
    effects.Joined: Ledger.joined,
    effects.Refused: Ledger.line,
    effects.LobbyLine: Ledger.line,
    effects.PrivateLine: Ledger.line,
    effects.Searching: Ledger.searching,
    effects.Returned: Ledger.returned,
    effects.Paired: Ledger.paired,
    effects.Parted: Ledger.parted,
    effects.Blocked: Ledger.block,
    effects.Unblocked: Ledger.unblock,
    effects.Left: Ledger.left,
}
"""The method that enters each kind of effect."""
