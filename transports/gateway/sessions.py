"""The open sessions: how each begins, when it is due for a check, and how it ends."""

import math

from transports.dialects import CloseReason, Dialect, JsonDialect
from transports.gateway.admission import Admission
from transports.gateway.connection_events import Connected, Ended
from transports.gateway.core_driver import CoreDriver
from transports.gateway.outbox import Outbox
from transports.gateway.outputs import Connection, Order
from transports.gateway.session import Session
from transports.gateway.timers import Timers
from transports.limits import Limits

NEVER = math.inf


class Sessions:
    """Opens, times and ends sessions. The outbox holds those that are open."""

    def __init__(self, limits: Limits, driver: CoreDriver, outbox: Outbox) -> None:
        self.limits = limits
        self.driver = driver
        self.outbox = outbox
        self.open = outbox.sessions
        self.admission = Admission(limits)
        self.timers = Timers()

    def begin(self, connection: Connection, address: str, dialect: Dialect, now: float) -> None:
        """Opens a session for a connection that was admitted."""
        self.admission.enter(address)
        session = self.open[connection] = Session(connection, address, dialect, self.limits, now)
        self.driver.report(Connected(connection, address), now)
        self.set_timer(session)

    def due(self, session: Session) -> float:
        """Returns when the session times out, or is pinged, if no more input arrives; ``NEVER`` without a limit."""
        limits = self.limits
        if not session.name:
            return session.since + (limits.registration or NEVER)
        if session.asked is not None:
            return session.asked + limits.pong
        return session.heard + ((limits.ping if isinstance(session.dialect, JsonDialect) else limits.idle) or NEVER)

    def set_timer(self, session: Session) -> None:
        """Sets the session's timer to when it is due."""
        due = self.due(session)
        if due < NEVER:
            self.timers.set(session.connection, due)

    def end(self, session: Session, reason: CloseReason, now: float) -> None:
        """Sends the reason, closes the connection and drops the session."""
        self.outbox.send(session, session.dialect.closing(reason))
        self.outbox.send(session, Order.CLOSE)
        self.drop(session, reason, now)

    def drop(self, session: Session, reason: CloseReason, now: float) -> None:
        """Removes a session whose connection is closed, and its user from the core."""
        del self.open[session.connection]  # first, so that its user is sent nothing about leaving
        self.timers.drop(session.connection)
        self.admission.leave(session.address)
        if session.name:
            self.driver.leave(session, now)
        self.driver.report(Ended(session.connection, reason, session.name or None), now)
