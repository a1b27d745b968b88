"""Real sockets: two people talk; resets, slow readers and the end of the server hurt nobody else."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from roulette_core import Effect, Event, Policy, Roulette, State
from roulette_core.testing import Checker
from transports.gateway import Gateway, Limits, Observer
from transports.tcp.server import Server

NO_LIMITS = Limits(users=0, per_address=0, registration=0, rate=0, ping=0, idle=0, soft_output=0, hard_output=0)

PATIENCE = 20
"""How long any of these tests may take, in seconds, before it is given up."""


class Person:
    """Somebody with ``nc``."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def type(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\n" for line in lines).encode())

    async def hears(self, wanted: str) -> str:
        """Reads on until a line holds this."""
        while True:
            line = (await self.reader.readuntil(b"\r\n")).decode().rstrip()
            if wanted in line:
                return line

    async def is_alone(self) -> bool:
        """Whether the server has hung up, when all before is read."""
        with contextlib.suppress(ConnectionError):
            await self.reader.read()
        return True

    def reset(self) -> None:
        """The cable is pulled: a TCP reset instead of an orderly end."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class House(Observer):
    """A running server, its journal checked, and people who come in."""

    def __init__(self, policy: Policy | str, limits: Limits) -> None:
        self.roulette = Roulette(policy)
        self.checker = Checker(self.roulette.policy.specification, thorough=True)
        self.server = Server(Gateway(self.roulette, limits, [self]))
        self.port = 0
        self.people: list[Person] = []

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self.checker.check(now, event, effects)

    async def enter(self, name: str | None = None) -> Person:
        person = Person(*await asyncio.open_connection("127.0.0.1", self.port))
        self.people.append(person)
        if name is not None:
            person.type(name)
            await person.hears("You are in the lobby")
        return person

    async def enter_pair(self) -> tuple[Person, Person]:
        ada, bob = await self.enter("ada"), await self.enter("bob")
        ada.type("start")
        bob.type("start")
        await ada.hears("Only <bob> reads you")
        await bob.hears("Only <ada> reads you")
        return ada, bob

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def served(policy: Policy | str = "no-repeat", **limits: Any) -> AsyncIterator[House]:
    house = House(policy, replace(NO_LIMITS, **limits))
    house.port = (await house.server.bind("127.0.0.1", 0))[0][1]
    house.server.start()
    running = asyncio.create_task(house.server.run())
    try:
        yield house
    finally:
        for person in house.people:
            person.writer.transport.abort()
            with contextlib.suppress(ConnectionError):
                await person.writer.wait_closed()
        house.server.stop()
        await running
    assert not house.checker.breaches
    if house.server.failure is None:
        house.checker.compare(house.roulette)


def play(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), PATIENCE))


def test_two_people_talk_in_the_lobby_and_in_private_and_part() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter_pair()
            carol, dan = await house.enter("carol"), await house.enter("dan")
            carol.type("hello")
            assert await dan.hears("hello") == "<carol> hello"
            bob.type("how are you")
            assert await ada.hears("how are") == "<bob> how are you"
            ada.type("next")
            await bob.hears("<ada> has left you for somebody else")
            bob.type("lobby")
            await bob.hears("You are in the lobby")
            ada.type("close")
            await ada.hears("Goodbye")
            assert await ada.is_alone()
            await bob.hears("<ada> is gone")

    play(story)


def test_a_reset_in_the_middle_of_a_pair_kills_neither_server_nor_partner() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter_pair()
            ada.reset()
            await bob.hears("<ada> has left you and quit")
            carol = await house.enter("carol")
            carol.type("start")
            await bob.hears("Only <carol> reads you")

    play(story)


def test_a_hundred_resets_at_once_leave_a_server_that_serves() -> None:
    async def story() -> None:
        async with served("uniform") as house:
            people = [await house.enter(f"user{number}") for number in range(100)]
            for person in people:
                person.type("start")
            await house.until(lambda: house.roulette.counts()[State.PRIVATE] >= 98)
            for person in people:
                person.reset()
            await house.until(lambda: len(house.server.gateway) == 0)
            await house.enter("ada")

    play(story)


def test_half_a_connection_is_none_its_user_leaves_but_may_read_the_rest() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter("ada"), await house.enter("bob")
            ada.type("last words", "help")
            ada.writer.write_eof()
            assert await bob.hears("last words") == "<ada> last words"
            await bob.hears("<ada> is gone")
            await ada.hears("/say next")
            assert await ada.is_alone()

    play(story)


def test_somebody_who_does_not_read_is_dropped_and_blocks_nobody() -> None:
    async def story() -> None:
        async with served(hard_output=50_000) as house:
            deaf, ada, bob = [await house.enter(name) for name in ("deaf", "ada", "bob")]
            deaf.writer.transport.pause_reading()  # type: ignore[attr-defined]
            sent = 0
            while "deaf" in {house.roulette.name(user) for user in house.roulette.users()}:
                ada.type(*[f"{'x' * 4000} {sent + number}" for number in range(10)])
                sent += 10
                await bob.hears(f"x {sent - 1}")
            ada.type("still here")
            await bob.hears("still here")

    play(story)


def test_a_slow_reader_who_catches_up_has_missed_nothing() -> None:
    async def story() -> None:
        async with served() as house:
            slow, ada = await house.enter("slow"), await house.enter("ada")
            await slow.hears("<ada> has come")
            slow.writer.transport.pause_reading()  # type: ignore[attr-defined]
            sent = 0
            while not house.server._links[1]._size:  # what its transport and the system hold comes before
                ada.type(f"{sent:05} {'x' * 4000}")
                sent += 1
                await asyncio.sleep(0)
            slow.writer.transport.resume_reading()  # type: ignore[attr-defined]
            ada.type("that was all")
            heard = []
            while "that was all" not in (line := await slow.hears("<ada> ")):
                heard.append(int(line.split()[1]))
            assert heard == list(range(sent))

    play(story)


def test_a_flood_of_short_lines_is_relayed_and_costs_no_reader_the_connection() -> None:
    async def story() -> None:
        async with served(hard_output=10_000) as house:
            flooder, ada = await house.enter("f" * 32), await house.enter("ada")
            flooder.writer.write(b"x\n" * 20_000)
            flooder.type("that was all")
            carol = await house.enter("carol")
            carol.type("may I?")
            await ada.hears("may I?")
            await ada.hears("that was all")

    play(story)


def test_by_time_alone_two_are_paired() -> None:
    async def story() -> None:
        async with served("waves:every=0.2") as house:
            await house.enter_pair()

    play(story)


def test_a_deadline_that_goes_away_or_outlives_the_server_does_no_harm() -> None:
    async def story() -> None:
        async with served("waves:every=0.2") as house:
            ada, bob = await house.enter("ada"), await house.enter("bob")
            for _ in range(2):
                ada.type("start", "lobby")
                await ada.hears("You are in the lobby")
            await asyncio.sleep(0.3)
            ada.type("start")
            bob.type("start")
            await ada.hears("Only <bob> reads you")
            ada.type("next")
            await ada.hears("Waiting")

    play(story)


def test_what_goes_to_one_connection_in_one_turn_is_written_once() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter("ada"), await house.enter("bob")
            link = house.server._links[2]
            written: list[bytes] = []
            transport = link._transport

            class Spy:
                def write(self, data: bytes) -> None:
                    written.append(data)
                    transport.write(data)

                def __getattr__(self, name: str) -> Any:
                    return getattr(transport, name)

            link._transport = Spy()  # type: ignore[assignment]
            ada.type("1", "2", "3")
            await bob.hears("3")
            assert written == [b"<ada> 1\r\n<ada> 2\r\n<ada> 3\r\n"]

    play(story)


def test_when_the_server_stops_everybody_hears_goodbye_and_is_alone() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter_pair()
            nameless = await house.enter()
            house.server.stop()
            for person in (ada, bob, nameless):
                await person.hears("The server is closing")
                assert await person.is_alone()

    play(story)


def test_a_second_stop_does_not_wait_for_those_who_never_read() -> None:
    async def story() -> None:
        async with served() as house:
            deaf = await house.enter("deaf")
            deaf.writer.transport.pause_reading()  # type: ignore[attr-defined]
            ada = await house.enter("ada")
            ada.type(*["x" * 4000] * 4000)
            await house.until(lambda: house.server._links[1]._full)
            house.server.stop()
            await asyncio.sleep(0)
            house.server.stop()
            await house.until(lambda: not house.server._links)

    play(story)


class Broken(Policy):
    """Breaks at the second person who searches."""

    def draw(self, now: float, choose: object) -> None:
        raise ZeroDivisionError("of all things")


def test_a_broken_policy_stops_the_server_with_a_goodbye() -> None:
    async def story() -> None:
        async with served(Broken()) as house:
            ada, bob = await house.enter("ada"), await house.enter("bob")
            ada.type("start")
            bob.type("start")
            await ada.hears("The server is closing")
            await bob.hears("The server is closing")
            assert isinstance(house.server.failure, ZeroDivisionError)

    play(story)


def test_a_name_with_several_addresses_is_listened_to_on_those_there_are() -> None:
    async def story() -> None:
        server = Server(Gateway(Roulette()))
        addresses = await server.bind("localhost", 0)
        assert addresses
        assert {address[0] for address in addresses} <= {"127.0.0.1", "::1"}
        server.stop()
        await server.run()

    play(story)


def test_an_address_of_another_machine_is_an_error_of_the_system() -> None:
    async def story() -> None:
        with pytest.raises(OSError, match="Cannot assign requested address"):
            await Server(Gateway(Roulette())).bind("192.0.2.1", 0)

    play(story)


def test_a_port_in_use_is_an_error_of_the_system() -> None:
    async def story() -> None:
        async with served() as house:
            with pytest.raises(OSError, match="Address already in use"):
                await Server(Gateway(Roulette())).bind("127.0.0.1", house.port)

    play(story)
