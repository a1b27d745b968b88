"""What the operator sees, and that a terminal that goes away takes nothing with it."""

import asyncio
import io
import os
import pty

import pytest
from rich.console import Console

from tests.support.room import Room
from transports.operator.console import ROWS_LIMIT, OperatorConsole, answer


def shown(room: Room, command: str) -> list[str]:
    """The lines of an answer, blanks evened out."""
    out = io.StringIO()
    Console(file=out, width=80, highlight=False, markup=False).print(answer(command, room.gateway, room.now))
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


@pytest.fixture
def room() -> Room:
    room = Room()
    ada, bob, carol, _ = room.enter("ada", "bob", "carol", "dan")
    room.connect()
    for number in (ada, bob, carol):
        room.type(number, "start")
    room.now = 12.0
    return room


def test_list_names_everybody_where_they_are_and_with_whom(room: Room) -> None:
    lines = shown(room, "list")
    for line in ("ada private bob", "bob private ada", "carol searching", "dan lobby"):
        assert line in lines
    assert lines[-1] == "lobby 1, searching 1, private 2, without a pseudonym yet 1"


def test_research_names_those_waiting_since_when_and_why(room: Room) -> None:
    assert "carol 12 s nobody else is waiting" in shown(room, "research")


def test_private_names_every_pair_once(room: Room) -> None:
    lines = shown(room, "private")
    assert "ada bob" in lines
    assert "bob ada" not in lines


@pytest.mark.parametrize("command", ["list", "research", "private"])
def test_an_empty_table_says_so(command: str) -> None:
    assert "nobody" in shown(Room(), command)


def test_an_unknown_command_is_answered_with_those_there_are(room: Room) -> None:
    lines = shown(room, "\x1b[2J")
    assert "\x1b" not in "".join(lines)
    assert any(line.startswith("close ") for line in lines)


def test_a_name_is_text_and_not_markup() -> None:
    room = Room()
    room.enter("[bold red]x")
    assert "[bold red]x lobby" in shown(room, "list")


def test_a_long_table_is_cut_and_says_how_much_is_missing() -> None:
    room = Room()
    room.enter(*(f"user{number}" for number in range(ROWS_LIMIT + 5)))
    lines = shown(room, "list")
    assert "… and 5 more" in lines
    assert sum(line.startswith("user") for line in lines) == ROWS_LIMIT


class Terminal:
    """An operator at a pseudo-terminal, and what they are answered."""

    def __init__(self, room: Room, out: io.StringIO) -> None:
        self.operator, terminal = pty.openpty()
        self.source = os.fdopen(terminal, "r")
        self.stopped = asyncio.Event()
        self.out = out
        self.console = OperatorConsole(room.gateway, lambda: room.now, self.stopped.set, self.source, out)
        self.console.attach(asyncio.get_running_loop())

    def close(self) -> None:
        self.console.detach()
        self.source.close()


async def until_said(out: io.StringIO, wanted: str) -> None:
    while wanted not in out.getvalue():
        await asyncio.sleep(0.01)


def test_commands_are_read_from_a_terminal_until_close(room: Room) -> None:
    async def story() -> None:
        terminal = Terminal(room, io.StringIO())
        os.write(terminal.operator, b"list()\nprivate\nclose()\n")
        await terminal.stopped.wait()
        assert "dan" in terminal.out.getvalue()
        assert "in private" in terminal.out.getvalue()
        terminal.close()
        os.close(terminal.operator)

    asyncio.run(asyncio.wait_for(story(), 20))


@pytest.mark.parametrize("hang_up", [False, True])
def test_the_end_of_the_terminal_ends_the_console_alone(room: Room, hang_up: bool) -> None:
    async def story() -> None:
        terminal = Terminal(room, io.StringIO())
        if hang_up:
            os.close(terminal.operator)
        else:
            os.write(terminal.operator, b"\x04")
        await until_said(terminal.out, "console is closed")
        assert not terminal.stopped.is_set()
        terminal.close()
        if not hang_up:
            os.close(terminal.operator)

    asyncio.run(asyncio.wait_for(story(), 20))


class HungUp(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_answers_that_nobody_reads_end_the_console_alone(room: Room) -> None:
    async def story() -> None:
        terminal = Terminal(room, HungUp())
        os.write(terminal.operator, b"list\n")
        while terminal.console._loop is not None:
            await asyncio.sleep(0.01)
        assert not terminal.stopped.is_set()
        terminal.close()
        os.close(terminal.operator)

    asyncio.run(asyncio.wait_for(story(), 20))
