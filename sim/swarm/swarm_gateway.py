"""The server of a case: the real gateway, at whose door addresses are seen, and whose driver may be hasty."""

from collections.abc import Sequence
from ipaddress import ip_network
from random import Random

from roulette_core import Roulette, User
from sim.worlds.wire.wire import Wire
from transports.gateway import Connection, Gateway, GatewayObserver, Limits, Order, Output

ADDRESSES = ("192.0.2.1", "192.0.2.2", "198.51.100.3", "2001:db8::1", "2001:db8::2", "2001:db8:1::3")
"""From where people come (RFC 5737, RFC 3849): two of the last three are one household's."""


class SwarmGateway(Gateway):
    """A gateway whose connections come from a few addresses.

    Args:
        roulette: as for any gateway.
        limits: as for any gateway.
        observers: as for any gateway.
        chance: from where each connection comes, and how hastily it is read.
        reading_on: whether what has come is handed over in two steps before the orders on the first are carried out,
            as by a driver that has read on before it heard of ``PAUSE``.

    Attributes:
        read_on: how often something was handed over that should have waited.
        since: when each connection was let in or turned away, in seconds.
        heard: when something last came from it, or could come again.
    """

    def __init__(
        self, roulette: Roulette, limits: Limits, observers: Sequence[GatewayObserver], chance: Random, reading_on: bool
    ) -> None:
        super().__init__(roulette, limits, observers)
        self.read_on = 0
        self.since: dict[Connection, float] = {}
        self.heard: dict[Connection, float] = {}
        self._chance = chance
        self._reading_on = reading_on

    def connected(self, connection: Connection, now: float, address: str = "") -> list[Output]:
        """Somebody has connected, from somewhere."""
        self.since[connection] = self.heard[connection] = now
        return super().connected(connection, now, address or self._chance.choice(ADDRESSES))

    def received(self, connection: Connection, data: bytes, now: float) -> list[Output]:
        """Bytes have come, perhaps in two steps."""
        self.heard[connection] = now
        if not self._reading_on or len(data) < 2:
            return super().received(connection, data, now)
        place = self._chance.randrange(1, len(data))
        outputs = super().received(connection, data[:place], now)
        self.read_on += (connection, Order.PAUSE) in outputs
        return [*outputs, *super().received(connection, data[place:], now)]

    def tick(self, now: float) -> list[Output]:
        """Time has passed, and who was paused may be read again."""
        outputs = super().tick(now)
        self.heard.update((connection, now) for connection, data in outputs if data is Order.RESUME)
        return outputs


class OperatorClient:
    """Somebody at the console who kicks, bans for a while, and says something.

    Args:
        wire: where.
        every: after how many seconds there is something to do, on average.
        chance: what there is to do.

    Attributes:
        complaints: where somebody stayed who was sent away, in words.
    """

    def __init__(self, wire: Wire, every: float, chance: Random) -> None:
        self._wire = wire
        self._every = every
        self._chance = chance
        self._awake = True
        self.violations: list[str] = []
        self._expect()

    def sleep(self) -> None:
        """Does nothing more."""
        self._awake = False

    def _expect(self) -> None:
        self._wire.conditions.later(self._chance.expovariate(1 / self._every), self._act)

    def _act(self) -> None:
        gateway, advance = self._wire.gateway, self._wire.driver.advance
        if not self._awake:
            return
        users = list(gateway.roulette.users())
        if users:
            user = self._chance.choice(users)
            for network in gateway.bans():
                gateway.unban(network)
            match self._chance.randrange(4):
                case 0:
                    advance(gateway.kick, user)
                    self._check_gone(user)
                case 1:
                    advance(gateway.ban, ip_network(gateway.address(user)))
                    self._check_gone(user)
                case _:
                    advance(gateway.say, "The operator says hello.")
        self._expect()

    def _check_gone(self, user: User) -> None:
        if user in self._wire.roulette.users():
            self.violations.append(f"connection {user} was sent away, and its user is still there")
