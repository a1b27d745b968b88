"""A gateway full of people, without a socket: what each of them reads, checked at every step."""

from collections import Counter

from roulette_core import Effect, Event, LobbyLine, PrivateLine, Roulette, User
from roulette_core.testing import Checker
from transports.gateway import Gateway, Order, Output


class Room:
    """People at a gateway, numbered from 1 in the order in which they came.

    Args:
        policy: who meets whom.
        kind: the gateway, or one with a bug.

    Attributes:
        journal: every event the core handled, with its time and effects.
        heard: what every connection was sent and has not read yet.
        closed: the connections that the server closed.
        now: the time, in seconds; to be moved by the test.
    """

    def __init__(self, policy: str = "no-repeat", kind: type[Gateway] = Gateway) -> None:
        roulette = Roulette(policy)
        self.gateway = kind(roulette, self._record)
        self.checker = Checker(roulette.policy.specification, thorough=True)
        self.journal: list[tuple[float, Event, tuple[Effect, ...]]] = []
        self.heard: dict[int, bytes] = {}
        self.open: set[int] = set()
        self.closed: set[int] = set()
        self.now = 0.0
        self._due: Counter[User] = Counter()
        self._spoken: Counter[User] = Counter()

    def _record(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self.journal.append((now, event, effects))
        self.checker.check(now, event, effects)
        for effect in effects:
            if isinstance(effect, LobbyLine | PrivateLine):
                self._due.update(self.gateway.roulette.recipients(effect))

    def connect(self) -> int:
        """Somebody connects: their number."""
        number = len(self.heard) + 1
        self.heard[number] = b""
        self.open.add(number)
        self.carry(self.gateway.connected(number, self.now))
        return number

    def enter(self, *names: str) -> tuple[int, ...]:
        """People connect and say their names; nobody remembers the welcome."""
        numbers = tuple(self.connect() for _ in names)
        for number, name in zip(numbers, names, strict=True):
            self.send(number, f"{name}\n".encode())
        self.forget()
        return numbers

    def send(self, number: int, data: bytes) -> None:
        """Bytes come from somebody."""
        self.carry(self.gateway.received(number, data, self.now))

    def type(self, number: int, *lines: str) -> None:
        """Somebody types lines, each in its own packet."""
        for line in lines:
            self.send(number, f"{line}\n".encode())

    def vanish(self, number: int) -> None:
        """A connection is gone."""
        self.open.discard(number)
        self.carry(self.gateway.disconnected(number, self.now))

    def tick(self) -> None:
        """The time of the next deadline comes."""
        deadline = self.gateway.next_deadline()
        assert deadline is not None
        self.now = max(self.now, deadline)
        self.carry(self.gateway.tick(self.now))

    def carry(self, outputs: list[Output]) -> None:
        """Delivers what the gateway says, none of it to anybody who is not there."""
        for number, data in outputs:
            assert isinstance(number, int)
            assert number in self.open, f"{data!r} for a connection that is not open"
            if data is Order.CLOSE:
                self.open.discard(number)
                self.closed.add(number)
            else:
                assert isinstance(data, bytes)
                assert data.endswith(b"\r\n")
                self.heard[number] += data
                self._spoken[number] += data.startswith(b"<")
        assert not self.checker.breaches
        assert self._spoken == self._due, "what people say reaches those whom the core names, and nobody else"

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
