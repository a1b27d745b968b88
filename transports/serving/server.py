"""The server around a gateway: the driver on the time of asyncio's loop, a transport, and the way it stops."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, TypeAlias

from transports.driver import PATIENCE, Driver, Timer
from transports.gateway import Gateway, Output

Transport: TypeAlias = Callable[[Driver[Any]], AbstractAsyncContextManager[Sequence[str]]]
"""A transport: an async context manager made from the driver that its connections are to report to.

It accepts connections while it is entered, and gives a line for each place where it listens, for the operator to read.
On exit it stops accepting; open connections stay open, as the server then says goodbye through them.
"""

logger = logging.getLogger(__name__)


class Server:
    """Serves a gateway until it is stopped.

    Args:
        gateway: the chat server; the driver keeps its limits on what is read and written.
        turn_ended: called once at the end of every turn of the loop in which something happened.
    """

    def __init__(self, gateway: Gateway, turn_ended: Callable[[], object] = lambda: None) -> None:
        self.gateway = gateway
        self._stop = asyncio.Event()
        self._empty = asyncio.Event()
        self._listening = AsyncExitStack()
        self.driver: Driver[Any] = Driver(gateway, LoopClock(), turn_ended, self._failed, self._emptied)

    @property
    def failure(self) -> Exception | None:
        """What the gateway raised, if it did: a bug or a broken policy, which has stopped the server."""
        return self.driver.failure

    async def listen(self, transport: AbstractAsyncContextManager[Sequence[str]]) -> list[str]:
        """Accepts connections by a transport made for ``driver``, from now on until ``stop`` or ``close``.

        Returns:
            A line for each place where it listens.

        Raises:
            TypeError: this is no async context manager that gives lines.
            Exception: whatever the transport raises when it cannot listen.
        """
        places = await self._listening.enter_async_context(transport)
        if isinstance(places, str) or not all(isinstance(place, str) for place in places):
            raise TypeError(f"a transport gives a list of lines that say where it listens, not {places!r}")
        return list(places)

    async def close(self) -> None:
        """Stops accepting connections. A transport that takes long, or fails, is given up."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._listening.aclose()
        except Exception as error:  # a transport's fault must not keep the server from saying goodbye
            logger.warning("the transport failed to stop listening: %r", error)

    async def run(self, grace: float = PATIENCE) -> None:
        """Serves until ``stop`` or a failure, then says goodbye, and returns once all connections are closed.

        Clients that take more than ``grace`` seconds to read the last words are dropped.
        """
        await self._stop.wait()
        await self.close()
        self.driver.goodbye(grace)
        if self.driver.links:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._empty.wait()
        self.driver.stop()
        with contextlib.suppress(TimeoutError):  # of pipes that do not report their end
            async with asyncio.timeout(PATIENCE):
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

    def _failed(self, error: Exception) -> None:
        self._stop.set()

    def _emptied(self) -> None:
        """Ends the wait of ``run`` when the last connection is gone."""
        if self._stop.is_set():
            self._empty.set()


class LoopClock:
    """The running loop's time as the driver's clock: seconds since the clock was made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()
        self.call_soon = self._loop.call_soon

    def now(self) -> float:
        """Returns the time, in seconds."""
        return self._loop.time() - self._started

    def call_at(self, when: float, act: Callable[[], object]) -> Timer:
        """Calls ``act`` when the time has come."""
        return self._loop.call_at(self._started + when, act)
