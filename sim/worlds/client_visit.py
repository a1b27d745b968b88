"""One visit of a user: a connection, what is said and seen on it, and the account of that."""

from typing import Protocol

from roulette_core import Block, Event, Join, Next, Reason, Say, State
from roulette_core.testing import clients
from roulette_core.testing.clients import Account, Entry, Sighting
from sim.worlds.interfaces import Connection, Environment
from transports.protocol import ClientCodec, JsonCodec, ProtocolError

HUNG_UP = "hung_up"
"""The reason of a ``SawClosed`` where the server sends EOF without a farewell."""

_COMMAND = b"/say "

_PLACES: dict[type, State] = {
    clients.Welcomed: State.LOBBY,
    clients.SawReturned: State.LOBBY,
    clients.Searches: State.SEARCHING,
    clients.Met: State.PRIVATE,
}


class VisitListener(Protocol):
    """Is told what the user must know.

    Attributes:
        seen: one of all equal sightings, by kind, so that a line that a thousand users hear is stored once.
    """

    seen: dict[type, dict[Sighting, Sighting]]

    def moved(self, visit: "ClientVisit", state: State) -> None:
        """Handles that the user has seen itself in another state."""

    def over(self, visit: "ClientVisit") -> None:
        """Handles the end of the visit, on purpose or not."""

    def protocol_error(self, visit: "ClientVisit", error: ProtocolError) -> None:
        """Handles bytes from the server that the protocol does not allow."""


class ClientVisit:
    """A client, from connecting to the end of its connection, under a name that no other visit has.

    Attributes:
        account: what was done and seen.
        connection: to be set by the caller, who connects.
        present: whether the user has been welcomed.
        said: how many lines the user has said.
        sent: each line said → the number of the chat that it names; None if it names none.
        chat: where the user is, 0 for the lobby, and ``before`` where they were before; None if they are not told.
    """

    def __init__(self, user: int, name: str, codec: ClientCodec, network: Environment, listener: VisitListener) -> None:
        self.user = user
        self.account = Account(name)
        self.sent: dict[str, int | None] = {}
        self.chat = self.before = 0 if isinstance(codec, JsonCodec) else None
        self.present = False
        self.connection: Connection
        self.said = 0
        self._ending: Next | Block | None = None
        self._waiting: list[tuple[Event, bool]] = []
        self._codec = codec
        self._timeline = network.timeline
        self._listener = listener
        self._closed = False

    # The user's side.

    def open(self, event: Join) -> None:
        """Sends the pseudonym."""
        self._note(event._replace(name=self.account.name))
        self.connection.up.write(self._codec.hello(self.account.name))

    def ask(self, event: Event, hanging_up: bool = False) -> None:
        """Sends a request, or only half-closes where ``hanging_up``; keeps it until the user is welcome."""
        if not self.present:
            self._waiting.append((event, hanging_up))
            return
        self._note(event)
        if hanging_up:
            self.connection.up.finish()
            return
        if isinstance(event, Next | Block):
            self._ending = event
        if isinstance(event, Say):
            self.sent[event.text] = event.chat
            if self.says_by_command(event.text):
                self.account.gives_back = False  # a command means where the user is now, and so do all lines after it
        self.connection.up.write(self._codec.encode(event))

    def says_by_command(self, text: str) -> bool:
        """Returns whether a line is sent by a command, as it could be taken for one."""
        return self._codec.encode(Say(self.user, text)).startswith(_COMMAND)

    # The network's side.

    def received(self, data: bytes) -> None:
        """Decodes bytes from the server, notes what they tell, and answers pings."""
        try:
            sightings = self._codec.decode(data)
        except ProtocolError as error:
            self._listener.protocol_error(self, error)
            return
        for sighting in sightings:
            self._see(sighting)
        answer = self._codec.pongs()
        if answer:
            self.connection.up.write(answer)

    def ended(self) -> None:
        """Handles EOF."""
        if not self._closed:
            self._note(clients.SawClosed(HUNG_UP))
        self._listener.over(self)

    def lost(self) -> None:
        """Handles a reset."""
        self.account.cut = not self._closed
        self._listener.over(self)

    def vanished(self) -> None:
        """Handles that the client has vanished: it reads nothing any longer."""
        self.lost()

    def _see(self, sighting: Sighting) -> None:
        kind = type(sighting)
        if isinstance(sighting, clients.Met | clients.PartedFrom) and self.chat is not None:
            self.before, self.chat = self.chat, (sighting.chat or 0) if kind is clients.Met else 0
        self._note(self._listener.seen[kind].setdefault(sighting, sighting))
        if kind is clients.PartedFrom:
            to_lobby = sighting.by_me and sighting.cause == "lobby"  # type: ignore[union-attr]
            self._listener.moved(self, State.LOBBY if to_lobby else State.SEARCHING)
        elif kind in _PLACES:
            self._listener.moved(self, _PLACES[kind])
            if kind is clients.Welcomed:
                self._begin()
        elif kind is clients.SawClosed:
            self._closed = True
        elif isinstance(sighting, clients.SawRefused) and sighting.reason == Reason.CHAT_OVER:
            self._end_again()

    def _end_again(self) -> None:
        """Ends the chat where the server has said: "To leave this chat, type next again"."""
        if self.chat is None and self._ending is not None:
            self.ask(self._ending)

    def _begin(self) -> None:
        self.present = True
        waiting, self._waiting = self._waiting, []
        for event, hanging_up in waiting:
            self.ask(event, hanging_up)

    def _note(self, what: Event | Sighting) -> None:
        self.account.entries.append(Entry(self._timeline.now, what))
