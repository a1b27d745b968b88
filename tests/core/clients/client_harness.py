"""Clients of the real core behind queues: events and sightings arrive late, in order, or not at all."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from hypothesis import strategies as st

from roulette_core import (
    Block,
    Effect,
    Event,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    Next,
    Paired,
    Parted,
    Roulette,
    Say,
    Start,
    Tick,
    audience,
)
from roulette_core.testing.clients import Account, Entry, Sighting, client_events, sighting_of

NAMES = ["ada", "bob", "carol", "dan", "eve"]

Step: TypeAlias = tuple[str, int, float]
"""The next step, its client, and how many seconds later it happens."""


@dataclass
class Client:
    """One client and its connection.

    Attributes:
        account: what it did and saw.
        asked: events in flight to the server.
        told: sightings in flight to the client.
        listening: whether it reads.
        served: whether the server knows of it.
    """

    account: Account
    asked: deque[Event] = field(default_factory=deque)
    told: deque[Sighting] = field(default_factory=deque)
    listening: bool = True
    served: bool = False


class Venue:
    """A server and its clients.

    Args:
        policy: the policy.
        names: of the clients.
        tells_leavers: whether those who leave are told that it ends their chat.
        words: how many different lines there are before they are repeated.
        spoil: called with every sighting for a client; returns those that it sees instead.
    """

    def __init__(
        self,
        policy: str = "no-repeat",
        names: Iterable[str] = NAMES,
        tells_leavers: bool = True,
        words: int = 1_000_000,
        spoil: Callable[[str, Sighting], Iterable[Sighting]] = lambda name, sighting: [sighting],
    ) -> None:
        self.roulette = Roulette(policy)
        self.clients = {name: Client(Account(name)) for name in names}
        self.now = 0.0
        self._tells_leavers = tells_leavers
        self._spoil = spoil
        self._outside: dict[str, None] = {}
        self._lines = 0
        self._words = words

    @property
    def accounts(self) -> list[Account]:
        return [client.account for client in self.clients.values()]

    def step(self, verb: str, number: int, seconds: float) -> None:
        """Runs one step: at a client, at the server or in flight."""
        self.now += seconds
        name = list(self.clients)[number % len(self.clients)]
        match verb:
            case "serve":
                self.serve(name)
            case "hear":
                self.hear(name)
            case "vanish":
                self.vanish(name)
            case "kick":
                self.kick(name)
            case _:
                self.ask(name, verb)

    def ask(self, name: str, verb: str) -> None:
        """Lets a client ask for something, if it is connected."""
        client = self.clients[name]
        entries = client.account.entries
        over = any(isinstance(entry.what, Leave | client_events.SawClosed) for entry in entries)
        welcome = any(isinstance(entry.what, client_events.Welcomed) for entry in entries)
        if not client.listening or over or welcome == (verb == "join") or (verb == "join" and entries):
            return
        event = {"join": Join(name, name), "start": Start(name), "next": Next(name), "block": Block(name)}.get(verb)
        if event is None:
            event = {"lobby": Lobby(name), "leave": Leave(name)}.get(verb) or self._line(name)
        entries.append(Entry(self.now, event))
        client.asked.append(event)

    def serve(self, name: str) -> None:
        """Lets the server take a client's next event."""
        client = self.clients[name]
        if client.asked:
            event = client.asked.popleft()
            if isinstance(event, Leave):
                self._let_go(name, "asked")
            elif client.served or isinstance(event, Join):
                client.served = True
                self._handle(event)

    def hear(self, name: str) -> None:
        """Lets a client see its next sighting."""
        client = self.clients[name]
        if client.told:
            client.account.entries.append(Entry(self.now, client.told.popleft()))

    def vanish(self, name: str) -> None:
        """Lets a client vanish; the server does not know, and handles the events in flight."""
        client = self.clients[name]
        client.listening, client.account.cut = False, True
        client.told.clear()

    def kick(self, name: str) -> None:
        """Lets the server disconnect a client, or detect that it has vanished."""
        if self.clients[name].served:
            self._let_go(name, "kicked")

    def settle(self) -> list[Account]:
        """Delivers everything in flight."""
        for name, client in self.clients.items():
            while client.asked:
                self.serve(name)
        for name, client in self.clients.items():
            while client.told:
                self.hear(name)
        return self.accounts

    def _line(self, name: str) -> Say:
        self._lines += 1
        return Say(name, f"line {(self._lines - 1) % self._words + 1}")

    def _let_go(self, name: str, why: str) -> None:
        client = self.clients[name]
        if not client.served:
            return
        if self._tells_leavers:
            self._handle(Leave(name))
            client.served = False
        else:
            client.served = False
            self._handle(Leave(name))
        self._tell(name, client_events.SawClosed(why), always=True)

    def _handle(self, event: Event) -> None:
        for step in (Tick(), event):
            for effect in self.roulette.handle(step, self.now):
                self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:
        users, lobby, but = audience(effect)
        match effect:
            case Joined(user):
                self._outside[str(user)] = None
            case Paired(first, second):
                del self._outside[str(first)], self._outside[str(second)]
            case Parted(user, partner):
                self._outside |= {str(user): None, str(partner): None}
            case Left(user):
                del self._outside[str(user)]
        crowd = [name for name in self._outside if name != but] if lobby else []
        for hearer in [*users, *crowd]:
            self._tell(str(hearer), sighting_of(effect, str(hearer)))

    def _tell(self, name: str, sighting: Sighting, always: bool = False) -> None:
        client = self.clients[name]
        if client.listening and (client.served or always):
            client.told.extend(self._spoil(name, sighting))


OFTEN = [*["serve", "hear"] * 4, "say", "say", "start", "join"]
SOMETIMES = ["next", "lobby", "block"]
RARELY = ["leave", "vanish", "kick"]

steps = st.lists(
    st.tuples(
        st.sampled_from([*OFTEN * 2, *SOMETIMES, *RARELY]),
        st.integers(0, len(NAMES) - 1),
        st.sampled_from([0.0, 0.0, 0.25, 4.0, 20.0]),
    ),
    min_size=20,
    max_size=200,
)
