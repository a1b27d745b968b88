"""The centre of the server: class ``Gateway``, a whole chat server without a socket.

Bytes of many connections go in, bytes for many connections come out. The driver's duties:

- if setting up a connection is expensive (a TLS handshake), call ``may_handshake`` first and ``handshake_done``
  afterwards, whether or not it succeeded;
- give every connection an id that was never used before, and call ``connected``, ``received`` and ``disconnected``
  for each in the order in which these happened;
- call ``tick`` when ``next_deadline`` has come (any call may change the deadline);
- carry out each output in order: send bytes, close a connection once everything before is sent, read nothing from it
  while it is paused;
- pass the time in seconds, on a clock that does not run back.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from roulette_core import Roulette, User, harmless
from roulette_core.names import comparison_key
from transports.dialects import CloseReason, Message
from transports.gateway.admission import Admission
from transports.gateway.connection_events import Ended, GatewayObserver, TurnedAway
from transports.gateway.core_driver import CoreDriver
from transports.gateway.ended_chat import extend
from transports.gateway.outbox import Outbox
from transports.gateway.outputs import Connection, Order, Output
from transports.gateway.request_handler import TEXT, RequestHandler
from transports.gateway.session import Session
from transports.gateway.sessions import NEVER, Sessions
from transports.limits import Limits, Network


class Gateway:
    """A chat server for any number of connections, each of which is a user of the core once it has a pseudonym.

    No input from a connection makes it raise.

    Args:
        roulette: a core without users. Others may read it, but must not drive it.
        limits: the limits of each connection and of all together.
        observers: are notified of everything that happens.
        language: the language of new connections, ``en`` or ``fr``.
    """

    def __init__(
        self,
        roulette: Roulette,
        limits: Limits | None = None,
        observers: Sequence[GatewayObserver] = (),
        language: str = "en",
    ) -> None:
        self.roulette = roulette
        self.limits = limits or Limits()
        self._outbox = Outbox(roulette)
        self._driver = CoreDriver(roulette, self._outbox, self.limits, observers)
        self._sessions = Sessions(self.limits, self._driver, self._outbox)
        self._handler = RequestHandler(self._sessions)
        self._handshakes = Admission(self.limits)
        self._greeting = TEXT[language]
        self._stopped = False

    def __len__(self) -> int:
        """Returns the number of open connections, those without a pseudonym included."""
        return len(self._sessions.open)

    # For the driver.

    def may_handshake(self, address: str) -> bool:
        """Returns whether a new connection may start its handshake. Concurrent ones are limited like connections."""
        if self._stopped or self._sessions.admission.refusal(address) or self._handshakes.refusal(address):
            return False
        self._handshakes.enter(address)
        return True

    def handshake_done(self, address: str) -> None:
        """Ends what a successful ``may_handshake`` began, whether or not the connection was established."""
        self._handshakes.leave(address)

    def connected(self, connection: Connection, now: float, address: str = "") -> list[Output]:
        """Accepts a new connection and asks for a pseudonym, or turns it away.

        Its id was never used before; the address is the peer's numeric IP address, or empty if there is none.
        """
        assert connection not in self._sessions.open, "ids are not used again"
        refusal = CloseReason.STOPPING if self._stopped else self._sessions.admission.refusal(address)
        if refusal is not None:
            self._driver.report(TurnedAway(connection, address, refusal), now)
            return [(connection, self._greeting.closing(refusal)), (connection, Order.CLOSE)]
        self._sessions.begin(connection, address, self._greeting, now)
        return [(connection, self._greeting.notice(Message.GREETING))]

    def received(self, connection: Connection, data: bytes, now: float) -> list[Output]:
        """Handles bytes from a connection; ignores them if the gateway has closed it."""
        session = self._sessions.open.get(connection)
        if session is None:
            return []
        session.heard = now
        session.asked = None
        nameless = not session.name
        lines = session.splitter.feed(data)
        if session.backlog:  # the driver had read on before it received PAUSE
            session.backlog = [*session.backlog, *lines]
        elif lines:
            self._handle(session, lines, now)
            if session.backlog:
                self._outbox.send(session, Order.PAUSE)
        if connection in self._sessions.open:
            if nameless and session.name:
                self._sessions.set_timer(session)
            if session.splitter.skipped > self.limits.line_limit * (self.limits.garbage or NEVER):
                self._sessions.end(session, CloseReason.GARBAGE, now)
        return self._outbox.collect()

    def disconnected(self, connection: Connection, now: float, reason: CloseReason = CloseReason.LOST) -> list[Output]:
        """Removes the user of a connection that was lost. Does nothing for one that the gateway has closed."""
        session = self._sessions.open.get(connection)
        if session is not None:
            self._sessions.drop(session, reason, now)
        return self._outbox.collect()

    def tick(self, now: float) -> list[Output]:
        """Carries out what is due by ``now``; to be called when ``next_deadline`` has come."""
        if not self._stopped:
            self._driver.catch_up(now)
            for connection in list(self._sessions.timers.due(now)):
                session = self._sessions.open.get(connection)
                if session is not None:
                    self._check(session, now)
        return self._outbox.collect()

    def next_deadline(self) -> float | None:
        """Returns when ``tick`` is due, in seconds; None if nothing is going to happen by time alone."""
        if self._stopped:
            return None
        pairing, timer = self._driver.next_deadline(), self._sessions.timers.next()
        return timer if pairing is None else pairing if timer is None else min(pairing, timer)

    def goodbye(self, now: float) -> list[Output]:
        """Stops the server: tells and closes all connections, and turns new ones away."""
        for session in self._sessions.open.values():
            self._outbox.send(session, session.dialect.closing(CloseReason.STOPPING))
            self._outbox.send(session, Order.CLOSE)
            self._driver.report(Ended(session.connection, CloseReason.STOPPING, session.name or None), now)
        self._sessions.open.clear()
        self._stopped = True
        return self._outbox.collect()

    def _handle(self, session: Session, lines: Sequence[str | None], now: float) -> None:
        wait = self._handler.handle(session, lines, now)
        if wait:
            self._sessions.timers.set(session.connection, now + wait)

    def _check(self, session: Session, now: float) -> None:
        """Handles a session whose timer has expired: goes on with its backlog, pings it, or ends it."""
        if session.backlog and (session.name or now < self._sessions.due(session)):
            backlog, session.backlog = session.backlog, ()
            self._handle(session, backlog, now)
            if session.backlog or session.connection not in self._sessions.open:
                return
            extend(session, now, self.limits.give_back)
            self._outbox.send(session, Order.RESUME)
            session.heard = now  # nothing was read from it until now
        elif now >= self._sessions.due(session):
            self._time_out(session, now)
        if session.connection in self._sessions.open:
            self._sessions.set_timer(session)

    def _time_out(self, session: Session, now: float) -> None:
        if not session.name:
            self._sessions.end(session, CloseReason.NO_NAME, now)
        elif session.asked is not None:
            self._sessions.end(session, CloseReason.IDLE, now)
        else:
            session.asked = now
            self._outbox.send(session, session.dialect.ping(self.limits.pong))

    # For the operator.

    def name(self, user: User) -> str:
        """Returns the pseudonym of a user, as it is shown."""
        return self._outbox.name(user)

    def find(self, name: str) -> User | None:
        """Returns the user of this name, as RFC 8266 compares pseudonyms."""
        return self.roulette.named(comparison_key(name))

    def address(self, user: User) -> str:
        """Returns the address from which a user is connected; empty if it is unknown."""
        return self._sessions.open[user].address

    def kick(self, user: User, now: float) -> list[Output]:
        """Disconnects a user."""
        self._sessions.end(self._sessions.open[user], CloseReason.KICKED, now)
        return self._outbox.collect()

    def ban(self, network: Network, now: float) -> list[Output]:
        """Turns away all future connections from a network, and disconnects the present ones."""
        self._sessions.admission.ban(network)
        for session in list(self._sessions.open.values()):
            if session.address and ip_address(session.address) in network:
                self._sessions.end(session, CloseReason.BANNED, now)
        return self._outbox.collect()

    def unban(self, network: Network) -> bool:
        """Ends a ban. Returns False if there was none."""
        return self._sessions.admission.unban(network)

    def bans(self) -> list[Network]:
        """Returns all bans, the oldest first."""
        return self._sessions.admission.bans()

    def say(self, text: str, now: float) -> list[Output]:
        """Sends a text of the operator to all users."""
        said = harmless.line(text)
        for session in self._outbox.users.values():
            self._outbox.send(session, session.dialect.notice(Message.OPERATOR_SAYS, text=said))
        return self._outbox.collect()
