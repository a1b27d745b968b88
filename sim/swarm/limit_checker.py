"""Sees all that the gateway tells its observers, and holds the gateway to its limits."""

from collections import Counter
from ipaddress import ip_address

from roulette_core import Effect, Event, Leave, Paired, Parted, Tick, User
from sim.swarm.sometimes import BY_TIME, EFFECTS, ENDINGS, PARTED, RARE, THROTTLED, Happening
from transports import Network
from transports.gateway import CloseReason, Connection, ConnectionEvent, GatewayObserver, Limits
from transports.gateway.admission import place
from transports.gateway.connection_events import Connected, Ended, Throttled, TurnedAway

_ROUNDING = 0.01


class LimitChecker(GatewayObserver):
    """Holds the gateway to its limits, and counts.

    Args:
        limits: what everybody is held to.

    Attributes:
        complaints: where the gateway was too strict or not strict enough, in words.
        counts: what happened, and how often: effects, endings and a few rare branches.
        present: the connections that were let in and are not at their end.
    """

    def __init__(self, limits: Limits) -> None:
        self.violations: list[str] = []
        self.counts: Counter[Happening] = Counter()
        self.present: dict[Connection, Network] = {}
        self._limits = limits
        self._since: dict[User, float] = {}
        self._obeyed: Counter[User] = Counter()

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """The core has handled an event."""
        for effect in effects:
            self.counts[EFFECTS, effect.kind] += 1
            if isinstance(effect, Parted):
                self.counts[RARE, f"{PARTED}{effect.cause}"] += 1
            elif isinstance(effect, Paired) and isinstance(event, Tick):
                self.counts[RARE, BY_TIME] += 1
        if self._limits.rate and not isinstance(event, Leave | Tick):
            self._count(event.user, now)

    def happened(self, now: float, incident: ConnectionEvent) -> None:
        """Something has happened to a connection."""
        match incident:
            case Connected(connection, address):
                self._let_in(connection, place(ip_address(address)))
                self._since[connection] = now
            case TurnedAway(_, address, ending):
                self.counts[ENDINGS, ending.value] += 1
                self._turned_away(place(ip_address(address)), ending)
            case Ended(connection, ending):
                self.counts[ENDINGS, ending.value] += 1
                if self.present.pop(connection, None) is None:
                    self.violations.append(f"connection {connection} came to an end twice")
            case Throttled():
                self.counts[RARE, THROTTLED] += 1

    def _let_in(self, connection: Connection, network: Network) -> None:
        self.present[connection] = network
        limits, neighbours = self._limits, self._from(network)
        if len(self.present) > (limits.users or len(self.present)):
            self.violations.append(f"{len(self.present)} were let in at once, of {limits.users}")
        if neighbours > (limits.per_address or neighbours):
            self.violations.append(f"{neighbours} were let in at once from one address, of {limits.per_address}")

    def _from(self, network: Network) -> int:
        return sum(other == network for other in self.present.values())

    def _turned_away(self, network: Network, ending: CloseReason) -> None:
        """Nobody is turned away while there is room."""
        limits, neighbours = self._limits, self._from(network)
        if ending is CloseReason.FULL and len(self.present) < limits.users:
            self.violations.append(f"the server was called full with {len(self.present)} of {limits.users} in it")
        if ending is CloseReason.TOO_MANY_CONNECTIONS and neighbours < limits.per_address:
            self.violations.append(f"an address was called full with {neighbours} of {limits.per_address} from there")

    def _count(self, user: User, now: float) -> None:
        """Nobody is obeyed faster than anybody may be."""
        self._obeyed[user] += 1
        allowed = self._limits.burst + self._limits.rate * (now - self._since[user])
        if self._obeyed[user] > allowed + _ROUNDING:
            self.violations.append(f"connection {user} was obeyed {self._obeyed[user]} times, of {allowed:.2f} allowed")
