"""Where a server listens, and what becomes of newcomers when there is no room."""

import asyncio
import errno
import logging
import os
import socket

import pytest

from roulette_core import Roulette
from tests.support.house import play, served
from transports.gateway import Gateway
from transports.gateway.connection_events import Connected
from transports.tcp import Server, listener, sockets


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


def test_the_gateway_is_told_the_address_of_a_connection() -> None:
    async def story() -> None:
        async with served() as house:
            await house.enter()
            assert house.events == [Connected(1, "127.0.0.1")]

    play(story)


@pytest.mark.parametrize(
    ("host", "numeric"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1")],
)
def test_an_address_is_written_in_one_way(host: str, numeric: str) -> None:
    assert sockets.numeric(host) == numeric


def test_when_the_server_stops_nobody_is_let_in_while_others_read_on() -> None:
    async def story() -> None:
        async with served() as house:
            ada = await house.enter("ada")
            house.server.stop()
            await ada.hears("The server is shutting down")
            with pytest.raises(ConnectionRefusedError):
                await house.enter("bob")

    play(story)


@pytest.mark.parametrize("number", [errno.ENOBUFS, errno.EMFILE])
def test_when_there_is_nothing_to_be_done_newcomers_wait(
    number: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(listener, "PAUSE", 0.01)
    monkeypatch.setattr(listener.Listener, "_turn_away", lambda *_: False)

    async def story() -> None:
        async with served() as house:
            ada = await house.enter("ada")
            [listening] = house.server.listener._sockets
            tried = 0

            class Short(socket.socket):
                def accept(self) -> tuple[socket.socket, object]:
                    nonlocal tried
                    tried += 1
                    if tried < 3:
                        raise OSError(number, os.strerror(number))
                    return super().accept()

            short = Short(fileno=listening.detach())
            house.server.listener._sockets[:] = [short]
            asyncio.get_running_loop().remove_reader(short)
            house.server.listener._accept(short)
            await house.enter("bob")
            await ada.hears("<bob> has joined")

    play(story)
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "newcomers have to wait" in record.getMessage()
