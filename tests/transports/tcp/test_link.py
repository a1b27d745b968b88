"""One connection: how much may wait for it, when it is read from, and how it ends."""

import asyncio
import socket
from typing import Any

import pytest

from tests.support.house import play, served
from transports.gateway import Order
from transports.gateway.connection_events import Ended
from transports.tcp import sockets


def test_half_a_connection_is_none_its_user_leaves_but_may_read_the_rest() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter("ada"), await house.enter("bob")
            ada.type("last words", "help")
            ada.writer.write_eof()
            assert await bob.hears("last words") == "<ada> last words"
            await bob.hears("<ada> has left")
            await ada.hears("/say next")
            assert await ada.is_alone()

    play(story)


def test_somebody_who_does_not_read_is_dropped_and_blocks_nobody() -> None:
    async def story() -> None:
        async with served(output_limit=50_000) as house:
            deaf, ada, bob = [await house.enter(name) for name in ("deaf", "ada", "bob")]
            deaf.stop_reading()
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
            await slow.hears("<ada> has joined")
            slow.stop_reading()
            sent = 0
            while not house.server.driver.links[1].unwritten:  # what its transport and the system hold comes before
                ada.type(f"{sent:05} {'x' * 4000}")
                sent += 1
                await asyncio.sleep(0)
            slow.read_on()
            ada.type("that was all")
            heard = []
            while "that was all" not in (line := await slow.hears("<ada> ")):
                heard.append(int(line.split()[1]))
            assert heard == list(range(sent))

    play(story)


def test_a_flood_of_short_lines_is_relayed_and_costs_no_reader_the_connection() -> None:
    async def story() -> None:
        async with served(output_limit=10_000) as house:
            flooder, ada = await house.enter("f" * 32), await house.enter("ada")
            flooder.writer.write(b"x\n" * 20_000)
            flooder.type("that was all")
            carol = await house.enter("carol")
            carol.type("may I?")
            await ada.hears("may I?")
            await ada.hears("that was all")

    play(story)


def test_what_goes_to_one_connection_in_one_turn_is_written_once() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter("ada"), await house.enter("bob")
            link = house.server.driver.links[2]
            written: list[bytes] = []
            transport = link.pipe.transport

            class Spy:
                def write(self, data: bytes) -> None:
                    written.append(data)
                    transport.write(data)

                def __getattr__(self, name: str) -> Any:
                    return getattr(transport, name)

            link.pipe.transport = Spy()  # type: ignore[assignment]
            ada.type("1", "2", "3")
            await bob.hears("3")
            assert written == [b"<ada> 1\r\n<ada> 2\r\n<ada> 3\r\n"]

    play(story)


def test_who_asks_and_does_not_read_is_not_read_from_until_they_do() -> None:
    async def story() -> None:
        async with served(output_soft=8192) as house:
            slow, ada, bob = [await house.enter(name) for name in ("slow", "ada", "bob")]
            link = house.server.driver.links[1]
            slow.stop_reading()
            asked = 0
            while link.pipe.transport.is_reading():
                slow.type(*["help"] * 1000)
                asked += 1000
                await asyncio.sleep(0)
            # What is answered to one reading may come on top of the limit; that is nothing like all that was asked.
            assert link.unwritten < 1000 * 1000
            ada.type("still here")
            await bob.hears("<ada> still here")
            slow.read_on()
            slow.type("that was all")
            for _ in range(asked):
                await slow.hears("send a command word")
            await bob.hears("<slow> that was all")

    play(story)


def test_a_connection_on_hold_is_read_again_only_when_it_is_told_and_has_read() -> None:
    async def story() -> None:
        async with served(output_soft=8192) as house:
            ada, bob = await house.enter("ada"), await house.enter("bob")
            link = house.server.driver.links[1]
            link.obey(Order.PAUSE)
            ada.type("hello")
            ada.stop_reading()
            while not link.slow:
                bob.type("x" * 4000)
                await asyncio.sleep(0)
            link.obey(Order.RESUME)
            assert not link.pipe.transport.is_reading()
            link.obey(Order.PAUSE)
            ada.read_on()
            bob.type("that was all")
            await ada.hears("<bob> that was all")
            assert not link.slow
            assert not link.pipe.transport.is_reading()
            link.obey(Order.RESUME)
            await bob.hears("<ada> hello")

    play(story)


def test_who_is_too_fast_is_read_in_order_and_nothing_is_lost() -> None:
    async def story() -> None:
        async with served(burst=5.0, rate=400.0, lobby_cost=1.0) as house:
            fast, ada = await house.enter("fast"), await house.enter("ada")
            fast.type(*[f"{number:03} {'x' * 50}" for number in range(200)])
            assert [(await ada.hears("<fast>"))[7:10] for _ in range(200)] == [f"{number:03}" for number in range(200)]

    play(story)


def test_who_is_on_hold_and_hangs_up_is_noticed_when_they_are_read_again() -> None:
    async def story() -> None:
        async with served(burst=5.0, rate=50.0, lobby_cost=1.0) as house:
            fast, ada = await house.enter("fast"), await house.enter("ada")
            fast.type(*["x"] * 20)
            await fast.hears("sending too fast")
            fast.reset()
            await ada.hears("<fast> has left")

    play(story)


def test_who_is_on_hold_for_long_and_is_reset_is_noticed_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transports.driver.link.WATCH_EVERY", 0.05)

    async def story() -> None:
        async with served(burst=5.0, rate=0.001) as house:
            fast, bob = await house.enter("fast"), await house.enter("bob")
            fast.type("start")
            bob.type("start")
            await bob.hears("in private with <fast>")
            fast.type(*["x"] * 20)
            await fast.hears("sending too fast")
            fast.reset()
            await bob.hears("<fast> has quit")

    play(story)


def test_a_paused_connection_that_is_lost_by_writing_is_no_longer_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transports.driver.link.WATCH_EVERY", 0.1)

    async def story() -> None:
        errors: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: errors.append(context))
        async with served(burst=5.0, rate=0.001) as house:
            fast, bob = await house.enter("fast"), await house.enter("bob")
            fast.type(*["x"] * 20)
            await house.until(lambda: house.server.driver.links[1].paused)
            fast.reset()
            while 1 in house.server.driver.links:
                bob.type("hello")
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            assert errors == []

    play(story)


def test_a_connection_tells_how_it_ended() -> None:
    async def story() -> None:
        async with served(output_limit=10_000) as house:
            gone, lost, deaf, asked, ada = [
                await house.enter(name) for name in ("gone", "lost", "deaf", "asked", "ada")
            ]
            gone.writer.write_eof()
            lost.reset()
            asked.type("close")
            await asked.hears("Goodbye")
            deaf.stop_reading()
            while len(house.server.driver.links) > 2 or 3 in house.server.driver.links:
                ada.type("x" * 4000)
                await asyncio.sleep(0)
                await gone.leave()
                await asked.leave()
            ended = {event.name: event.reason for event in house.events if isinstance(event, Ended)}
            assert ended == {"gone": "hung_up", "lost": "lost", "deaf": "slow", "asked": "asked"}

    play(story)


def test_last_words_arrive_though_more_was_on_its_way_to_the_server() -> None:
    async def story() -> None:
        async with served() as house:
            ada = await house.enter("ada")
            ada.type("close", *["x" * 1000] * 1000)
            await ada.hears("Goodbye")
            assert await ada.is_alone()

    play(story)


def test_who_does_not_hang_up_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transports.driver.link.LINGER", 0.05)

    async def story() -> None:
        async with served() as house:
            ada = await house.enter("ada")
            ada.type("close")
            await ada.hears("Goodbye")
            await house.until(lambda: not house.server.driver.links)

    play(story)


def test_who_never_reads_the_last_words_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transports.driver.driver.PATIENCE", 0.05)

    async def story() -> None:
        async with served() as house:
            deaf, left, ada = [await house.enter(name) for name in ("deaf", "left", "ada")]
            for person in (deaf, left):
                person.stop_reading()
            while not all(house.server.driver.links[number].full for number in (1, 2)):
                ada.type(*["x" * 4000] * 10)
                await asyncio.sleep(0)
            left.writer.write_eof()
            house.server.driver.links[1].close()
            await house.until(lambda: list(house.server.driver.links) == [3])

    play(story)


def test_a_slow_reader_of_last_words_reads_them_all() -> None:
    async def story() -> None:
        async with served() as house:
            slow, ada, bob = [await house.enter(name) for name in ("slow", "ada", "bob")]
            slow.stop_reading()
            sent = 0
            while not house.server.driver.links[1].unwritten:
                ada.type(f"{sent:05} {'x' * 4000}")
                await bob.hears(f"<ada> {sent:05}")
                sent += 1
            house.server.driver.links[1].close()
            slow.read_on()
            await slow.hears("<bob> has joined")
            for number in range(sent):
                assert (await slow.hears("<ada> ")).split()[1] == f"{number:05}"
            assert await slow.is_alone()

    play(story)


def test_the_system_looks_after_connections_that_are_only_half_there() -> None:
    async def story() -> None:
        async with served() as house:
            await house.enter("ada")
            connection = house.server.driver.links[1].pipe.transport.get_extra_info("socket")
            assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == sockets.KEEPALIVE_IDLE
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    play(story)
