"""Where a server listens, and what becomes of newcomers when there is no room."""

import pytest

from roulette_core import Roulette
from tests.support.house import play, served
from transports.gateway import Gateway
from transports.tcp.server import Server


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
