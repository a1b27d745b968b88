"""The server of a case: the real gateway, with clients from a few addresses, and perhaps a driver that reads ahead."""

from collections.abc import Sequence
from ipaddress import ip_network
from random import Random

from roulette_core import Roulette, User
from sim.swarm.driver_checker import DriverChecker
from sim.worlds.wire import Wire
from transports import Network
from transports.gateway import CloseReason, Connection, Gateway, GatewayObserver, Limits, Order, Output

ADDRESSES = ("192.0.2.1", "192.0.2.2", "198.51.100.3", "2001:db8::1", "2001:db8::2", "2001:db8:1::3")
"""Addresses of clients, reserved for documentation (RFC 5737, RFC 3849); the fourth and fifth share a /64."""


class PlannedFailure(Exception):
    """The gateway raises this on purpose."""


class SwarmGateway(Gateway):
    """A gateway whose connections come from a few addresses.

    Args:
        checker: is told what the driver asks, and what it is answered.
        chance: draws the address of each connection, and where its input is cut.
        reading_on: whether input comes in two pieces before the orders on the first are carried out, as from a driver
            that has read on before it obeyed ``PAUSE``.

    Attributes:
        read_on: how often input came after ``PAUSE``.
        since: connection → when it connected, in seconds.
        heard: connection → when input last came, or reading was resumed.
    """

    def __init__(
        self,
        roulette: Roulette,
        limits: Limits,
        observers: Sequence[GatewayObserver],
        checker: DriverChecker,
        chance: Random,
        reading_on: bool,
    ) -> None:
        super().__init__(roulette, limits, observers)
        self._checker = checker
        self.read_on = 0
        self.since: dict[Connection, float] = {}
        self.heard: dict[Connection, float] = {}
        self._chance = chance
        self._reading_on = reading_on

    def connected(self, connection: Connection, now: float, address: str = "") -> list[Output]:
        """Connects from one of ``ADDRESSES``."""
        self._checker.connected(connection)
        self.since[connection] = self.heard[connection] = now
        return self._checked(super().connected(connection, now, address or self._chance.choice(ADDRESSES)))

    def received(self, connection: Connection, data: bytes, now: float) -> list[Output]:
        """Takes input, perhaps in two pieces."""
        self._checker.received(connection)
        self.heard[connection] = now
        if not self._reading_on or len(data) < 2:
            return self._checked(super().received(connection, data, now))
        place = self._chance.randrange(1, len(data))
        outputs = super().received(connection, data[:place], now)
        self.read_on += (connection, Order.PAUSE) in outputs
        return self._checked([*outputs, *super().received(connection, data[place:], now)])

    def disconnected(self, connection: Connection, now: float, reason: CloseReason = CloseReason.LOST) -> list[Output]:
        """Ends a connection that is gone."""
        self._checker.disconnected(connection, reason)
        return self._checked(super().disconnected(connection, now, reason))

    def tick(self, now: float) -> list[Output]:
        """Does what is due, and notes which connections are read again."""
        self._checker.asked()
        outputs = self._checked(super().tick(now))
        self.heard.update((connection, now) for connection, data in outputs if data is Order.RESUME)
        return outputs

    def goodbye(self, now: float) -> list[Output]:
        """Says goodbye to all clients."""
        return self._checked(super().goodbye(now))

    def kick(self, user: User, now: float) -> list[Output]:
        """Disconnects a user."""
        return self._checked(super().kick(user, now))

    def ban(self, network: Network, now: float) -> list[Output]:
        """Bans a network."""
        return self._checked(super().ban(network, now))

    def say(self, text: str, now: float) -> list[Output]:
        """Sends the operator's text to all users."""
        return self._checked(super().say(text, now))

    def fail(self, now: float) -> list[Output]:
        """Raises an exception, as a broken policy would."""
        self._checker.failed()
        raise PlannedFailure

    def _checked(self, outputs: list[Output]) -> list[Output]:
        self._checker.ordered(outputs)
        return outputs


class OperatorClient:
    """An operator who kicks users, bans them until the next command, and sends messages.

    Args:
        every: mean time between two commands, in seconds.

    Attributes:
        violations: a sentence for each user who was still there after being kicked or banned.
    """

    def __init__(self, wire: Wire, every: float, chance: Random) -> None:
        self._wire = wire
        self._every = every
        self._chance = chance
        self._awake = True
        self.violations: list[str] = []
        self._expect()

    def sleep(self) -> None:
        """Gives no more commands."""
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
            self.violations.append(f"connection {user} was kicked or banned, but its user is still there")
