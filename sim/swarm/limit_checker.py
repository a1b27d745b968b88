"""Observes the gateway, and checks that it keeps its limits."""

from collections import Counter
from ipaddress import ip_address

from roulette_core import BulkLeave, Effect, Event, Leave, Paired, Parted, Tick, User
from sim.swarm.sometimes import BY_TIME, EFFECTS, ENDINGS, PARTED, RARE, THROTTLED, Happening
from transports import Network
from transports.gateway import (
    CloseReason,
    Connected,
    Connection,
    ConnectionEvent,
    Ended,
    GatewayObserver,
    Limits,
    Throttled,
    TurnedAway,
    place,
)

_ROUNDING = 0.01


class LimitChecker(GatewayObserver):
    """Checks that the gateway keeps its limits, and counts what happens.

    Attributes:
        violations: a sentence for each time the gateway was too strict or too lax.
        counts: how often each effect, each reason and a few rare branches occurred.
        present: open connections → the network whose share of ``per_address`` they use.
    """

    def __init__(self, limits: Limits) -> None:
        self.violations: list[str] = []
        self.counts: Counter[Happening] = Counter()
        self.present: dict[Connection, Network] = {}
        self._limits = limits
        self._since: dict[User, float] = {}
        self._handled: Counter[User] = Counter()

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Counts the effects of an event, and checks the rate of its user."""
        for effect in effects:
            self.counts[EFFECTS, effect.kind] += 1
            if isinstance(effect, Parted):
                self.counts[RARE, f"{PARTED}{effect.cause}"] += 1
            elif isinstance(effect, Paired) and isinstance(event, Tick):
                self.counts[RARE, BY_TIME] += 1
        if self._limits.rate and not isinstance(event, Leave | BulkLeave | Tick):
            self._count(event.user, now)

    def happened(self, now: float, event: ConnectionEvent) -> None:
        """Checks that connections are admitted, turned away and ended as the limits say."""
        match event:
            case Connected(connection, address):
                self._let_in(connection, place(ip_address(address)))
                self._since[connection] = now
            case TurnedAway(_, address, reason):
                self.counts[ENDINGS, reason.value] += 1
                self._turned_away(place(ip_address(address)), reason)
            case Ended(connection, reason):
                self.counts[ENDINGS, reason.value] += 1
                if self.present.pop(connection, None) is None:
                    self.violations.append(f"connection {connection} ended twice")
            case Throttled():
                self.counts[RARE, THROTTLED] += 1

    def _let_in(self, connection: Connection, network: Network) -> None:
        self.present[connection] = network
        limits, neighbours = self._limits, self._from(network)
        if len(self.present) > (limits.users or len(self.present)):
            self.violations.append(f"{len(self.present)} connections at once; the limit is {limits.users}")
        if neighbours > (limits.per_address or neighbours):
            self.violations.append(
                f"{neighbours} connections at once from one address; the limit is {limits.per_address}"
            )

    def _from(self, network: Network) -> int:
        return sum(other == network for other in self.present.values())

    def _turned_away(self, network: Network, reason: CloseReason) -> None:
        """Checks that the limit named as the reason was reached."""
        limits, neighbours = self._limits, self._from(network)
        if reason is CloseReason.FULL and len(self.present) < limits.users:
            self.violations.append(f"turned away as full at {len(self.present)} of {limits.users} connections")
        if reason is CloseReason.TOO_MANY_CONNECTIONS and neighbours < limits.per_address:
            self.violations.append(f"turned away an address at {neighbours} of {limits.per_address} connections")

    def _count(self, user: User, now: float) -> None:
        """Checks that a user's requests were carried out no faster than the rate allows."""
        self._handled[user] += 1
        allowed = self._limits.burst + self._limits.rate * (now - self._since[user])
        if self._handled[user] > allowed + _ROUNDING:
            self.violations.append(
                f"connection {user} had {self._handled[user]} requests handled; {allowed:.2f} were allowed"
            )
