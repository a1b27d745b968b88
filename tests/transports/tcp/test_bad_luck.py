"""What goes wrong on the internet, tried with the real server over real sockets."""

import asyncio
import contextlib
import resource
import signal
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.load.clients import Load
from benchmarks.load.tasks import Talk
from tests.support.running_chat import play, served
from tests.support.server import PATIENCE, Netcat, people, serving
from transports.load import measured_server


def test_a_connection_without_a_pseudonym_is_closed_in_time() -> None:
    async def story() -> None:
        async with served(registration=0.1) as chat:
            silent = await chat.enter()
            await silent.hears("You did not choose a pseudonym in time")
            assert await silent.sees_eof()

    play(story)


def test_single_bytes_do_not_extend_the_time_to_register() -> None:
    async def story() -> None:
        async with served(registration=0.3) as chat:
            slow = await chat.enter()

            async def dribble() -> None:
                while True:
                    slow.writer.write(b"x")
                    await asyncio.sleep(0.05)

            dribbling = asyncio.create_task(dribble())
            await slow.hears("You did not choose a pseudonym in time")
            dribbling.cancel()

    play(story)


def test_a_pseudonym_may_come_byte_by_byte() -> None:
    async def story() -> None:
        async with served() as chat:
            slow = await chat.enter()
            for byte in "éva\r\n".encode():
                slow.writer.write(bytes([byte]))
                await asyncio.sleep(0.01)
            await slow.hears("Welcome, <éva>")

    play(story)


def test_thousands_connect_at_once_and_are_reset_at_once() -> None:
    """A user in the lobby hears each of them join and leave."""
    number = min(2_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    with (
        measured_server(policy="waves:every=3600") as measured,
        people(measured.port, "ada", "bob") as (ada, bob),
    ):
        ada.hears("<bob> has joined")
        crowd = [socket.create_connection(("127.0.0.1", measured.port), timeout=PATIENCE) for _ in range(number)]
        for position, connection in enumerate(crowd):
            connection.sendall(b"user%d\n" % position)
        for _ in crowd:
            ada.hears(" has joined")
        for connection in crowd:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        for _ in crowd:
            ada.hears("> has left")
        ada.type("just us")
        bob.hears("<ada> just us")


def test_a_server_that_was_suspended_for_a_while_goes_on() -> None:
    with serving() as server, people(server.port, "ada", "bob") as (ada, bob):
        ada.type("start")
        bob.type("start")
        bob.hears("Only <ada> sees what you type")
        server.process.send_signal(signal.SIGSTOP)
        ada.type("are you there?")
        carol = Netcat(server.port)
        carol.type("carol")
        time.sleep(3)
        server.process.send_signal(signal.SIGCONT)
        bob.hears("<ada> are you there?")
        carol.hears("Welcome, <carol>")
        carol.leave()


def test_a_server_terminated_under_load_says_goodbye_to_every_client() -> None:
    with serving() as server, contextlib.closing(Load(server.port)) as load:
        load.enter(200)
        load.wait_for(lambda: sum(client.partner is not None for client in load.clients.values()) >= 198, "partners")
        talk = Talk()
        load.start(talk)
        load.wait_for(lambda: talk.lines > 500, "lines")
        with ThreadPoolExecutor() as executor:
            stopped = executor.submit(server.stop)  # and reads the log
            for client in load.clients.values():
                assert last_words(client.connection.socket) == b"* The server is shutting down. Goodbye.\r\n"
                client.connection.socket.shutdown(socket.SHUT_RDWR)
            assert stopped.result()[0] == 0


def last_words(connection: socket.socket) -> bytes:
    """Reads a connection to EOF, and returns its last line."""
    connection.settimeout(PATIENCE)
    heard = b""
    while data := connection.recv(1 << 16):
        heard += data
    return heard.splitlines(keepends=True)[-1]
