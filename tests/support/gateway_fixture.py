"""A gateway with users, without a socket: everything they receive is checked at every step."""

from roulette_core import Effect, Event, Roulette
from tests.support.scrutiny import scrutinise
from tests.support.witness import Witness
from transports.gateway import ConnectionEvent, Gateway, GatewayObserver, Limits, Order, Output
from transports.limits import Network

UNHURRIED = Limits(rate=0, registration=0, ping=0, idle=0)
"""The default limits, but without a rate limit and timeouts."""


class GatewayFixture(GatewayObserver):
    """A gateway and its connections, numbered from 1 in their order.

    Args:
        policy: the pairing policy.
        limits: the limits of the gateway.
        language: the server's language.

    Attributes:
        checker: checks the invariants of the core.
        journal: every event the core handled, with its time and effects.
        events: everything that happened to a connection.
        heard: what each connection has been sent and not read yet.
        open: the open connections, and their addresses.
        closed: the connections that the server closed.
        banned: the banned networks.
        programs: the connections that speak JSON, as they have been sent an object.
        paused: the connections that are not read from, and their unread input.
        stopped: whether the server has said goodbye.
        now: the time, in seconds; tests may advance it.
    """

    def __init__(
        self,
        policy: str = "no-repeat",
        limits: Limits = UNHURRIED,
        language: str = "en",
    ) -> None:
        roulette = Roulette(policy)
        self._witness = Witness(roulette, limits)
        self.gateway = Gateway(roulette, limits, [self, self._witness], language)
        self.checker = self._witness.checker
        self.programs = self._witness.programs
        self.journal: list[tuple[float, Event, tuple[Effect, ...]]] = []
        self.heard: dict[int, bytes] = {}
        self.open: dict[int, str] = {}
        self.closed: set[int] = set()
        self.banned: set[Network] = set()
        self.paused: dict[int, bytes] = {}
        self.events: list[ConnectionEvent] = []
        self.stopped = False
        self.now = 0.0

    def happened(self, now: float, event: ConnectionEvent) -> None:
        self.events.append(event)

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self.journal.append((now, event, effects))

    def connect(self, address: str = "") -> int:
        """Opens a connection, and returns its number."""
        number = len(self.heard) + 1
        self.heard[number] = b""
        self.open[number] = address
        self.carry(self.gateway.connected(number, self.now, address))
        return number

    def enter(self, *names: str) -> tuple[int, ...]:
        """Connects users with these pseudonyms, and discards their welcome."""
        numbers = tuple(self.connect() for _ in names)
        for number, name in zip(numbers, names, strict=True):
            self.send(number, f"{name}\n".encode())
        self.forget()
        return numbers

    def send(self, number: int, data: bytes) -> None:
        """Sends bytes from a connection; they wait while it is not read."""
        if number in self.paused:
            self.paused[number] += data
        else:
            self.carry(self.gateway.received(number, data, self.now))

    def type(self, number: int, *lines: str) -> None:
        """Sends lines from a connection, each in its own packet."""
        for line in lines:
            self.send(number, f"{line}\n".encode())

    def vanish(self, number: int) -> None:
        """Ends a connection without a word."""
        self.open.pop(number, None)
        self.paused.pop(number, None)
        self.carry(self.gateway.disconnected(number, self.now))

    def ban(self, network: Network) -> None:
        """Bans a network."""
        self.banned.add(network)
        self.carry(self.gateway.ban(network, self.now))

    def unban(self, network: Network) -> None:
        """Ends a ban."""
        assert self.gateway.unban(network) == (network in self.banned)
        self.banned.discard(network)

    def tick(self) -> None:
        """Advances the clock to the next deadline, and calls ``tick``."""
        deadline = self.gateway.next_deadline()
        assert deadline is not None
        self.now = max(self.now, deadline)
        self.carry(self.gateway.tick(self.now))
        deadline = self.gateway.next_deadline()
        assert deadline is None or deadline > self.now, "what was due has been done"

    def stop(self) -> None:
        """Stops the server."""
        self.stopped = True
        self.carry(self.gateway.goodbye(self.now))
        assert not self.open

    def wait(self, seconds: float) -> None:
        """Advances the clock, with all deadlines on the way."""
        until = self.now + seconds
        while (deadline := self.gateway.next_deadline()) is not None and deadline <= until:
            self.tick()
        self.now = until

    def carry(self, outputs: list[Output]) -> None:
        """Carries out outputs, none of which may be for a closed connection."""
        resumed = [number for number in map(self._deliver, outputs) if number is not None]
        assert not self.checker.breaches
        assert self._witness.all_is_heard()
        for number in resumed:
            held = self.paused.pop(number, b"")
            if held:
                self.send(number, held)

    def check(self) -> None:
        """Compares the state of the gateway and its core with what the connections have seen, in linear time."""
        if not self.stopped:
            self.checker.compare(self.gateway.roulette)
            assert not self.checker.breaches
            scrutinise(self.gateway, self.open, self.paused, self.banned)

    def _deliver(self, output: Output) -> int | None:
        """Carries out one output; returns the connection that it resumes, if any."""
        number, what = output
        assert isinstance(number, int)
        assert number in self.open, f"{what!r} for a connection that is not open"
        if isinstance(what, bytes):
            self.heard[number] += what
            self._witness.hear(number, what)
        elif what is Order.CLOSE:
            del self.open[number]
            self.closed.add(number)
            self.paused.pop(number, None)
        elif what is Order.PAUSE:
            assert number not in self.paused
            self.paused[number] = b""
        else:
            assert number in self.paused
            return number
        return None

    def read(self, number: int) -> list[str]:
        """Returns the lines sent to a connection since the last call."""
        text, self.heard[number] = self.heard[number].decode(), b""
        return text.split("\r\n")[:-1]

    def spoken(self, number: int) -> list[str]:
        """Returns the lines of other users sent to a connection since the last call."""
        return [line for line in self.read(number) if not line.startswith("* ")]

    def forget(self) -> None:
        """Discards everything that has been sent."""
        self.heard = dict.fromkeys(self.heard, b"")
