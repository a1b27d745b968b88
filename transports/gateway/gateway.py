"""The whole chat server without a socket: bytes of many connections in, bytes for many connections out.

The driver's duties:

- give every connection an id that was never used before, and say ``connected``, ``received`` and ``disconnected``
  of each, in the order in which it happened;
- call ``tick`` when ``next_deadline`` has come (both may have changed after any call);
- send each output's bytes to its connection, in order, and carry out its orders;
- tell the time in seconds on a clock that does not run back.
"""

from collections.abc import Callable
from typing import TypeAlias

from roulette_core import (
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
    PrivateLine,
    Roulette,
    Say,
    Start,
    State,
    Tick,
    User,
    audience,
)
from transports.dialects.harmless import harmless, pseudonym
from transports.dialects.lines import LINE_LIMIT, LineSplitter
from transports.dialects.text import COMMANDS, Request, TextDialect, request
from transports.dialects.wording import Message
from transports.gateway.outputs import Connection, Order, Output

INTERESTS_LIMIT = 5
"""How many interests may stand behind ``start``."""

Journal: TypeAlias = Callable[[float, Event, tuple[Effect, ...]], None]
"""Is told of every event the core handled: when (seconds), what, and what followed."""


class Gateway:
    """A chat server for any number of connections, which are the core's users once they have a pseudonym.

    It keeps its own list of who hears the lobby, so that a line for the lobby is encoded once. Nothing that a
    connection sends makes it raise.

    Args:
        roulette: whom it serves, with nobody present yet. To be looked at by others, but driven by nobody else.
        journal: is told of every event the core handled.
    """

    def __init__(self, roulette: Roulette, journal: Journal | None = None) -> None:
        self.roulette = roulette
        self._journal = journal
        self._dialect = TextDialect()
        self._lines: dict[Connection, LineSplitter] = {}
        self._names: dict[Connection, str] = {}
        self._lobby: dict[User, None] = {}
        self._outputs: list[Output] = []
        self._stopped = False

    def __len__(self) -> int:
        """How many connections are open, those without a pseudonym among them."""
        return len(self._lines)

    # What the driver says.

    def connected(self, connection: Connection, now: float) -> list[Output]:
        """Somebody has connected; they are asked for a pseudonym."""
        assert connection not in self._lines, "ids are not used again"
        if self._stopped:
            return [(connection, self._dialect.notice(Message.SERVER_STOPS)), (connection, Order.CLOSE)]
        self._lines[connection] = LineSplitter()
        return [(connection, self._dialect.notice(Message.GREETING))]

    def received(self, connection: Connection, data: bytes, now: float) -> list[Output]:
        """Bytes have come. Those of a connection that is closed already mean nothing."""
        splitter = self._lines.get(connection)
        if splitter is None:
            return []
        for line in splitter.feed(data):
            self._line(connection, line, now)
            if connection not in self._lines:
                break
        return self._collect()

    def disconnected(self, connection: Connection, now: float) -> list[Output]:
        """A connection is gone: a user leaves without a word."""
        self._drop(connection, now)
        return self._collect()

    def tick(self, now: float) -> list[Output]:
        """Time has passed; to be called when ``next_deadline`` has come."""
        if not self._stopped:
            self._handle(Tick(), now)
        return self._collect()

    def next_deadline(self) -> float | None:
        """When ``tick`` is due, in seconds; None if nothing happens by time alone."""
        return None if self._stopped else self.roulette.next_deadline()

    def goodbye(self, now: float) -> list[Output]:
        """The server stops: everybody is told and disconnected, and whoever still comes is turned away."""
        farewell = self._dialect.notice(Message.SERVER_STOPS)
        for connection in self._lines:
            self._outputs += ((connection, farewell), (connection, Order.CLOSE))
        self._lines.clear()
        self._names.clear()
        self._lobby.clear()
        self._stopped = True
        return self._collect()

    # What a line asks.

    def _line(self, connection: Connection, line: str | None, now: float) -> None:
        if line is None:
            self._notice(connection, Message.LINE_TOO_LONG, limit=LINE_LIMIT)
            return
        asked = request(harmless(line))
        if asked.word == "help":
            self._notice(connection, Message.HELP)
        elif asked.word == "close":
            self._close(connection, now)
        elif connection in self._names:
            self._ask(connection, asked, now)
        elif asked.word in COMMANDS:
            self._notice(connection, Message.NAME_FIRST)
        elif line.strip():
            self._join(connection, line, now)

    def _join(self, connection: Connection, line: str, now: float) -> None:
        name = pseudonym(line)
        if name is None or name.casefold() in COMMANDS:
            self._notice(connection, Message.NAME_UNFIT)
        else:
            self._handle(Join(connection, name), now)

    def _ask(self, connection: Connection, asked: Request, now: float) -> None:
        if asked.word == "next":
            self._handle(Next(connection), now)
        elif asked.word == "lobby":
            self._handle(Lobby(connection), now)
        elif asked.word == "start":
            interests = tuple(asked.rest.casefold().split())
            if len(interests) > INTERESTS_LIMIT:
                self._notice(connection, Message.TOO_MANY_INTERESTS, limit=INTERESTS_LIMIT)
            else:
                self._handle(Start(connection, interests), now)
        elif asked.rest:
            self._handle(Say(connection, asked.rest), now)

    def _close(self, connection: Connection, now: float) -> None:
        self._notice(connection, Message.GOODBYE)
        self._outputs.append((connection, Order.CLOSE))
        self._drop(connection, now)

    def _drop(self, connection: Connection, now: float) -> None:
        """Forgets a connection first, so that nothing more goes there, and then has its user leave."""
        self._lines.pop(connection, Order.CLOSE)
        if connection in self._names:
            self._handle(Leave(connection), now)

    # What the core orders done.

    def _handle(self, event: Event, now: float) -> None:
        """Has the core handle an event, carries out what follows, and tells those concerned where they are."""
        now = max(now, self.roulette.now)
        effects = self.roulette.handle(event, now)
        if self._journal is not None:
            self._journal(now, event, effects)
        concerned: dict[User, None] = {}
        for effect in effects:
            users, lobby, but = audience(effect)
            self._move(effect)
            for user in users:
                self._send(user, self._dialect.told(effect, user, self._name))
            if lobby:
                self._announce(self._dialect.announced(effect, self._name), but)
            if type(effect) is not PrivateLine:
                concerned.update(dict.fromkeys(users))
        for user in concerned:
            self._tell_situation(user, now)

    def _move(self, effect: Effect) -> None:
        """Keeps up, effect by effect, with who hears the lobby and who is called what."""
        match effect:
            case Joined(user, name):
                self._names[user] = name
                self._lobby[user] = None
            case Paired(first, second):
                del self._lobby[first], self._lobby[second]
            case Parted(user, partner):
                self._lobby[user] = self._lobby[partner] = None
            case Left(user):
                del self._lobby[user], self._names[user]

    def _tell_situation(self, user: User, now: float) -> None:
        """Tells a user where they are, and what one can do there."""
        state = self.roulette.state(user)
        if state is State.LOBBY:
            self._notice(user, Message.SITUATION_LOBBY, others=len(self._lobby) - 1)
        elif state is State.SEARCHING:
            self._notice(user, Message.SITUATION_SEARCHING, reason=self.roulette.explain(user).text)
        elif state is State.PRIVATE:
            partner = self.roulette.partner(user)
            assert partner is not None, "a user in private has a partner"
            self._notice(user, Message.SITUATION_PRIVATE, name=self._name(partner))

    def _name(self, user: User) -> str:
        return self._names.get(user, "")

    def _notice(self, connection: Connection, message: Message, **fields: object) -> None:
        self._send(connection, self._dialect.notice(message, **fields))

    def _send(self, connection: Connection, data: bytes) -> None:
        if data and connection in self._lines:
            self._outputs.append((connection, data))

    def _announce(self, data: bytes, but: User | None) -> None:
        self._outputs.extend([(user, data) for user in self._lobby if user != but])

    def _collect(self) -> list[Output]:
        outputs, self._outputs = self._outputs, []
        return outputs
