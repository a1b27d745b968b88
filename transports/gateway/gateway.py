"""The centre of the server: class ``Gateway``, a whole chat server without a socket.

Bytes of many connections go in, bytes for many connections come out. The driver's duties:

- where a connection costs something before it is one, as with TLS, ask ``may_handshake`` first, and say
  ``handshake_done`` when that is over, whatever came of it;
- give every connection an id that was never used before, and say ``connected``, ``received`` and ``disconnected``
  of each, in the order in which it happened;
- call ``tick`` when ``next_deadline`` has come (both may have changed after any call);
- carry out each output in order: send bytes, close a connection once all before is sent, read nothing from it
  while it is paused;
- tell the time in seconds on a clock that does not run back.
"""

import math
from collections.abc import Sequence
from ipaddress import ip_address

from roulette_core import Roulette, User, harmless
from transports.dialects.json_lines import JsonDialect
from transports.dialects.pseudonyms import comparison_key
from transports.dialects.wording import Message
from transports.gateway.admission import Admission
from transports.gateway.connection_events import CloseReason, Connected, Ended, GatewayObserver, TurnedAway
from transports.gateway.core_driver import CoreDriver
from transports.gateway.outbox import Outbox
from transports.gateway.outputs import Connection, Order, Output
from transports.gateway.request_handler import RequestHandler
from transports.gateway.session import Session
from transports.gateway.timers import Timers
from transports.limits import Limits, Network

NEVER = math.inf


class Gateway:
    """A chat server for any number of connections, which are the core's users once they have a pseudonym.

    Nothing that a connection sends makes it raise.

    Args:
        roulette: whom it serves, with nobody present yet. To be looked at by others, but driven by nobody else.
        limits: what everybody is held to.
        observers: are told of everything that happens.
        language: what the server speaks until told otherwise, ``en`` or ``fr``.

    Attributes:
        roulette: as given.
        limits: as given.
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
        self._admission = Admission(self.limits)
        self._handshakes = Admission(self.limits)
        self._timers = Timers()
        self._outbox = Outbox(roulette)
        self._sessions = self._outbox.sessions
        self._driver = CoreDriver(roulette, self._outbox, self.limits, observers)
        self._handler = RequestHandler(self._driver, self._outbox, self.limits, language, self._end)
        self._stopped = False

    def __len__(self) -> int:
        """How many connections are open, those without a pseudonym among them."""
        return len(self._sessions)

    # What the driver says.

    def may_handshake(self, address: str) -> bool:
        """Somebody begins to connect: whether they may. At most as many may at a time as may be let in."""
        if self._stopped or self._admission.refusal(address) or self._handshakes.refusal(address):
            return False
        self._handshakes.enter(address)
        return True

    def handshake_done(self, address: str) -> None:
        """Somebody who might approach has connected by now, or has failed to."""
        self._handshakes.leave(address)

    def connected(self, connection: Connection, now: float, address: str = "") -> list[Output]:
        """Somebody has connected; they are let in and asked for a pseudonym, or turned away.

        Args:
            connection: an id that was never used before.
            now: the time, in seconds.
            address: from where, as a numeric IP address; empty if there is none.
        """
        assert connection not in self._sessions, "ids are not used again"
        dialect = self._handler.greeting
        refusal = CloseReason.STOPPING if self._stopped else self._admission.refusal(address)
        if refusal is not None:
            self._driver.report(TurnedAway(connection, address, refusal), now)
            return [(connection, dialect.closing(refusal)), (connection, Order.CLOSE)]
        self._admission.enter(address)
        session = self._sessions[connection] = Session(connection, address, dialect, self.limits, now)
        self._driver.report(Connected(connection, address), now)
        self._set_timer(session)
        return [(connection, dialect.notice(Message.GREETING))]

    def received(self, connection: Connection, data: bytes, now: float) -> list[Output]:
        """Bytes have come. Those of a connection that is closed already mean nothing."""
        session = self._sessions.get(connection)
        if session is None:
            return []
        session.heard = now
        session.asked = None
        nameless = not session.name
        lines = session.splitter.feed(data)
        if session.backlog:  # the driver had read on before it heard of PAUSE
            session.backlog = [*session.backlog, *lines]
        elif lines:
            self._obey(session, lines, now)
            if session.backlog:
                self._outbox.send(session, Order.PAUSE)
        if connection in self._sessions:
            if nameless and session.name:
                self._set_timer(session)
            if session.splitter.skipped > self.limits.line_limit * (self.limits.garbage or NEVER):
                self._end(session, CloseReason.GARBAGE, now)
        return self._outbox.collect()

    def disconnected(self, connection: Connection, now: float, ending: CloseReason = CloseReason.LOST) -> list[Output]:
        """A connection is gone: its user leaves. Says nothing new of one that the gateway had closed."""
        session = self._sessions.get(connection)
        if session is not None:
            self._drop(session, ending, now)
        return self._outbox.collect()

    def tick(self, now: float) -> list[Output]:
        """Time has passed; to be called when ``next_deadline`` has come."""
        if not self._stopped:
            self._driver.catch_up(now)
            for connection in list(self._timers.due(now)):
                session = self._sessions.get(connection)
                if session is not None:
                    self._look_at(session, now)
        return self._outbox.collect()

    def next_deadline(self) -> float | None:
        """When ``tick`` is due, in seconds; None if nothing happens by time alone."""
        if self._stopped:
            return None
        pairing, alarm = self.roulette.next_deadline(), self._timers.next()
        return alarm if pairing is None else pairing if alarm is None else min(pairing, alarm)

    def goodbye(self, now: float) -> list[Output]:
        """The server stops: everybody is told and disconnected, and whoever still comes is turned away."""
        for session in self._sessions.values():
            self._outbox.send(session, session.dialect.closing(CloseReason.STOPPING))
            self._outbox.send(session, Order.CLOSE)
            self._driver.report(Ended(session.connection, CloseReason.STOPPING, session.name or None), now)
        self._sessions.clear()
        self._stopped = True
        return self._outbox.collect()

    # What becomes of a session.

    def _obey(self, session: Session, lines: Sequence[str | None], now: float) -> None:
        wait = self._handler.obey(session, lines, now)
        if wait:
            self._timers.set(session.connection, now + wait)

    def _look_at(self, session: Session, now: float) -> None:
        """An alarm has rung: has anything come to be due?"""
        if session.backlog and (session.name or now < self._due(session)):
            backlog, session.backlog = session.backlog, ()
            self._obey(session, backlog, now)
            if session.backlog or session.connection not in self._sessions:
                return
            self._outbox.send(session, Order.RESUME)
            session.heard = now  # nothing was read from it until now
        elif now >= self._due(session):
            self._lose_patience(session, now)
        if session.connection in self._sessions:
            self._set_timer(session)

    def _lose_patience(self, session: Session, now: float) -> None:
        """No pseudonym in time, or silence for too long."""
        if not session.name:
            self._end(session, CloseReason.NO_NAME, now)
        elif session.asked is not None:
            self._end(session, CloseReason.IDLE, now)
        else:
            session.asked = now
            self._outbox.send(session, session.dialect.ping(self.limits.pong))

    def _due(self, session: Session) -> float:
        """When patience will be lost, in seconds, should nothing more come."""
        limits = self.limits
        if not session.name:
            return session.since + (limits.registration or NEVER)
        if session.asked is not None:
            return session.asked + limits.pong
        return session.heard + ((limits.ping if isinstance(session.dialect, JsonDialect) else limits.idle) or NEVER)

    def _set_timer(self, session: Session) -> None:
        due = self._due(session)
        if due < NEVER:
            self._timers.set(session.connection, due)

    def _end(self, session: Session, ending: CloseReason, now: float) -> None:
        """Tells a connection why it is closed, and closes it."""
        self._outbox.send(session, session.dialect.closing(ending))
        self._outbox.send(session, Order.CLOSE)
        self._drop(session, ending, now)

    def _drop(self, session: Session, ending: CloseReason, now: float) -> None:
        """Forgets a connection first, so that nothing more goes there, and then has its user leave."""
        del self._sessions[session.connection]
        self._timers.drop(session.connection)
        self._admission.leave(session.address)
        if session.name:
            self._driver.leave(session, now)
        self._driver.report(Ended(session.connection, ending, session.name or None), now)

    # What the operator asks.

    def name(self, user: User) -> str:
        """The pseudonym of a user, as it is shown."""
        return self._outbox.name(user)

    def find(self, name: str) -> User | None:
        """Who is called so, as RFC 8266 compares pseudonyms."""
        return self.roulette.named(comparison_key(name))

    def address(self, user: User) -> str:
        """From where a user is connected; empty if that is unknown."""
        return self._sessions[user].address

    def kick(self, user: User, now: float) -> list[Output]:
        """Sends a user away."""
        self._end(self._sessions[user], CloseReason.KICKED, now)
        return self._outbox.collect()

    def ban(self, network: Network, now: float) -> list[Output]:
        """Lets nobody in from a network any more, and sends away who is there."""
        self._admission.ban(network)
        for session in list(self._sessions.values()):
            if session.address and ip_address(session.address) in network:
                self._end(session, CloseReason.BANNED, now)
        return self._outbox.collect()

    def unban(self, network: Network) -> bool:
        """Ends a ban: whether there was one."""
        return self._admission.unban(network)

    def bans(self) -> list[Network]:
        """All bans, the oldest first."""
        return self._admission.bans()

    def say(self, text: str, now: float) -> list[Output]:
        """Says something to everybody who has a pseudonym."""
        said = harmless.line(text)
        for session in self._outbox.users.values():
            self._outbox.send(session, session.dialect.notice(Message.OPERATOR_SAYS, text=said))
        return self._outbox.collect()
