"""Clients of the real core behind queues: events and sightings arrive late, in order, or not at all."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from hypothesis import strategies as st

from roulette_core import (
    Block,
    BulkLeave,
    Effect,
    Event,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    LobbyLine,
    Next,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Roulette,
    Say,
    Start,
    Tick,
    Unblock,
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
        gives_back: whether lines that name no chat are given back to clients that ``names_chats`` does not name, until
            their next command, if their partner had left when the server took them.
        names_chats: the clients that are told the numbers of chats, and name the chat in most of their requests.
        keeps_rule: whether requests for a chat that is over are refused.
    """

    def __init__(
        self,
        policy: str = "no-repeat",
        names: Iterable[str] = NAMES,
        tells_leavers: bool = True,
        words: int = 1_000_000,
        spoil: Callable[[str, Sighting], Iterable[Sighting]] = lambda name, sighting: [sighting],
        gives_back: bool = False,
        names_chats: Iterable[str] = (),
        keeps_rule: bool = True,
    ) -> None:
        self.roulette = Roulette(policy)
        self.clients = {name: Client(Account(name)) for name in names}
        for name in set(self.clients).difference(names_chats):
            self.clients[name].account.gives_back = gives_back
        self.now = 0.0
        self._tells_leavers = tells_leavers
        self._spoil = spoil
        self._outside: dict[str, None] = {}
        self._lines = 0
        self._words = words
        self.gives_back = gives_back
        self._names_chats = set(names_chats)
        self._keeps_rule = keeps_rule
        self._chats: dict[str, int] = dict.fromkeys(self.clients, 0)  # where each client knows to be
        self._over: dict[str, int] = {}  # the chat that a client's lines belong to, though it is over

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
        entries.append(Entry(self.now, event := self._event(name, verb)))
        client.asked.append(event)

    def _event(self, name: str, verb: str) -> Event:
        """Returns what a client asks; three times in four, a client that names chats does so."""
        named = name in self._names_chats and len(self.clients[name].account.entries) % 4
        chat = self._chats[name] if named else None
        other = next(other for other in self.clients if other != name)
        match verb:
            case "join":
                return Join(name, name)
            case "start":
                return Start(name)
            case "next":
                return Next(name, chat or None)
            case "block":
                return Block(name, None, chat or None)
            case "block another":
                return Block(name, other)
            case "unblock":
                return Unblock(name, other)
            case "lobby":
                return Lobby(name)
            case "leave":
                return Leave(name)
        self._lines += 1
        return Say(name, f"line {(self._lines - 1) % self._words + 1}", chat)

    def serve(self, name: str) -> None:
        """Lets the server take a client's next event."""
        client = self.clients[name]
        if client.asked:
            event = client.asked.popleft()
            if isinstance(event, Leave):
                self._let_go(name, "asked")
            elif isinstance(event, Block | Unblock) and event.other not in (None, *self.roulette.users()):
                self._tell(name, client_events.SawRefused("no_such_user"))
            elif client.served or isinstance(event, Join):
                client.served = True
                self._handle(event)

    def hear(self, name: str) -> None:
        """Lets a client see its next sighting."""
        client = self.clients[name]
        if client.told:
            sighting = client.told.popleft()
            if isinstance(sighting, client_events.Met):
                self._chats[name] = sighting.chat or 0
            elif isinstance(sighting, client_events.PartedFrom):
                self._chats[name] = 0
            client.account.entries.append(Entry(self.now, sighting))

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
        asked = self._addressed(event)
        for step in (Tick(), asked):
            for effect in self.roulette.handle(step, self.now):
                self._carry_out(effect, asked)

    def _addressed(self, event: Event) -> Event:
        """Returns an event as the server takes it: a line may belong to a chat that is over."""
        if not self._keeps_rule:
            return event._replace(chat=None) if isinstance(event, Say | Next | Block) else event
        if isinstance(event, Say) and event.chat is None:
            return event._replace(chat=self._over.get(str(event.user)))
        if not isinstance(event, Tick | BulkLeave):
            self._over.pop(str(event.user), None)
        return event

    def _carry_out(self, effect: Effect, event: Event) -> None:
        users, lobby, but = audience(effect)
        match effect:
            case Joined(user):
                self._outside[str(user)] = None
            case Paired(first, second):
                del self._outside[str(first)], self._outside[str(second)]
            case Parted(user, partner):
                self._outside |= {str(user): None, str(partner): None}
                if self.gives_back and partner not in self._names_chats:
                    self._over[str(partner)] = effect.chat
            case Left(user):
                del self._outside[str(user)]
        crowd = [name for name in self._outside if name != but] if lobby else []
        for hearer in [*users, *crowd]:
            self._tell(str(hearer), self._sighting(effect, event, str(hearer)))

    def _sighting(self, effect: Effect, event: Event, hearer: str) -> Sighting:
        if isinstance(effect, Refused) and isinstance(event, Say):
            return client_events.GivenBack(event.text, effect.reason.value)
        sighting = sighting_of(effect, hearer)
        if hearer not in self._names_chats or not isinstance(effect, Paired | Parted | PrivateLine | LobbyLine):
            return sighting
        return sighting._replace(chat=0 if isinstance(effect, LobbyLine) else effect.chat)  # type: ignore[union-attr, call-arg]

    def _tell(self, name: str, sighting: Sighting, always: bool = False) -> None:
        client = self.clients[name]
        if client.listening and (client.served or always):
            client.told.extend(self._spoil(name, sighting))


OFTEN = [*["serve", "hear"] * 4, "say", "say", "start", "join"]
SOMETIMES = ["next", "lobby", "block"]
RARELY = ["leave", "vanish", "kick", "block another", "unblock"]

steps = st.lists(
    st.tuples(
        st.sampled_from([*OFTEN * 2, *SOMETIMES, *RARELY]),
        st.integers(0, len(NAMES) - 1),
        st.sampled_from([0.0, 0.0, 0.25, 4.0, 20.0]),
    ),
    min_size=20,
    max_size=200,
)
