"""The thin driver under the gateway: TCP connections, one timer, and the end of it all, on asyncio."""

import asyncio
import contextlib
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from transports.gateway import CloseReason, Connection, Gateway, Order, Output
from transports.tcp.link import READ_SIZE, Link
from transports.tcp.listener import Listener
from transports.tcp.tls import Certificate

PATIENCE = 5.0
"""How long a connection that is to be closed may take to be sent everything, in seconds."""

HANDSHAKE = 10.0
"""How long a connection may take to agree on TLS where there is no limit to registration, in seconds."""


class Server:
    """Serves a gateway on TCP until it is stopped.

    Args:
        gateway: the chat server; its limits hold for what is read and written here, too.
        turn_ended: is called once at the end of every turn of the loop in which something happened.
        certificate: for TLS; without it, connections are plain text.

    Attributes:
        failure: what the gateway raised, if it did: a bug or a broken policy, after which it is not to be trusted.
        output_soft: how many bytes may wait for a slow reader before nothing more is read from there.
        output_limit: how many before the connection is dropped.
        patience: how long a connection that is to be closed may take to be sent everything, in seconds.
        listener: whom it accepts connections from.
        links: all connections there are, those that are closing among them.
        buffer: where the links put what they read.
    """

    def __init__(
        self,
        gateway: Gateway,
        turn_ended: Callable[[], None] = lambda: None,
        certificate: Certificate | None = None,
    ) -> None:
        limits = gateway.limits
        self.gateway = gateway
        self.output_soft = limits.output_soft or math.inf
        self.output_limit = limits.output_limit or math.inf
        self.patience = PATIENCE
        # A view, as asyncio's TLS reads into a slice of it, which of a bytearray would be a copy.
        self.buffer = memoryview(bytearray(READ_SIZE))
        self.failure: Exception | None = None
        self._turn_ended = turn_ended
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()
        self.listener = Listener(gateway, partial(Link, self), certificate, limits.registration or HANDSHAKE)
        self.links: dict[Connection, Link] = {}
        self._admitted = 0
        self._written_to: dict[Link, None] = {}
        self._turn_open = False
        self._timer: asyncio.TimerHandle | None = None
        self._stop = asyncio.Event()
        self._gone = asyncio.Event()

    async def bind(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """Takes the port; nobody is served before ``start``.

        Args:
            host: an address or name of this machine.
            port: 0 for any free one.

        Returns:
            The addresses it will listen on, as ``socket.getsockname`` tells them.

        Raises:
            OSError: the port is in use, or there is no such address here.
        """
        return await self.listener.bind(host, port)

    def start(self) -> None:
        """Lets people in from now on."""
        self.listener.start()

    async def run(self, grace: float = PATIENCE) -> None:
        """Serves until ``stop``, then says goodbye to everybody, and returns once they are gone.

        Args:
            grace: how long they may take to read the last words, in seconds; who takes longer is dropped.
        """
        await self._stop.wait()
        self.listener.close()
        self.patience = grace
        self._carry_out(self.gateway.goodbye(self.clock()))
        self._end_turn()
        if self.links:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._gone.wait()
        for link in self.links.values():
            link.abort()
        while self.links:
            await asyncio.sleep(0)
        if self._timer is not None:
            self._timer.cancel()

    def stop(self) -> None:
        """Has ``run`` end; the second time, without waiting for those who are slow to read."""
        if self._stop.is_set():
            self._gone.set()
        self._stop.set()

    def clock(self) -> float:
        """The gateway's time: seconds since this server was made, never running back."""
        return self._loop.time() - self._started

    def advance(self, step: Callable[..., Sequence[Output]], *what: Any) -> None:
        """Has the gateway take a step, now, and does what it says.

        Args:
            step: a method of the gateway whose last argument is the time.
            what: its other arguments.
        """
        if self.failure is not None:
            return
        try:
            self._carry_out(step(*what, self.clock()))
            self._set_timer()
        except Exception as error:
            self.failure = error
            self._stop.set()
        if not self._turn_open:
            self._turn_open = True
            self._loop.call_soon(self._end_turn)

    # What the links say.

    def admit(self, link: Link) -> None:
        """A new connection: it is given an id."""
        self._admitted += 1
        link.identity = self._admitted
        self.links[link.identity] = link
        self.advance(partial(self.gateway.connected, address=link.address), link.identity)

    def dismiss(self, link: Link, ending: CloseReason) -> None:
        """Nothing more will come from a connection."""
        self.advance(partial(self.gateway.disconnected, ending=ending), link.identity)

    def forget(self, link: Link) -> None:
        """A connection is gone."""
        del self.links[link.identity]
        self._written_to.pop(link, None)
        if not self.links and self._stop.is_set():
            self._gone.set()

    def _carry_out(self, outputs: Sequence[Output]) -> None:
        """Gathers bytes for their connections, and has orders obeyed."""
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
            link.write()
        self._turn_ended()

    # The one timer.

    def _set_timer(self) -> None:
        """Sees to it that ``_tick`` is called in time; a deadline that has moved on or gone away may cost a call."""
        deadline = self.gateway.next_deadline()
        if deadline is None:
            return
        when = self._started + deadline
        if self._timer is None or when < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(when, self._tick)

    def _tick(self) -> None:
        self._timer = None
        deadline = self.gateway.next_deadline()
        if deadline is not None and deadline <= self.clock():
            self.advance(self.gateway.tick)
        else:  # it has moved on, or the loop has called a hair too early
            self._set_timer()
