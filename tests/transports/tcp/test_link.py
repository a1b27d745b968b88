"""One connection over real sockets: how much output may wait, when it is read, and how it ends."""

import asyncio
import socket
from typing import Any

import pytest

from tests.support.running_chat import play, served
from transports.gateway import Order
from transports.gateway.connection_events import Ended
from transports.tcp import sockets


def test_a_user_who_sends_eof_leaves_and_reads_pending_output() -> None:
    async def story() -> None:
        async with served() as chat:
            ada, bob = await chat.enter("ada"), await chat.enter("bob")
            ada.type("last words", "help")
            ada.writer.write_eof()
            assert await bob.hears("last words") == "<ada> last words"
            await bob.hears("<ada> has left")
            await ada.hears("/say next")
            assert await ada.sees_eof()

    play(story)


def test_a_client_that_does_not_read_is_dropped_and_delays_no_other() -> None:
    async def story() -> None:
        async with served(output_limit=50_000) as chat:
            deaf, ada, bob = [await chat.enter(name) for name in ("deaf", "ada", "bob")]
            deaf.pause_reading()
            sent = 0
            while "deaf" in {chat.roulette.name(user) for user in chat.roulette.users()}:
                ada.type(*[f"{'x' * 4000} {sent + number}" for number in range(10)])
                sent += 10
                await bob.hears(f"x {sent - 1}")
            ada.type("still here")
            await bob.hears("still here")

    play(story)


def test_a_slow_reader_that_catches_up_has_missed_nothing() -> None:
    async def story() -> None:
        async with served() as chat:
            slow, ada = await chat.enter("slow"), await chat.enter("ada")
            await slow.hears("<ada> has joined")
            slow.pause_reading()
            sent = 0
            while not chat.server.driver.links[1].unwritten:  # the transport and the system fill up first
                ada.type(f"{sent:05} {'x' * 4000}")
                sent += 1
                await asyncio.sleep(0)
            slow.resume_reading()
            ada.type("that was all")
            heard = []
            while "that was all" not in (line := await slow.hears("<ada> ")):
                heard.append(int(line.split()[1]))
            assert heard == list(range(sent))

    play(story)


def test_a_flood_of_short_lines_is_relayed_and_drops_no_reader() -> None:
    async def story() -> None:
        async with served(output_limit=10_000) as chat:
            flooder, ada = await chat.enter("f" * 32), await chat.enter("ada")
            flooder.writer.write(b"x\n" * 20_000)
            flooder.type("that was all")
            carol = await chat.enter("carol")
            carol.type("may I?")
            await ada.hears("may I?")
            await ada.hears("that was all")

    play(story)


def test_output_of_one_turn_is_written_once() -> None:
    async def story() -> None:
        async with served() as chat:
            ada, bob = await chat.enter("ada"), await chat.enter("bob")
            link = chat.server.driver.links[2]
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


def test_reading_stops_while_a_client_sends_requests_and_does_not_read() -> None:
    async def story() -> None:
        async with served(output_soft=8192) as chat:
            slow, ada, bob = [await chat.enter(name) for name in ("slow", "ada", "bob")]
            link = chat.server.driver.links[1]
            slow.pause_reading()
            asked = 0
            while link.pipe.transport.is_reading():
                slow.type(*["help"] * 1000)
                asked += 1000
                await asyncio.sleep(0)
            # The answers to one read may exceed the limit, but they are far fewer than the answers to everything sent.
            assert link.unwritten < 1000 * 1000
            ada.type("still here")
            await bob.hears("<ada> still here")
            slow.resume_reading()
            slow.type("that was all")
            for _ in range(asked):
                await slow.hears("send a command word")
            await bob.hears("<slow> that was all")

    play(story)


def test_reading_resumes_only_after_resume_and_when_output_was_read() -> None:
    async def story() -> None:
        async with served(output_soft=8192) as chat:
            ada, bob = await chat.enter("ada"), await chat.enter("bob")
            link = chat.server.driver.links[1]
            link.obey(Order.PAUSE)
            ada.type("hello")
            ada.pause_reading()
            while not link.slow:
                bob.type("x" * 4000)
                await asyncio.sleep(0)
            link.obey(Order.RESUME)
            assert not link.pipe.transport.is_reading()
            link.obey(Order.PAUSE)
            ada.resume_reading()
            bob.type("that was all")
            await ada.hears("<bob> that was all")
            assert not link.slow
            assert not link.pipe.transport.is_reading()
            link.obey(Order.RESUME)
            await bob.hears("<ada> hello")

    play(story)


def test_lines_sent_too_fast_are_read_in_order_and_none_is_lost() -> None:
    async def story() -> None:
        async with served(burst=5.0, rate=400.0, lobby_cost=1.0) as chat:
            fast, ada = await chat.enter("fast"), await chat.enter("ada")
            fast.type(*[f"{number:03} {'x' * 50}" for number in range(200)])
            assert [(await ada.hears("<fast>"))[7:10] for _ in range(200)] == [f"{number:03}" for number in range(200)]

    play(story)


def test_a_reset_of_a_paused_connection_is_noticed_when_reading_resumes() -> None:
    async def story() -> None:
        async with served(burst=5.0, rate=50.0, lobby_cost=1.0) as chat:
            fast, ada = await chat.enter("fast"), await chat.enter("ada")
            fast.type(*["x"] * 20)
            await fast.hears("sending too fast")
            fast.reset()
            await ada.hears("<fast> has left")

    play(story)


def test_a_reset_of_a_connection_paused_for_long_is_noticed_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transports.driver.link.WATCH_EVERY", 0.05)

    async def story() -> None:
        async with served(burst=5.0, rate=0.001) as chat:
            fast, bob = await chat.enter("fast"), await chat.enter("bob")
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
        async with served(burst=5.0, rate=0.001) as chat:
            fast, bob = await chat.enter("fast"), await chat.enter("bob")
            fast.type(*["x"] * 20)
            await chat.until(lambda: chat.server.driver.links[1].paused)
            fast.reset()
            while 1 in chat.server.driver.links:
                bob.type("hello")
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            assert errors == []

    play(story)


def test_the_reason_of_each_end_is_reported() -> None:
    async def story() -> None:
        async with served(output_limit=10_000) as chat:
            gone, lost, deaf, asked, ada = [await chat.enter(name) for name in ("gone", "lost", "deaf", "asked", "ada")]
            gone.writer.write_eof()
            lost.reset()
            asked.type("close")
            await asked.hears("Goodbye")
            deaf.pause_reading()
            while len(chat.server.driver.links) > 2 or 3 in chat.server.driver.links:
                ada.type("x" * 4000)
                await asyncio.sleep(0)
                await gone.leave()
                await asked.leave()
            ended = {event.name: event.reason for event in chat.events if isinstance(event, Ended)}
            assert ended == {"gone": "hung_up", "lost": "lost", "deaf": "slow", "asked": "asked"}

    play(story)


def test_the_last_words_arrive_though_input_is_still_in_flight() -> None:
    async def story() -> None:
        async with served() as chat:
            ada = await chat.enter("ada")
            ada.type("close", *["x" * 1000] * 1000)
            await ada.hears("Goodbye")
            assert await ada.sees_eof()

    play(story)


def test_a_client_that_does_not_hang_up_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transports.driver.link.LINGER", 0.05)

    async def story() -> None:
        async with served() as chat:
            ada = await chat.enter("ada")
            ada.type("close")
            await ada.hears("Goodbye")
            await chat.until(lambda: not chat.server.driver.links)

    play(story)


def test_a_client_that_never_reads_the_last_words_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transports.driver.driver.PATIENCE", 0.05)

    async def story() -> None:
        async with served() as chat:
            deaf, left, ada = [await chat.enter(name) for name in ("deaf", "left", "ada")]
            for client in (deaf, left):
                client.pause_reading()
            while not all(chat.server.driver.links[number].full for number in (1, 2)):
                ada.type(*["x" * 4000] * 10)
                await asyncio.sleep(0)
            left.writer.write_eof()
            chat.server.driver.links[1].close()
            await chat.until(lambda: list(chat.server.driver.links) == [3])

    play(story)


def test_a_slow_reader_receives_all_last_words() -> None:
    async def story() -> None:
        async with served() as chat:
            slow, ada, bob = [await chat.enter(name) for name in ("slow", "ada", "bob")]
            slow.pause_reading()
            sent = 0
            while not chat.server.driver.links[1].unwritten:
                ada.type(f"{sent:05} {'x' * 4000}")
                await bob.hears(f"<ada> {sent:05}")
                sent += 1
            chat.server.driver.links[1].close()
            slow.resume_reading()
            await slow.hears("<bob> has joined")
            for number in range(sent):
                assert (await slow.hears("<ada> ")).split()[1] == f"{number:05}"
            assert await slow.sees_eof()

    play(story)


def test_connections_are_probed_by_the_system_and_send_without_delay() -> None:
    async def story() -> None:
        async with served() as chat:
            await chat.enter("ada")
            connection = chat.server.driver.links[1].pipe.transport.get_extra_info("socket")
            assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == sockets.KEEPALIVE_IDLE
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    play(story)
