"""Somebody who sees all that a core decides, and knows from it what each connection is to hear."""

from collections import Counter, defaultdict, deque
from typing import NamedTuple

from roulette_core import Effect, Event, Leave, LobbyLine, Paired, Parted, PrivateLine, Roulette, Tick, User
from roulette_core.testing import Checker
from tests.support.protocol import conforming
from transports.gateway import Connection, ConnectionEvent, GatewayObserver, Limits
from transports.gateway.connection_events import Connected, Named


class Said(NamedTuple):
    """A line that somebody is to hear: whose it is, for whom (``lobby`` or ``private``), and what."""

    name: str
    to: str
    text: str


class Witness(GatewayObserver):
    """Holds every step of the core, and every line from the server, against what was promised.

    Args:
        roulette: the core.
        limits: what everybody is held to.

    Attributes:
        checker: holds the core to its invariants.
        programs: those who have been sent an object, and so speak JSON.
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
        """Somebody reads what the server says in one go: as is specified, and what somebody said if somebody did."""
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
        """Whether what people say has reached all those whom the core names."""
        return not any(self._due.values())

    def _next(self, number: Connection) -> Said:
        assert self._due[number], "somebody hears what was not said to them"
        return self._due[number].popleft()

    def _pair(self, first: User, second: User) -> frozenset[str]:
        return frozenset({self._roulette.name(first), self._roulette.name(second)})

    def _count(self, user: User, now: float) -> None:
        """Nobody is obeyed faster than anybody may be."""
        self._asked[user] += 1
        assert self._asked[user] <= self._limits.burst + self._limits.rate * (now - self._since[user]) + 0.01
