"""The server around any transport: how it listens and stops, also where the transport fails."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from roulette_core import Roulette
from tests.support.running_chat import play
from transports.driver import Link
from transports.gateway import Gateway
from transports.serving import Server


class DeafPipe:
    """A pipe that keeps what is written, and never reports that it has ended."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data

    def unsent(self) -> int:
        return 0

    def is_reset(self) -> bool:
        return False

    def ignore(self) -> None:
        pass

    write_eof = pause_reading = resume_reading = abort = ignore


def test_a_transport_stops_listening_before_goodbye_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transports.serving.server.PATIENCE", 0.05)
    pipe, seen = DeafPipe(), []

    @contextlib.asynccontextmanager
    async def transport(driver: Any) -> AsyncIterator[list[str]]:
        Link(driver, pipe).opened()
        yield ["here"]
        seen.append(pipe.written)

    async def story() -> None:
        server = Server(Gateway(Roulette()))
        assert await server.listen(transport(server.driver)) == ["here"]
        await asyncio.sleep(0)
        server.stop()
        await server.run(grace=0)

    play(story)
    assert b"Welcome" in seen[0]
    assert b"shutting down" not in seen[0]
    assert b"shutting down" in pipe.written


@pytest.mark.parametrize("fault", ["raises", "hangs"])
def test_a_transport_that_does_not_stop_is_given_up(
    fault: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("transports.serving.server.PATIENCE", 0.05)

    @contextlib.asynccontextmanager
    async def transport() -> AsyncIterator[list[str]]:
        yield []
        if fault == "raises":
            raise ValueError("cannot stop")
        await asyncio.Event().wait()

    async def story() -> None:
        server = Server(Gateway(Roulette()))
        await server.listen(transport())
        server.stop()
        await server.run()

    with caplog.at_level(logging.WARNING):
        play(story)
    [record] = caplog.records
    assert "the transport failed to stop listening" in record.getMessage()


def test_what_is_no_list_of_lines_is_refused_and_closed() -> None:
    closed = []

    @contextlib.asynccontextmanager
    async def transport() -> AsyncIterator[Any]:
        yield "a line"
        closed.append(True)

    async def story() -> None:
        server = Server(Gateway(Roulette()))
        with pytest.raises(TypeError, match="a list of lines"):
            await server.listen(transport())
        await server.close()

    play(story)
    assert closed
