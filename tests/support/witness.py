"""Derives from the core's effects what each connection must receive, and checks that it does."""

from collections import Counter, defaultdict, deque
from typing import NamedTuple

from roulette_core import Effect, Event, Leave, LobbyLine, Paired, Parted, PrivateLine, Roulette, Tick, User
from roulette_core.testing import Checker
from tests.support.protocol import conforming
from transports.gateway import Connection, ConnectionEvent, GatewayObserver, Limits
from transports.gateway.connection_events import Connected, Named


class Said(NamedTuple):
    """A line that is to be received: its sender, its audience (``lobby`` or ``private``) and its text."""

    name: str
    to: str
    text: str


class Witness(GatewayObserver):
    """Checks every step of the core and every line from the server.

    Args:
        roulette: the core.
        limits: the limits of the gateway.

    Attributes:
        checker: checks the invariants of the core.
        programs: the connections that speak JSON, as they have been sent an object.
    """

    def __init__(self, roulette: Roulette, limits: Limits) -> None:
        self.checker = Checker(roulette.policy.specification, thorough=True)
        self.programs: set[Connection] = set()
        self._roulette = roulette
        self._limits = limits
        self._names: dict[User, str] = {}
        self._due: defaultdict[User, deque[Said]] = defaultdict(deque)
        self._apart: set[frozenset[str]] = set()
        self._since: dict[User, float] = {}
        self._asked: Counter[User] = Counter()

    def happened(self, now: float, event: ConnectionEvent) -> None:
        if isinstance(event, Connected):
            self._since[event.connection] = now
        elif isinstance(event, Named):
            self._names[event.connection] = event.name

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self.checker.check(now, event, effects)
        for effect in effects:
            if isinstance(effect, LobbyLine | PrivateLine):
                said = Said(self._names[effect.sender], effect.kind.removesuffix("_line"), effect.text)
                for user in self._roulette.recipients(effect):
                    self._due[user].append(said)
            elif isinstance(effect, Parted) and effect.cause == "block":
                self._apart.add(self._pair(effect.user, effect.partner))
            elif isinstance(effect, Paired):
                pair = self._pair(effect.first, effect.second)
                assert pair not in self._apart, "a block holds under the same names"
        if self._limits.rate and not isinstance(event, Leave | Tick):
            self._count(event.user, now)

    def hear(self, number: Connection, data: bytes) -> None:
        """Checks one output to a connection: its format, and that a line of a user is the one that is due."""
        assert data.endswith(b"\r\n")
        lines = data[:-2].split(b"\r\n")
        if number in self.programs or data.startswith(b"{"):
            self.programs.add(number)
            (line,) = lines
            members = conforming(line, self._limits.line_limit)
            if members["type"] == "line":
                assert self._next(number) == (members["from"], members["to"], members["text"])
        elif data.startswith(b"<"):
            (line,) = lines
            said = self._next(number)
            assert line.decode() == f"<{said.name}> {said.text}"
        else:
            assert all(line.startswith(b"* ") for line in lines)

    def all_is_heard(self) -> bool:
        """Returns whether every line has reached all users whom the core names."""
        return not any(self._due.values())

    def _next(self, number: Connection) -> Said:
        assert self._due[number], "a user receives a line that was not sent to them"
        return self._due[number].popleft()

    def _pair(self, first: User, second: User) -> frozenset[str]:
        return frozenset({self._roulette.name(first), self._roulette.name(second)})

    def _count(self, user: User, now: float) -> None:
        """Checks that no user exceeds the rate."""
        self._asked[user] += 1
        assert self._asked[user] <= self._limits.burst + self._limits.rate * (now - self._since[user]) + 0.01
