"""A server and the people who use it in one loop, on real sockets, its journal checked at every step."""

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
from transports.tcp import Certificate, Server

NO_LIMITS = Limits(users=0, per_address=0, registration=0, rate=0, ping=0, idle=0, output_soft=0, output_limit=0)

PATIENCE = 20
"""How long any of these tests may take, in seconds, before it is given up."""


class Person:
    """Somebody with ``nc``."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def type(self, *lines: str) -> None:
        """Types lines, whether or not anybody reads them."""
        self.writer.write("".join(f"{line}\n" for line in lines).encode())

    async def hears(self, wanted: str) -> str:
        """Reads on until a line holds this."""
        while True:
            line = (await self.reader.readuntil(b"\r\n")).decode().rstrip()
            if wanted in line:
                return line

    async def is_alone(self) -> bool:
        """Waits until the server has hung up: whether it did so without a reset."""
        try:
            await self.reader.read()
        except ConnectionError:
            return False
        return True

    def stop_reading(self) -> None:
        """Goes away from the keyboard."""
        self.writer.transport.pause_reading()  # type: ignore[attr-defined]

    def read_on(self) -> None:
        """Comes back to the keyboard."""
        self.writer.transport.resume_reading()  # type: ignore[attr-defined]

    def reset(self) -> None:
        """The cable is pulled: a TCP reset instead of an orderly end."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def leave(self) -> None:
        """Is gone without a word."""
        self.writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


class House(GatewayObserver):
    """A running server, its journal checked, and people who come in.

    Attributes:
        server: the driver.
        events: all that the gateway has told.
        port: where it listens.
    """

    def __init__(self, policy: Policy | str, limits: Limits, certificate: Certificate | None) -> None:
        self.roulette = Roulette(policy)
        self.checker = Checker(self.roulette.policy.specification, thorough=True)
        self.server = Server(Gateway(self.roulette, limits, [self]), certificate=certificate)
        self.events: list[ConnectionEvent] = []
        self.port = 0
        self._people: list[Person] = []

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self.checker.check(now, event, effects)

    def happened(self, now: float, event: ConnectionEvent) -> None:
        self.events.append(event)

    async def enter(self, name: str | None = None, trust: ssl.SSLContext | None = None) -> Person:
        """Somebody comes, and waits until the server has greeted them."""
        where = {"ssl": trust, "server_hostname": "localhost"} if trust else {}
        person = Person(*await asyncio.open_connection("127.0.0.1", self.port, **where))
        self._people.append(person)
        await person.hears("Welcome")
        if name is not None:
            person.type(name)
            await person.hears("You are in the lobby")
        return person

    async def enter_pair(self, trust: ssl.SSLContext | None = None) -> tuple[Person, Person]:
        """Two come, who talk in private."""
        ada, bob = await self.enter("ada", trust), await self.enter("bob", trust)
        ada.type("start")
        bob.type("start")
        await ada.hears("Only <bob> sees what you type")
        await bob.hears("Only <ada> sees what you type")
        return ada, bob

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until something is so."""
        while not condition():
            await asyncio.sleep(0.01)

    async def empty(self) -> None:
        """Everybody goes."""
        for person in self._people:
            await person.leave()


@contextlib.asynccontextmanager
async def served(
    policy: Policy | str = "no-repeat",
    certificate: Certificate | None = None,
    grace: float = PATIENCE,
    **limits: Any,
) -> AsyncIterator[House]:
    """A house with a server; without limits, but for those named."""
    house = House(policy, replace(NO_LIMITS, **limits), certificate)
    house.port = (await house.server.bind("127.0.0.1", 0))[0][1]
    house.server.start()
    running = asyncio.create_task(house.server.run(grace))
    try:
        yield house
    finally:
        await house.empty()
        house.server.stop()
        await running
    assert not house.server.driver.links, "nothing is left behind"
    assert not house.checker.breaches
    if house.server.failure is None:
        house.checker.compare(house.roulette)


def play(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs a story that must come to its end."""
    asyncio.run(asyncio.wait_for(story(), PATIENCE))
