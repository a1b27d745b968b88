"""A gateway full of people, without a socket: what each of them reads, checked at every step."""

from collections import Counter

from roulette_core import Effect, Event, LobbyLine, PrivateLine, Roulette, User
from roulette_core.testing import Checker
from transports.gateway import Gateway, Incident, Limits, Observer, Order, Output

UNHURRIED = Limits(rate=0, registration=0, ping=0, idle=0)
"""What everybody is held to, but for how fast they may be and how long they may be silent."""


class Room(Observer):
    """People at a gateway, numbered from 1 in the order in which they came.

    Args:
        policy: who meets whom.
        limits: what people are held to.
        language: what the server speaks.

    Attributes:
        journal: every event the core handled, with its time and effects.
        incidents: everything that happened to a connection.
        heard: what every connection was sent and has not read yet.
        closed: the connections that the server closed.
        paused: the connections that nothing is read from; what they send waits.
        now: the time, in seconds; to be moved by the test.
    """

    def __init__(
        self,
        policy: str = "no-repeat",
        limits: Limits = UNHURRIED,
        language: str = "en",
    ) -> None:
        roulette = Roulette(policy)
        self.gateway = Gateway(roulette, limits, [self], language)
        self.checker = Checker(roulette.policy.specification, thorough=True)
        self.journal: list[tuple[float, Event, tuple[Effect, ...]]] = []
        self.heard: dict[int, bytes] = {}
        self.open: set[int] = set()
        self.closed: set[int] = set()
        self.paused: dict[int, bytes] = {}
        self.incidents: list[Incident] = []
        self.now = 0.0
        self._due: Counter[User] = Counter()
        self._spoken: Counter[User] = Counter()

    def happened(self, now: float, incident: Incident) -> None:
        self.incidents.append(incident)

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self.journal.append((now, event, effects))
        self.checker.check(now, event, effects)
        for effect in effects:
            if isinstance(effect, LobbyLine | PrivateLine):
                self._due.update(self.gateway.roulette.recipients(effect))

    def connect(self, address: str = "") -> int:
        """Somebody connects: their number."""
        number = len(self.heard) + 1
        self.heard[number] = b""
        self.open.add(number)
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
        self.open.discard(number)
        self.paused.pop(number, None)
        self.carry(self.gateway.disconnected(number, self.now))

    def tick(self) -> None:
        """The time of the next deadline comes."""
        deadline = self.gateway.next_deadline()
        assert deadline is not None
        self.now = max(self.now, deadline)
        self.carry(self.gateway.tick(self.now))

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
        assert self._spoken == self._due, "what people say reaches those whom the core names, and nobody else"
        for number in resumed:
            held = self.paused.pop(number, b"")
            if held:
                self.send(number, held)

    def _deliver(self, output: Output) -> int | None:
        """Delivers one output: who is to be read from again, if so."""
        number, what = output
        assert isinstance(number, int)
        assert number in self.open, f"{what!r} for a connection that is not open"
        if isinstance(what, bytes):
            assert what.endswith(b"\r\n")
            self.heard[number] += what
            self._spoken[number] += what.startswith((b"<", b'{"type":"line"'))
        elif what is Order.CLOSE:
            self.open.discard(number)
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
