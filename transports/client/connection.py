"""Carries a conversation over TCP or TLS, and connects again when the connection is lost."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

from transports.client.address import Address
from transports.client.backoff import backoff
from transports.client.conversation import Conversation
from transports.client.display import DisplayLine

PATIENCE = 10.0
"""How long a server may take to be reached and to greet, in seconds."""

GOODBYE = 1.0
"""How long a server may take to hang up once one has said goodbye, in seconds."""

READ_SIZE = 4096
"""How much is shown at a time, in bytes: a flood must leave the person their turn to type, and to quit."""

_KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": 120_000}
"""After two minutes without a sign from the other side the connection is lost (tcp(7); the last in milliseconds)."""

Show: TypeAlias = Callable[[Sequence[DisplayLine]], None]
"""Shows lines; is also called without any when only the presence has changed."""


class NoGreeting(OSError):
    """Whoever answers there hung up without a word: no chat server, or one that expects TLS."""


class ChatConnection:
    """Keeps a conversation connected to a server.

    Args:
        address: where the server is.
        conversation: what is carried.
        security: how to verify the server's certificate; None for no TLS.
        chance: where the chance of ``backoff`` comes from.
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
        """The time on the conversation's clock, in seconds."""
        return asyncio.get_running_loop().time()

    async def open(self) -> None:
        """Connects, and waits for the server's greeting.

        Raises:
            OSError: there is no server, or none with this certificate; ``TimeoutError`` and ``NoGreeting`` among them.
        """
        async with asyncio.timeout(PATIENCE):
            self._reader, self._writer = await asyncio.open_connection(*self._address, ssl=self._security)
            try:
                self._keep_alive()
                greeting = await self._reader.read(READ_SIZE)
                if not greeting:
                    raise NoGreeting
            except BaseException:
                self._hang_up()
                raise
        self.conversation.connected(self.now())
        self.conversation.received(greeting, self.now())
        self.flush()

    def _keep_alive(self) -> None:
        """A line that was cut says nothing by itself."""
        assert self._writer is not None
        ours: socket.socket = self._writer.get_extra_info("socket")
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _KEEPALIVE.items():
            if hasattr(socket, option):  # not every system has them all
                ours.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)

    async def read(self, show: Show) -> None:
        """Shows what comes, until the connection is gone or has to be given up."""
        retries = self.conversation.presence.retries
        while data := await self._next():
            show(self.conversation.received(data, self.now()))
            if self.conversation.presence.joined:
                self._failures = 0
            elif self.conversation.presence.retries > retries:
                break
        self._hang_up()
        show(self.conversation.disconnected(self.now()))

    async def _next(self) -> bytes:
        """The next bytes, once all there is to say has been sent; nothing if the connection is gone."""
        await self.drain()
        await asyncio.sleep(0)  # what has been read ahead comes without any waiting
        with contextlib.suppress(OSError):
            return await self._reader.read(READ_SIZE)
        return b""

    async def stay(self, show: Show) -> None:
        """Shows what comes and connects again when it has to, until the server ends it for good."""
        while True:
            await self.read(show)
            if self.conversation.presence.over:
                return
            await self._return(show)

    async def _return(self, show: Show) -> None:
        """Connects again, as often as it takes."""
        while True:
            while self.conversation.presence.name is None:  # nothing to come back with until there is one
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
        """Sends what the conversation has to say, after anything that a person did."""
        self._asked.set()
        if data := self.conversation.take():
            assert self._writer is not None, "there is nothing to say without a connection"
            self._writer.write(data)

    async def drain(self) -> None:
        """Sends what there is to say, and waits while the server is slow to read; that it is gone, ``read`` tells."""
        self.flush()
        if self._writer is not None:
            with contextlib.suppress(OSError):
                await self._writer.drain()

    async def close(self) -> None:
        """Says goodbye, and hangs up once the server has, or does not."""
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

    def _hang_up(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
