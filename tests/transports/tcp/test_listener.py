"""Which addresses a server listens on, and what it does when it cannot accept connections."""

import asyncio
import errno
import logging
import os
import socket

import pytest

from roulette_core import Roulette
from tests.support.running_chat import play, served
from transports.gateway import Gateway
from transports.gateway.connection_events import Connected
from transports.serving import Server
from transports.tcp import TcpTransport, listener, sockets


def test_all_existing_addresses_of_a_host_name_are_bound() -> None:
    async def story() -> None:
        server = Server(Gateway(Roulette()))
        tcp = TcpTransport(server.driver, "localhost", 0)
        lines = await server.listen(tcp)
        assert len(lines) == len(tcp.addresses) > 0
        assert {address[0] for address in tcp.addresses} <= {"127.0.0.1", "::1"}
        server.stop()
        await server.run()

    play(story)


def test_binding_an_address_of_another_machine_raises_os_error() -> None:
    async def story() -> None:
        with pytest.raises(OSError, match="Cannot assign requested address"):
            await TcpTransport(Server(Gateway(Roulette())).driver, "192.0.2.1", 0).__aenter__()

    play(story)


def test_binding_a_port_in_use_raises_os_error() -> None:
    async def story() -> None:
        async with served() as chat:
            with pytest.raises(OSError, match="Address already in use"):
                await TcpTransport(chat.server.driver, "127.0.0.1", chat.port).__aenter__()

    play(story)


def test_the_gateway_is_told_the_address_of_a_connection() -> None:
    async def story() -> None:
        async with served() as chat:
            await chat.enter()
            assert chat.events == [Connected(1, "127.0.0.1")]

    play(story)


@pytest.mark.parametrize(
    ("host", "numeric"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1")],
)
def test_addresses_have_one_form(host: str, numeric: str) -> None:
    assert sockets.numeric(host) == numeric


def test_a_stopping_server_accepts_no_connections_while_clients_still_read() -> None:
    async def story() -> None:
        async with served() as chat:
            ada = await chat.enter("ada")
            chat.server.stop()
            await ada.hears("The server is shutting down")
            with pytest.raises(ConnectionRefusedError):
                await chat.enter("bob")

    play(story)


@pytest.mark.parametrize("number", [errno.ENOBUFS, errno.EMFILE])
def test_new_connections_wait_when_the_system_lacks_memory(
    number: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(listener, "PAUSE", 0.01)
    monkeypatch.setattr(listener.Listener, "_turn_away", lambda *_: False)

    async def story() -> None:
        async with served() as chat:
            ada = await chat.enter("ada")
            [listening] = chat.tcp.listener._sockets
            tried = 0

            class Short(socket.socket):
                def accept(self) -> tuple[socket.socket, object]:
                    nonlocal tried
                    tried += 1
                    if tried < 3:
                        raise OSError(number, os.strerror(number))
                    return super().accept()

            short = Short(fileno=listening.detach())
            chat.tcp.listener._sockets[:] = [short]
            asyncio.get_running_loop().remove_reader(short)
            chat.tcp.listener._accept(short)
            await chat.enter("bob")
            await ada.hears("<bob> has joined")

    play(story)
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "new connections have to wait" in record.getMessage()
