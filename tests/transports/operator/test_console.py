"""The operator's console, and that a terminal that is closed does not stop the server."""

import asyncio
import io
import os
import pty

import pytest

from tests.transports.operator.operator_fixture import OperatorFixture, sample_chat
from transports.operator.console import OperatorConsole


class Terminal:
    """An operator at a pseudo-terminal, and the answers."""

    def __init__(self, chat: OperatorFixture, out: io.StringIO) -> None:
        self.operator, terminal = pty.openpty()
        self.source = os.fdopen(terminal, "r")
        self.out = out
        self.console = OperatorConsole(chat.operator, self.source, out)
        self.console.attach(asyncio.get_running_loop())

    def close(self) -> None:
        self.console.detach()
        self.source.close()


async def until_said(out: io.StringIO, wanted: str) -> None:
    while wanted not in out.getvalue():
        await asyncio.sleep(0.01)


def test_commands_are_read_from_a_terminal_until_close() -> None:
    async def story() -> None:
        chat = sample_chat()
        terminal = Terminal(chat, io.StringIO())
        os.write(terminal.operator, b"list()\n\nprivate\nclose()\n")
        await until_said(terminal.out, "goodbye")
        assert "carol" in terminal.out.getvalue()
        assert "in private" in terminal.out.getvalue()
        assert chat.stopped
        terminal.close()
        os.close(terminal.operator)

    asyncio.run(asyncio.wait_for(story(), 20))


@pytest.mark.parametrize("hang_up", [False, True])
def test_eof_of_the_terminal_ends_only_the_console(hang_up: bool) -> None:
    async def story() -> None:
        chat = sample_chat()
        terminal = Terminal(chat, io.StringIO())
        if hang_up:
            os.close(terminal.operator)
        else:
            os.write(terminal.operator, b"\x04")
        await until_said(terminal.out, "console is closed")
        assert not chat.stopped
        terminal.close()
        if not hang_up:
            os.close(terminal.operator)

    asyncio.run(asyncio.wait_for(story(), 20))


class HungUp(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_broken_terminal_ends_only_the_console() -> None:
    async def story() -> None:
        chat = sample_chat()
        terminal = Terminal(chat, HungUp())
        os.write(terminal.operator, b"list\n")
        while terminal.console._loop is not None:
            await asyncio.sleep(0.01)
        assert not chat.stopped
        terminal.close()
        os.close(terminal.operator)

    asyncio.run(asyncio.wait_for(story(), 20))
