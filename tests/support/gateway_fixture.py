"""A gateway full of people, without a socket: what each of them reads, checked at every step."""

from roulette_core import Effect, Event, Roulette
from tests.support.scrutiny import scrutinise
from tests.support.witness import Witness
from transports.gateway import ConnectionEvent, Gateway, GatewayObserver, Limits, Order, Output
from transports.limits import Network

UNHURRIED = Limits(rate=0, registration=0, ping=0, idle=0)
"""What everybody is held to, but for how fast they may be and how long they may be silent."""


class GatewayFixture(GatewayObserver):
    """People at a gateway, numbered from 1 in the order in which they came.

    Args:
        policy: who meets whom.
        limits: what people are held to.
        language: what the server speaks.

    Attributes:
        checker: holds the core to its invariants.
        journal: every event the core handled, with its time and effects.
        events: everything that happened to a connection.
        heard: what every connection was sent and has not read yet.
        open: the connections that are there, and from where.
        closed: the connections that the server closed.
        banned: the networks from which nobody is let in.
        programs: those who have been sent an object, and so speak JSON.
        paused: the connections that nothing is read from; what they send waits.
        stopped: whether the server has said goodbye.
        now: the time, in seconds; to be moved by the test.
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
        """Somebody connects: their number."""
        number = len(self.heard) + 1
        self.heard[number] = b""
        self.open[number] = address
        self.carry(self.gateway.connected(number, self.now, address))
        return number

    def enter(self, *names: str) -> tuple[int, ...]:
        """People connect and say their names; nobody remembers the welcome."""
        numbers = tuple(self.connect() for _ in names)
        for number, name in zip(numbers, names, strict=True):
            self.send(number, f"{name}\n".encode())
        self.forget()
        return numbers

    def send(self, number: int, data: bytes) -> None:
        """Bytes come from somebody; they wait where nothing is read."""
        if number in self.paused:
            self.paused[number] += data
        else:
            self.carry(self.gateway.received(number, data, self.now))

    def type(self, number: int, *lines: str) -> None:
        """Somebody types lines, each in its own packet."""
        for line in lines:
            self.send(number, f"{line}\n".encode())

    def vanish(self, number: int) -> None:
        """A connection is gone."""
        self.open.pop(number, None)
        self.paused.pop(number, None)
        self.carry(self.gateway.disconnected(number, self.now))

    def ban(self, network: Network) -> None:
        """The operator bans everybody from a network."""
        self.banned.add(network)
        self.carry(self.gateway.ban(network, self.now))

    def unban(self, network: Network) -> None:
        """The operator ends a ban."""
        assert self.gateway.unban(network) == (network in self.banned)
        self.banned.discard(network)

    def tick(self) -> None:
        """The time of the next deadline comes."""
        deadline = self.gateway.next_deadline()
        assert deadline is not None
        self.now = max(self.now, deadline)
        self.carry(self.gateway.tick(self.now))
        deadline = self.gateway.next_deadline()
        assert deadline is None or deadline > self.now, "what was due has been done"

    def stop(self) -> None:
        """The server says goodbye."""
        self.stopped = True
        self.carry(self.gateway.goodbye(self.now))
        assert not self.open

    def wait(self, seconds: float) -> None:
        """Time passes, with all the deadlines in it."""
        until = self.now + seconds
        while (deadline := self.gateway.next_deadline()) is not None and deadline <= until:
            self.tick()
        self.now = until

    def carry(self, outputs: list[Output]) -> None:
        """Delivers what the gateway says, none of it to anybody who is not there."""
        resumed = [number for number in map(self._deliver, outputs) if number is not None]
        assert not self.checker.breaches
        assert self._witness.all_is_heard()
        for number in resumed:
            held = self.paused.pop(number, b"")
            if held:
                self.send(number, held)

    def check(self) -> None:
        """Holds what the gateway and its core keep against what people have seen; takes time by their number."""
        if not self.stopped:
            self.checker.compare(self.gateway.roulette)
            assert not self.checker.breaches
            scrutinise(self.gateway, self.open, self.paused, self.banned)

    def _deliver(self, output: Output) -> int | None:
        """Delivers one output: who is to be read from again, if so."""
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
        """The lines somebody has been sent since last time."""
        text, self.heard[number] = self.heard[number].decode(), b""
        return text.split("\r\n")[:-1]

    def spoken(self, number: int) -> list[str]:
        """What people, not the server, said to somebody since last time."""
        return [line for line in self.read(number) if not line.startswith("* ")]

    def forget(self) -> None:
        """Everybody has read everything."""
        self.heard = dict.fromkeys(self.heard, b"")
