"""Moves bytes between pipes and the gateway: turns, the one timer, and what to do when the gateway fails."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Generic

from transports.driver.link import PATIENCE, Link, P
from transports.driver.pipe import Clock, Timer
from transports.gateway import Connection, Gateway, Order, Output


class Driver(Generic[P]):
    """Drives a gateway. Does no I/O of its own, and takes the time from its clock.

    A turn lasts from a step of the gateway until the clock's ``call_soon`` calls back. Output is written at its end.

    Args:
        gateway: the chat server. Its limits on unread output are kept here.
        clock: tells the time and schedules calls.
        turn_ended: called at the end of every turn.
        failed: called once with what the gateway raises; ``goodbye`` should follow soon.
        emptied: called whenever the last connection is gone.
    """

    def __init__(
        self,
        gateway: Gateway,
        clock: Clock,
        turn_ended: Callable[[], object] = lambda: None,
        failed: Callable[[Exception], object] = lambda error: None,
        emptied: Callable[[], object] = lambda: None,
    ) -> None:
        self.gateway = gateway
        self.clock = clock
        self.links: dict[Connection, Link[P]] = {}  # all connections by id, closing ones included
        # What the gateway raised: a bug or a broken policy. After it, only ``goodbye`` is called.
        self.failure: Exception | None = None
        self.patience = PATIENCE  # how long a closing connection may take to deliver pending output, in seconds
        self.output_soft: float = gateway.limits.output_soft or math.inf  # unread bytes that pause reading
        self.output_limit: float = gateway.limits.output_limit or math.inf  # unread bytes that end the connection
        self._turn_ended = turn_ended
        self._failed = failed
        self._emptied = emptied
        self._admitted = 0
        self._written_to: dict[Link[P], None] = {}
        self._turn_open = False
        self._timer: Timer | None = None
        self._due = math.inf

    def advance(self, step: Callable[..., Sequence[Output]], *what: Any) -> None:
        """Lets the gateway take a step now, and carries out its output.

        Args:
            step: a method of the gateway whose last argument is the time.
            what: its other arguments.
        """
        if self.failure is not None:
            return
        try:
            self._carry_out(step(*what, self.clock.now()))
            self._set_timer()
        except Exception as error:
            self.failure = error
            self._failed(error)
        if not self._turn_open:
            self._turn_open = True
            self.clock.call_soon(self._end_turn)

    def goodbye(self, patience: float) -> None:
        """Tells all users that the server stops, and closes their connections.

        They may take ``patience`` seconds to read the last words.
        """
        self.patience = patience
        self._carry_out(self.gateway.goodbye(self.clock.now()))
        self._end_turn()

    def stop(self) -> None:
        """Drops the connections that are left, and stops the timer."""
        for link in self.links.values():
            link.abort()
        if self._timer is not None:
            self._timer.cancel()

    # Called by the links.

    def admit(self, link: Link[P]) -> Connection:
        """Registers a new connection and returns its id."""
        self._admitted += 1
        self.links[self._admitted] = link
        return self._admitted

    def forget(self, link: Link[P]) -> None:
        """Removes a connection that is gone."""
        del self.links[link.identity]
        self._written_to.pop(link, None)
        if not self.links:
            self._emptied()

    # A turn.

    def _carry_out(self, outputs: Sequence[Output]) -> None:
        for connection, data in outputs:
            link = self.links.get(connection)
            if link is None:
                continue
            if isinstance(data, Order):
                link.obey(data)
            else:
                link.gather(data)
                self._written_to[link] = None

    def _end_turn(self) -> None:
        self._turn_open = False
        written_to, self._written_to = self._written_to, {}
        for link in written_to:
            link.flush()
        self._turn_ended()

    # The one timer.

    def _set_timer(self) -> None:
        """Schedules ``_tick`` for the next deadline. If the deadline moves later, one early call is harmless."""
        deadline = self.gateway.next_deadline()
        if deadline is not None and deadline < self._due:
            if self._timer is not None:
                self._timer.cancel()
            self._due = deadline
            self._timer = self.clock.call_at(deadline, self._tick)

    def _tick(self) -> None:
        self._timer, self._due = None, math.inf
        deadline = self.gateway.next_deadline()
        if deadline is not None and deadline <= self.clock.now():
            self.advance(self.gateway.tick)
        else:  # it has moved later, or the clock has called slightly too early
            self._set_timer()
