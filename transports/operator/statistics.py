"""Counts of all that happens, in memory that does not grow with time."""

from collections import Counter

from roulette_core import (
    Effect,
    Event,
    Left,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
    User,
)
from transports.gateway.connection_events import (
    Connected,
    ConnectionEvent,
    Ended,
    Garbage,
    GatewayObserver,
    Throttled,
    TurnedAway,
)
from transports.operator.waits import WaitHistogram

STAYS_OUT = frozenset({"lobby", "leave"})
"""Causes for which a private chat ends and whoever ended it does not search again."""


class Statistics(GatewayObserver):
    """Counts what happens; how many there are *now* is for the gateway to say.

    It is told of every event, so it does as little as it can for each; what is most frequent is asked for first.

    Attributes:
        accepted: connections let in.
        turned_away: connections not let in, by reason.
        ended: connections that were let in and have ended, by reason.
        lobby_lines: lines said in the lobby, each once, however many heard it.
        private_lines: lines said in private.
        pairings: private chats begun.
        partings: private chats ended, by cause.
        refusals: what users asked and could not have, by reason.
        throttled: how often somebody who sent too fast had to wait.
        garbage: lines too long or not understood, by reason.
        waits: from beginning to search until paired.
    """

    def __init__(self) -> None:
        self.accepted = 0
        self.turned_away: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.lobby_lines = 0
        self.private_lines = 0
        self.pairings = 0
        self.partings: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.throttled = 0
        self.garbage: Counter[str] = Counter()
        self.waits = WaitHistogram()
        self._searching_since: dict[User, float] = {}

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Counts what the core ordered."""
        for effect in effects:
            match effect:
                case PrivateLine():
                    self.private_lines += 1
                case LobbyLine():
                    self.lobby_lines += 1
                case Paired(first, second):
                    self.pairings += 1
                    for user in (first, second):
                        self.waits.add(now - self._searching_since.pop(user, now))
                case Parted(user, partner, cause):
                    self.partings[cause] += 1
                    self._searching_since[partner] = now
                    if cause not in STAYS_OUT:
                        self._searching_since[user] = now
                case Searching(user):
                    self._searching_since[user] = now
                case Returned(user) | Left(user):
                    self._searching_since.pop(user, None)
                case Refused(_, reason):
                    self.refusals[reason] += 1

    def happened(self, now: float, event: ConnectionEvent) -> None:
        """Counts what happened to a connection."""
        match event:
            case Connected():
                self.accepted += 1
            case TurnedAway(reason=reason):
                self.turned_away[reason] += 1
            case Ended(reason=reason):
                self.ended[reason] += 1
            case Throttled():
                self.throttled += 1
            case Garbage(reason=reason):
                self.garbage[reason] += 1
