"""Carries a conversation over TCP or TLS, and reconnects when the connection is lost."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

from transports.client.address import Address
from transports.client.conversation import Conversation
from transports.client.display import DisplayLine

PATIENCE = 10.0
"""Timeout for connecting to a server and receiving its greeting, in seconds."""

GOODBYE = 1.0
"""Timeout for the server to close the connection after ``close``, in seconds."""

READ_SIZE = 4096
"""How many bytes are read and shown at a time: during a flood, the user must still get to type and to quit."""

BASE = 1.0
"""The longest first wait before reconnecting, in seconds."""

CAP = 30.0
"""The longest wait of all, in seconds."""

_KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": 120_000}
"""A peer that is silent for two minutes is taken to be gone (tcp(7); the last value is in milliseconds)."""

Show: TypeAlias = Callable[[Sequence[DisplayLine]], None]
"""Shows lines. Called without any when only the presence has changed."""


class NoGreeting(OSError):
    """The peer closed the connection without a greeting: it is no chat server, or expects TLS."""


class ChatConnection:
    """Keeps a conversation connected to a server.

    Args:
        address: the server's.
        conversation: the conversation to carry.
        security: how to verify the server's certificate; None for no TLS.
        chance: the source of jitter for ``backoff``.
    """

    def __init__(
        self,
        address: Address,
        conversation: Conversation,
        security: ssl.SSLContext | None = None,
        chance: Random | None = None,
    ) -> None:
        self.conversation = conversation
        self._address = address
        self._security = security
        self._chance = chance or Random()
        self._failures = 0
        self._asked = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None

    def now(self) -> float:
        """Returns the time on the conversation's clock, in seconds."""
        return asyncio.get_running_loop().time()

    async def open(self) -> None:
        """Connects, and waits for the server's greeting.

        Raises:
            OSError: there is no server or no valid certificate; ``TimeoutError`` and ``NoGreeting`` among them.
        """
        async with asyncio.timeout(PATIENCE):
            self._reader, self._writer = await asyncio.open_connection(*self._address, ssl=self._security)
            try:
                self._keep_alive()
                greeting = await self._reader.read(READ_SIZE)
                if not greeting:
                    raise NoGreeting
            except BaseException:
                self.hang_up()
                raise
        self.conversation.connected(self.now())
        self.conversation.received(greeting, self.now())
        self.flush()

    def _keep_alive(self) -> None:
        """Enables keepalive: without it, a connection whose peer has vanished stays open for hours."""
        assert self._writer is not None
        ours: socket.socket = self._writer.get_extra_info("socket")
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _KEEPALIVE.items():
            if hasattr(socket, option):  # not every system has all of them
                ours.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)

    async def read(self, show: Show) -> None:
        """Shows what is received, until the connection is lost or must be given up."""
        retries = self.conversation.presence.retries
        while data := await self._next():
            show(self.conversation.received(data, self.now()))
            if self.conversation.presence.joined:
                self._failures = 0
            elif self.conversation.presence.retries > retries:
                break
        self.hang_up()
        show(self.conversation.disconnected(self.now()))

    async def _next(self) -> bytes:
        """Flushes, and returns the next bytes received; b"" at EOF or when the connection is lost."""
        await self.drain()
        await asyncio.sleep(0)  # buffered input is returned without waiting: let other tasks run
        with contextlib.suppress(OSError):
            return await self._reader.read(READ_SIZE)
        return b""

    async def stay(self, show: Show) -> None:
        """Shows what is received, and reconnects, until the server ends the conversation for good."""
        while True:
            await self.read(show)
            if self.conversation.presence.over:
                return
            await self._return(show)

    async def _return(self, show: Show) -> None:
        """Reconnects, retrying as often as necessary."""
        while True:
            while self.conversation.presence.name is None:  # the user must choose a pseudonym first
                self._asked.clear()
                await self._asked.wait()
            wait = backoff(self._failures, self._chance)
            self._failures += 1
            self.conversation.presence.back_at = self.now() + wait
            show([])
            await asyncio.sleep(wait)
            with contextlib.suppress(OSError):
                await self.open()
                return

    def flush(self) -> None:
        """Writes what the conversation has to send; to be called after every action of the user."""
        self._asked.set()
        if data := self.conversation.take():
            assert self._writer is not None, "there is nothing to say without a connection"
            self._writer.write(data)

    async def drain(self) -> None:
        """Flushes, and waits while the server is slow to read. A lost connection is reported by ``read`` alone."""
        self.flush()
        if self._writer is not None:
            with contextlib.suppress(OSError):
                await self._writer.drain()

    async def close(self) -> None:
        """Sends ``close``, and waits a moment for the server to hang up."""
        writer = self._writer
        if writer is None:
            return
        self.conversation.leave()
        with contextlib.suppress(OSError):
            async with asyncio.timeout(GOODBYE):
                await self.drain()
                while await self._reader.read(READ_SIZE):
                    pass
                writer.close()
                await writer.wait_closed()
        writer.transport.abort()
        self._writer = None

    def hang_up(self) -> None:
        """Closes the connection at once, if it is open."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def backoff(attempt: int, chance: Random) -> float:
    """Returns the wait before an attempt: exponential back-off with full jitter.

    When a server restarts, its clients must not all come back at once. Of the ways to spread them compared in
    "Exponential Backoff And Jitter" (Marc Brooker, AWS Architecture Blog, 2015), a wait drawn uniformly from zero
    to the exponential bound costs the server least.

    Args:
        attempt: how many attempts have failed since the last success.
        chance: the source of the jitter.

    Returns:
        Seconds, from 0 to the lesser of ``CAP`` and ``BASE`` times 2 to the power of ``attempt``.
    """
    return chance.uniform(0, min(CAP, BASE * 2 ** min(attempt, 30)))
