"""Derives from the core's effects what each connection must receive, and checks that it does."""

from collections import Counter, defaultdict, deque
from typing import NamedTuple

from roulette_core import (
    Blocked,
    Effect,
    Event,
    Leave,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Roulette,
    Tick,
    Unblocked,
    User,
)
from roulette_core.names import comparison_key
from roulette_core.testing import Checker
from tests.support.protocol import conforming
from transports.gateway import Connection, ConnectionEvent, GatewayObserver, Limits
from transports.gateway.connection_events import Connected, Named
from transports.protocol.sentences import read_sentence


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
        self._blocks: set[tuple[str, str]] = set()  # who has blocked whom, by the keys of names
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
                self._blocks.add((effect.user_name, effect.partner_name))
            elif isinstance(effect, Blocked):
                self._blocks.add((self._roulette.name(effect.user), effect.other_name))
            elif isinstance(effect, Unblocked):
                self._blocks.discard((self._roulette.name(effect.user), effect.other_name))
            elif isinstance(effect, Paired):
                pair = effect.first_name, effect.second_name
                assert not self._blocks & {pair, pair[::-1]}, "a block holds under the same names"
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
            self._hear_of_block(number, members["type"], members.get("name", ""))
            if members["type"] == "line":
                assert self._next(number) == (members["from"], members["to"], members["text"])
        elif data.startswith(b"<"):
            (line,) = lines
            said = self._next(number)
            assert line.decode() == f"<{said.name}> {said.text}"
        else:
            assert all(line.startswith(b"* ") for line in lines)
            message, name = read_sentence(lines[0][2:].decode())
            self._hear_of_block(number, message or "", name)

    def all_is_heard(self) -> bool:
        """Returns whether every line has reached all users whom the core names."""
        return not any(self._due.values())

    def _next(self, number: Connection) -> Said:
        assert self._due[number], "a user receives a line that was not sent to them"
        return self._due[number].popleft()

    def _hear_of_block(self, number: Connection, kind: str, name: str) -> None:
        """Notes a block of a user who is not present, of which the core knows nothing."""
        if kind in ("blocked", "unblocked") and number in self._roulette:
            block = self._roulette.name(number), comparison_key(name)
            (self._blocks.add if kind == "blocked" else self._blocks.discard)(block)

    def _count(self, user: User, now: float) -> None:
        """Checks that no user exceeds the rate."""
        self._asked[user] += 1
        assert self._asked[user] <= self._limits.burst + self._limits.rate * (now - self._since[user]) + 0.01
