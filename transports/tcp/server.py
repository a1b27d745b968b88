"""Serves a gateway on TCP, with or without TLS, until it is stopped."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from transports.driver import PATIENCE, READ_SIZE, Driver, Timer
from transports.gateway import Gateway, Output
from transports.tcp._pipe import TcpPipe
from transports.tcp.listener import Listener
from transports.tcp.tls import Certificate

HANDSHAKE = 10.0
"""How long a TLS handshake may take where registration has no limit, in seconds."""


class Server:
    """Serves a gateway on TCP until it is stopped.

    Args:
        gateway: the chat server; its limits hold for what is read and written here, too.
        turn_ended: called once at the end of every turn of the loop in which something happened.
        certificate: for TLS; without it, connections are plain text.
    """

    def __init__(
        self, gateway: Gateway, turn_ended: Callable[[], object] = lambda: None, certificate: Certificate | None = None
    ) -> None:
        self.gateway = gateway
        self._stop = asyncio.Event()
        self._empty = asyncio.Event()
        self.driver: Driver[TcpPipe] = Driver(gateway, _LoopClock(), turn_ended, lambda error: self._stop.set())
        # A view, as asyncio's TLS reads into a slice of it, which of a bytearray would be a copy.
        buffer = memoryview(bytearray(READ_SIZE))
        accept = partial(TcpPipe, self.driver, buffer, self._look_whether_empty)
        self.listener = Listener(gateway, accept, certificate, gateway.limits.registration or HANDSHAKE)

    @property
    def failure(self) -> Exception | None:
        """What the gateway raised, if it did: a bug or a broken policy, which has stopped the server."""
        return self.driver.failure

    async def bind(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """Binds the port; connections are accepted from ``start`` on.

        Args:
            host: an address or name of this machine.
            port: 0 for any free one.

        Returns:
            The addresses it will listen on, as of ``socket.getsockname``.

        Raises:
            OSError: the port is in use, or there is no such address here.
        """
        return await self.listener.bind(host, port)

    def start(self) -> None:
        """Accepts connections from now on."""
        self.listener.start()

    async def run(self, grace: float = PATIENCE) -> None:
        """Serves until ``stop`` or a failure, then says goodbye, and returns once all connections are closed.

        Clients that take more than ``grace`` seconds to read the last words are dropped.
        """
        await self._stop.wait()
        self.listener.close()
        self.driver.goodbye(grace)
        if self.driver.links:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._empty.wait()
        self.driver.stop()
        while self.driver.links:
            await asyncio.sleep(0)

    def stop(self) -> None:
        """Makes ``run`` end; called again, it no longer waits for clients that are slow to read."""
        if self._stop.is_set():
            self._empty.set()
        self._stop.set()

    def clock(self) -> float:
        """Returns the gateway's time: seconds since this server was made, never running back."""
        return self.driver.clock.now()

    def advance(self, step: Callable[..., Sequence[Output]], *what: Any) -> None:
        """Lets the gateway take a step now, and carries out its output; see ``Driver.advance``."""
        self.driver.advance(step, *what)

    def _look_whether_empty(self) -> None:
        """Ends the wait of ``run`` when the last connection is gone."""
        if not self.driver.links and self._stop.is_set():
            self._empty.set()


class _LoopClock:
    """The running loop's time as the driver's clock: seconds since the clock was made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()
        self.call_soon = self._loop.call_soon

    def now(self) -> float:
        return self._loop.time() - self._started

    def call_at(self, when: float, act: Callable[[], object]) -> Timer:
        return self._loop.call_at(self._started + when, act)
