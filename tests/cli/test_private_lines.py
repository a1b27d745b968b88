"""Lines that cross the partner's departure, end to end: real processes, sockets, pipes and terminals."""

import signal
import subprocess
import time

import pytest

from tests.cli.test_chat import seated
from tests.support import terminal
from tests.support.server import PATIENCE, people, serving

SECRET = "my number is 555 0100"


@pytest.mark.parametrize("searching", [False, True], ids=["lobby", "next stranger"])
def test_at_nc_a_line_that_crosses_next_comes_back(searching: bool) -> None:
    with serving() as server, people(server.port, "ada", "bob", "wil") as (ada, bob, wil):
        ada.type("start")
        bob.type("start")
        ada.hears("You are in private with <bob>")
        bob.hears("You are in private with <ada>")
        if searching:
            wil.type("start")
            wil.hears("Waiting")
        bob.type("next")
        bob.hears("You have left <ada>")
        ada.type(SECRET)
        ada.hears(f"* Not sent, <bob> had left: {SECRET}")
        ada.type("/say hello?")
        assert SECRET not in "".join(iter(wil.read, "<ada> hello?"))


def test_in_a_pipe_a_line_that_crosses_next_comes_back() -> None:
    with serving() as server, people(server.port, "bob", "wil") as (bob, wil):
        command = [terminal.ROULETTE, "chat", f"127.0.0.1:{server.port}", "--plain", "--name", "ada"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=terminal.environment()
        ) as ada:
            assert ada.stdin is not None and ada.stdout is not None
            ada.stdin.write("start\n")
            bob.hears("<ada> has joined")
            bob.type("start")
            bob.hears("You are in private with <ada>")
            assert any("in private with <bob>" in line for line in ada.stdout)
            bob.type("next")
            ada.stdin.write(f"{SECRET}\n")
            assert any(f"* Not sent, <bob> had left: {SECRET}" in line for line in ada.stdout)
            ada.stdin.write("/say hello?\n")
            assert SECRET not in "".join(iter(wil.read, "<ada> hello?"))
            ada.stdin.close()
            assert ada.wait(PATIENCE) == 0


def test_on_the_screen_half_a_sentence_outlives_a_killed_server_and_is_not_said() -> None:
    with serving() as server, seated(server.port, "ada") as (ada,):
        with people(server.port, "bob") as (bob,):
            ada.press("start")
            ada.sees("searching")
            bob.type("start")
            ada.sees("in private with <bob>")
            ada.begins(SECRET)
            ada.sees(SECRET)
            server.stop(signal.SIGKILL)
            ada.sees("not connected")
        with serving("--port", str(server.port)), people(server.port, "wil") as (wil,):
            ada.sees("ada · in the lobby")
            ada.begins("\r")
            ada.sees("Not sent: your chat with <bob> is over. Press Enter again")
            time.sleep(1.1)
            ada.begins("\r")
            ada.sees(f"<ada> → lobby: {SECRET}")
            wil.hears(f"<ada> {SECRET}")


def test_on_the_screen_lines_written_at_once_arrive_as_typed_and_once_each() -> None:
    with serving() as server, seated(server.port, "ada") as (ada,), people(server.port, "bob") as (bob,):
        ada.begins("hello\rhow are you\r/where\rfine\r")
        ada.sees("→ lobby: fine")
        heard = [line for line in iter(bob.read, "<ada> fine") if line.startswith("<")]
        assert heard == ["<ada> hello", "<ada> how are you"]
