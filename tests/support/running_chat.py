"""A server and its clients in one loop, on real sockets; the core's invariants are checked at every step."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from typing import Any

from roulette_core import Effect, Event, Policy, Roulette
from roulette_core.testing import Checker
from transports.gateway import ConnectionEvent, Gateway, GatewayObserver, Limits
from transports.serving import Server
from transports.tcp import Certificate, TcpTransport

NO_LIMITS = Limits(users=0, per_address=0, registration=0, rate=0, ping=0, idle=0, output_soft=0, output_limit=0)

PATIENCE = 20
"""Timeout of a test, in seconds."""


class ChatClient:
    """A client like ``nc``."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def type(self, *lines: str) -> None:
        """Sends lines."""
        self.writer.write("".join(f"{line}\n" for line in lines).encode())

    async def hears(self, wanted: str) -> str:
        """Reads up to the next line that contains ``wanted``, and returns that line."""
        while True:
            line = (await self.reader.readuntil(b"\r\n")).decode().rstrip()
            if wanted in line:
                return line

    async def sees_eof(self) -> bool:
        """Reads to the end. Returns True for EOF, False for a reset."""
        try:
            await self.reader.read()
        except ConnectionError:
            return False
        return True

    def pause_reading(self) -> None:
        self.writer.transport.pause_reading()  # type: ignore[attr-defined]

    def resume_reading(self) -> None:
        self.writer.transport.resume_reading()  # type: ignore[attr-defined]

    def reset(self) -> None:
        """Resets the connection instead of closing it."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def leave(self) -> None:
        """Drops the connection, if it is still open."""
        self.writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


class RunningChat(GatewayObserver):
    """A running server and its clients.

    Attributes:
        server: the server.
        tcp: its transport.
        events: all connection events so far.
        port: the server's port.
    """

    def __init__(self, policy: Policy | str, limits: Limits, certificate: Certificate | None) -> None:
        self.roulette = Roulette(policy)
        self.checker = Checker(self.roulette.policy.specification, thorough=True)
        self.server = Server(Gateway(self.roulette, limits, [self]))
        self.tcp = TcpTransport(self.server.driver, "127.0.0.1", 0, certificate)
        self.events: list[ConnectionEvent] = []
        self.port = 0
        self._clients: list[ChatClient] = []

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self.checker.check(now, event, effects)

    def happened(self, now: float, event: ConnectionEvent) -> None:
        self.events.append(event)

    async def enter(self, name: str | None = None, trust: ssl.SSLContext | None = None) -> ChatClient:
        """Connects a client, and chooses a pseudonym unless ``name`` is None."""
        where = {"ssl": trust, "server_hostname": "localhost"} if trust else {}
        client = ChatClient(*await asyncio.open_connection("127.0.0.1", self.port, **where))
        self._clients.append(client)
        await client.hears("Welcome")
        if name is not None:
            client.type(name)
            await client.hears("You are in the lobby")
        return client

    async def enter_pair(self, trust: ssl.SSLContext | None = None) -> tuple[ChatClient, ChatClient]:
        """Connects two users, and waits until they are in private together."""
        ada, bob = await self.enter("ada", trust), await self.enter("bob", trust)
        ada.type("start")
        bob.type("start")
        await ada.hears("Only <bob> sees what you type")
        await bob.hears("Only <ada> sees what you type")
        return ada, bob

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until ``condition`` returns true."""
        while not condition():
            await asyncio.sleep(0.01)

    async def empty(self) -> None:
        """Drops all clients."""
        for client in self._clients:
            await client.leave()


@contextlib.asynccontextmanager
async def served(
    policy: Policy | str = "no-repeat",
    certificate: Certificate | None = None,
    grace: float = PATIENCE,
    **limits: Any,
) -> AsyncIterator[RunningChat]:
    """Runs a server, without limits but those named; afterwards checks that nothing is left behind."""
    chat = RunningChat(policy, replace(NO_LIMITS, **limits), certificate)
    await chat.server.listen(chat.tcp)
    chat.port = chat.tcp.addresses[0][1]
    running = asyncio.create_task(chat.server.run(grace))
    try:
        yield chat
    finally:
        await chat.empty()
        chat.server.stop()
        await running
    assert not chat.server.driver.links, "nothing is left behind"
    assert not chat.checker.breaches
    if chat.server.failure is None:
        chat.checker.compare(chat.roulette)


def play(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs a test's story, with a timeout."""
    asyncio.run(asyncio.wait_for(story(), PATIENCE))
