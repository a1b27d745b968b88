"""A server on a real socket that does what a test wants, good or bad."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from transports.client.address import Address

GREETING = b"* Welcome to ChatRoulette. Type your pseudonym.\r\n"


def told(**members: object) -> bytes:
    """An object as a server sends it."""
    return json.dumps(members).encode() + b"\r\n"


class Visit:
    """One connection that a client made."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def hear(self) -> dict[str, Any]:
        """The next object of the client."""
        heard: dict[str, Any] = json.loads(await self._reader.readline())
        return heard

    async def gone(self) -> bool:
        """Waits until the client has hung up; whether it said anything before that."""
        return await self._reader.read() != b""

    def say(self, data: bytes) -> None:
        """Sends bytes."""
        self._writer.write(data)

    async def welcome(self) -> dict[str, Any]:
        """Greets, hears the hello and welcomes: the hello."""
        self.say(GREETING)
        hello = await self.hear()
        self.say(told(type="welcome", name=hello["name"], version=1, line_limit=4096, text=f"Hi, {hello['name']}."))
        self.say(told(type="situation", state="lobby", others=0, text="You are in the lobby."))
        return hello

    def reset(self) -> None:
        """Resets the connection."""
        self._writer.transport.abort()

    def hang_up(self) -> None:
        """Closes it."""
        self._writer.close()


@contextlib.asynccontextmanager
async def scripted(
    *visits: Callable[[Visit], Awaitable[None]], security: ssl.SSLContext | None = None
) -> AsyncIterator[Address]:
    """A server that treats its first visitor as the first script says, and so on, and then each as the last says."""
    scripts, running = list(visits), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        try:
            await script(Visit(reader, writer))
            await writer.drain()
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=security)
    try:
        yield Address(*server.sockets[0].getsockname())
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.sleep(0.05)  # what was closed says so to the loop
