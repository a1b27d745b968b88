"""One visit of a user: a connection, what is said and seen on it, and the account of that."""

from typing import Protocol

from roulette_core import Event, Join, State
from roulette_core.testing.clients import (
    Account,
    Entry,
    Met,
    PartedFrom,
    SawClosed,
    SawReturned,
    Searches,
    Sighting,
    Welcomed,
)
from sim.worlds.interfaces import Connection, Environment
from transports.protocol import ClientCodec, ProtocolError

HUNG_UP = "hung_up"
"""The reason of a ``SawClosed`` where the server hangs up without a word."""

_PLACES: dict[type, State] = {
    Welcomed: State.LOBBY,
    SawReturned: State.LOBBY,
    Searches: State.SEARCHING,
    Met: State.PRIVATE,
}


class VisitListener(Protocol):
    """Whose user is on a visit.

    Attributes:
        seen: one of all sightings that are equal, by kind: what a thousand people hear is kept once.
    """

    seen: dict[type, dict[Sighting, Sighting]]

    def moved(self, visit: "ClientVisit", state: State) -> None:
        """The user has seen that they are in another state."""

    def over(self, visit: "ClientVisit") -> None:
        """The visit has ended, as wished or not."""

    def protocol_error(self, visit: "ClientVisit", error: ProtocolError) -> None:
        """The user was sent what nobody can understand."""


class ClientVisit:
    """A client, from connecting to the end of its connection.

    Args:
        user: the number of the user.
        name: the pseudonym of this visit, and of no other.
        codec: speaks for the user.
        network: for the time.
        listener: is told what the user should know.

    Attributes:
        user: as given.
        account: what was done and seen.
        connection: to be set by whoever connects.
        present: whether the user has been welcomed.
        said: how many lines the user has said.
    """

    def __init__(self, user: int, name: str, codec: ClientCodec, network: Environment, listener: VisitListener) -> None:
        self.user = user
        self.account = Account(name)
        self.present = False
        self.connection: Connection
        self.said = 0
        self._waiting: list[tuple[Event, bool]] = []
        self._codec = codec
        self._timeline = network.timeline
        self._listener = listener
        self._closed = False

    # What the user does.

    def open(self, event: Join) -> None:
        """Says the first words."""
        self._note(event._replace(name=self.account.name))
        self.connection.up.write(self._codec.hello(self.account.name))

    def ask(self, event: Event, hanging_up: bool = False) -> None:
        """Asks for something, once the user is welcome.

        Args:
            event: what is asked.
            hanging_up: whether the user leaves by closing its side instead of saying so.
        """
        if not self.present:
            self._waiting.append((event, hanging_up))
            return
        self._note(event)
        if hanging_up:
            self.connection.up.finish()
        else:
            self.connection.up.write(self._codec.encode(event))

    # What the network says.

    def received(self, data: bytes) -> None:
        """Bytes have come: the user sees what they say, and what is owed is answered."""
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
        """The server has hung up."""
        if not self._closed:
            self._note(SawClosed(HUNG_UP))
        self._listener.over(self)

    def lost(self) -> None:
        """The connection was reset."""
        self.account.cut = not self._closed
        self._listener.over(self)

    def vanished(self) -> None:
        """The user is gone without a word."""
        self.lost()

    def _see(self, sighting: Sighting) -> None:
        kind = type(sighting)
        self._note(self._listener.seen[kind].setdefault(sighting, sighting))
        if kind is PartedFrom:
            to_lobby = sighting.by_me and sighting.cause == "lobby"  # type: ignore[union-attr]
            self._listener.moved(self, State.LOBBY if to_lobby else State.SEARCHING)
        elif kind in _PLACES:
            self._listener.moved(self, _PLACES[kind])
            if kind is Welcomed:
                self._begin()
        elif kind is SawClosed:
            self._closed = True

    def _begin(self) -> None:
        self.present = True
        waiting, self._waiting = self._waiting, []
        for event, hanging_up in waiting:
            self.ask(event, hanging_up)

    def _note(self, what: Event | Sighting) -> None:
        self.account.entries.append(Entry(self._timeline.now, what))
