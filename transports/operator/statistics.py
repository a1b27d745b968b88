"""Counts what happens, in memory that does not grow with time."""

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
from transports.gateway import Connected, ConnectionEvent, Ended, Garbage, GatewayObserver, Throttled, TurnedAway
from transports.operator.waits import WaitHistogram

STAYS_OUT = frozenset({"lobby", "leave"})
"""Causes of a parting after which the user who caused it is not searching."""


class Statistics(GatewayObserver):
    """Counters of a server; present numbers come from the gateway.

    Called for every event, so it does as little as possible; the most frequent effects are matched first.
    """

    def __init__(self) -> None:
        self.accepted = 0  # connections
        self.turned_away: Counter[str] = Counter()  # connections, by reason
        self.ended: Counter[str] = Counter()  # accepted connections, by reason
        self.lobby_lines = 0  # each counted once
        self.private_lines = 0
        self.pairings = 0
        self.partings: Counter[str] = Counter()  # by cause
        self.refusals: Counter[str] = Counter()  # by reason
        self.throttled = 0  # how often a connection exceeded its rate and was paused
        self.garbage: Counter[str] = Counter()  # lines that were too long or invalid, by reason
        self.waits = WaitHistogram()  # from starting to search to being paired
        self._searching_since: dict[User, float] = {}

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Counts effects of the core."""
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
                case Parted(user, partner, cause, left_behind=left_behind):
                    self.partings[cause] += 1
                    if left_behind == "searching":
                        self._searching_since[partner] = now
                    if cause not in STAYS_OUT:
                        self._searching_since[user] = now
                case Searching(user):
                    self._searching_since.setdefault(user, now)  # other interests do not begin another search
                case Returned(user) | Left(user):
                    self._searching_since.pop(user, None)
                case Refused(_, reason):
                    self.refusals[reason] += 1

    def happened(self, now: float, event: ConnectionEvent) -> None:
        """Counts an event of a connection."""
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
