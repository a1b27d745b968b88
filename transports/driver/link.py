"""One connection: how much is read from it, how much may wait for it, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from transports.driver.pipe import Clock, Pipe, Timer
from transports.gateway import CloseReason, Connection, Gateway, Order, Output

READ_SIZE = 2048
"""How many bytes of one connection a transport reads at once. The rest of a flood stays in the sender's system, and
other connections get their turn."""

WATCH_EVERY = 1.0
"""How often a paused connection is polled for a reset, in seconds."""

PATIENCE = 5.0
"""How long a closing connection may take to deliver pending output, in seconds."""

LINGER = 1.0
"""How long the peer may take to hang up once everything was delivered, in seconds. Closing at once would reset the
connection if input is still unread, and the reset could destroy the last words (RFC 9112, section 9.6)."""

P = TypeVar("P", bound=Pipe)


class LinkDriver(Protocol):
    """The part of ``Driver`` that a link uses; it is described there."""

    gateway: Gateway
    clock: Clock
    patience: float
    output_soft: float
    output_limit: float

    def advance(self, step: Callable[..., Sequence[Output]], *what: Any) -> None:
        """Lets the gateway take a step now, and carries out its output."""

    def admit(self, link: Link[Any]) -> Connection:
        """Registers a new connection and returns its id."""

    def forget(self, link: Link[Any]) -> None:
        """Removes a connection that is gone."""


class Link(Generic[P]):
    """One connection. Its output is gathered, and written once per turn.

    While the peer does not read, the pipe holds one write at most and the rest waits here. Above the soft limit nothing
    more is read from the peer until all of it is written, so that its commands cannot pile up answers; above the hard
    limit the connection is dropped.

    The pipe carries the bytes, and calls the methods of the first section.
    """

    __slots__ = (
        *("_closing", "_driver", "_gathered", "_left", "_reason", "_timer", "_watched"),
        *("address", "full", "identity", "paused", "pipe", "slow", "unwritten"),
    )

    identity: Connection  # the connection's id at the gateway, from ``opened`` on

    def __init__(self, driver: LinkDriver, pipe: P, address: str = "") -> None:
        self.pipe = pipe
        self.address = address  # the peer's, numeric; empty if there is none
        self.paused = False  # whether the gateway has paused reading
        self.slow = False  # whether reading is paused as the peer does not read its output
        self.full = False  # whether the pipe holds all that it can
        self.unwritten = 0  # how many bytes wait here to be written
        self._driver = driver
        self._gathered: list[bytes] = []
        self._reason = CloseReason.LOST
        self._left = False
        self._watched = False
        self._closing = False
        self._timer: Timer | None = None

    # Called by the pipe.

    def opened(self) -> None:
        """Introduces the connection to the gateway, once it is established."""
        self.identity = self._driver.admit(self)
        self._driver.advance(partial(self._driver.gateway.connected, address=self.address), self.identity)

    def received(self, data: bytes) -> None:
        """Passes input on, unless the connection is closing."""
        if not self._closing:
            self._driver.advance(self._driver.gateway.received, self.identity, data)

    def eof(self) -> None:
        """Handles EOF from the peer: its user leaves, and pending output is still delivered."""
        self._leave(CloseReason.HUNG_UP)
        self._finish()
        self._abort_in(self._driver.patience)

    def lost(self) -> None:
        """Handles the end of the connection, however it came."""
        if self._timer is not None:
            self._timer.cancel()
        self._closing = True  # ends _watch, too: a pipe that is gone cannot be polled
        self._leave(self._reason)
        self._driver.forget(self)

    def pause_writing(self) -> None:
        """Notes that the pipe is full: the peer is slow to read."""
        self.full = True

    def resume_writing(self) -> None:
        """Continues writing: the pipe has passed on everything before."""
        self.full = False
        self.flush()
        if self.full:
            return
        if self.slow:
            self.slow = False
            self._update_reading()
        if self._closing:
            self._abort_in(LINGER)

    # Called by the driver.

    def gather(self, data: bytes) -> None:
        """Takes output to be written at the end of the turn, and applies the limits to a slow reader."""
        if self._closing:
            return
        self._gathered.append(data)
        self.unwritten += len(data)
        if self.full:  # a peer that has kept up so far is not to blame for a single turn's output
            self._check_limits()

    def flush(self) -> None:
        """Writes everything gathered, in one piece, unless the previous piece is still unsent."""
        if not self.full:
            self._write_all()

    def obey(self, order: Order) -> None:
        """Carries out an order of the gateway."""
        if order is Order.CLOSE:
            self.close()
        else:
            self.paused = order is Order.PAUSE
            self._update_reading()
            if not self._watched:
                self._watch()

    def close(self) -> None:
        """Flushes, half-closes, and waits for the peer to hang up. Input received meanwhile is ignored."""
        if not self._closing:
            self._finish()
            self._abort_in(self._driver.patience if self.full else LINGER)

    def abort(self) -> None:
        """Drops the connection and its pending output."""
        self._closing = True
        self._drop_gathered()
        self.pipe.abort()

    def _leave(self, reason: CloseReason) -> None:
        """Tells the gateway once that nothing more will come."""
        if not self._left:
            self._left = True
            self._driver.advance(partial(self._driver.gateway.disconnected, reason=reason), self.identity)

    def _watch(self) -> None:
        """Polls a paused connection for a reset that reading would have reported."""
        self._watched = self.paused and not self._closing
        if self._watched:
            if self.pipe.is_reset():
                self.abort()  # so that nothing is written in the rest of this turn
            else:
                self._call_in(WATCH_EVERY, self._watch)

    def _check_limits(self) -> None:
        waiting = self.unwritten + self.pipe.unsent()
        if waiting > self._driver.output_limit:
            self._reason = CloseReason.SLOW
            self.abort()
        elif waiting > self._driver.output_soft and not self.slow:
            self.slow = True
            self._update_reading()

    def _update_reading(self) -> None:
        # A closing connection is read again: only reading tells that the peer has hung up.
        if self._closing or not (self.paused or self.slow):
            self.pipe.resume_reading()
        else:
            self.pipe.pause_reading()

    def _finish(self) -> None:
        """Writes the last output, and EOF behind it."""
        self._write_all()
        self._closing = True
        self._update_reading()
        self.pipe.write_eof()

    def _abort_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._call_in(seconds, self.pipe.abort)

    def _call_in(self, seconds: float, act: Callable[[], object]) -> Timer:
        clock = self._driver.clock
        return clock.call_at(clock.now() + seconds, act)

    def _write_all(self) -> None:
        if self._gathered and not self._closing:
            self.pipe.write(b"".join(self._gathered))
        self._drop_gathered()

    def _drop_gathered(self) -> None:
        self._gathered.clear()
        self.unwritten = 0
