"""``roulette chat`` as people use it: pipes, real terminals, a real server."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte
import pytest
import trustme

from roulette_cli.main import status
from tests.support import terminal
from tests.support.server import PATIENCE, people, serving

KEYS = {"start": "\x1bOQ", "next": "\x1bOR", "lobby": "\x1bOS", "block": "\x1b[19~", "quit": "\x11"}
"""What F2, F3, F4, F8 and Ctrl+Q send in xterm, tmux and the like."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that tests share and leave unchanged."""
    with serving() as server:
        yield server.port


def chat(typed: str | None, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs ``roulette chat`` in a pipe."""
    return subprocess.run(
        [terminal.ROULETTE, "chat", *options],
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=terminal.environment(),
    )


class Seat:
    """A user at a real terminal: types keys, and sees the screen that an emulator renders."""

    def __init__(self, port: int, *options: str, **more: str) -> None:
        self._child = terminal.start("chat", f"127.0.0.1:{port}", *options, timeout=PATIENCE, **more)
        self._screen = pyte.Screen(terminal.COLUMNS, terminal.LINES)
        self._stream = pyte.Stream(self._screen)
        self.raw = ""

    def type(self, line: str) -> None:
        """Types a line and return."""
        self._child.send(f"{line}\r")

    def press(self, key: str) -> None:
        """Presses a key of ``KEYS``."""
        self._child.send(KEYS[key])

    def shown(self) -> str:
        """Returns the text on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def sees(self, wanted: str) -> None:
        """Waits until the screen shows this."""
        while wanted not in self.shown():
            try:
                raw = self._child.read_nonblocking(4096, timeout=PATIENCE)
            except (pexpect.EOF, pexpect.TIMEOUT):
                pytest.fail(f"never saw {wanted!r}, but\n{self.shown()}")
            self.raw += raw
            self._stream.feed(raw)

    def interrupt(self) -> None:
        """Types Ctrl+C."""
        self._child.send("\x03")

    def terminate(self) -> None:
        """Sends SIGTERM to the client."""
        self._child.kill(signal.SIGTERM)

    def begins(self, text: str) -> None:
        """Types without return."""
        self._child.send(text)

    def ends(self) -> terminal.Ended:
        """Waits until the client has ended."""
        return terminal.finish(self._child)

    def leave(self) -> None:
        """Closes the window."""
        self._child.close(force=True)


@contextlib.contextmanager
def seated(port: int, *names: str, **more: str) -> Iterator[list[Seat]]:
    """Starts clients at terminals, each welcomed before the next."""
    with contextlib.ExitStack() as stack:
        seats = []
        for name in names:
            seat = Seat(port, "--name", name, **more)
            stack.callback(seat.leave)
            seat.sees(f"Welcome, <{name}>")
            seats.append(seat)
        yield seats


# In real terminals.


def test_two_people_at_terminals_meet_talk_and_part():
    with serving() as server, seated(server.port, "ada", "bob") as (ada, bob):
        ada.press("start")
        ada.sees("ada · searching")
        bob.type("anybody?")
        ada.sees("  <bob> anybody?")
        bob.type("/start")
        ada.sees("You are in private with <bob>")
        bob.sees("bob · in private with <ada>")
        ada.type("hello, \x1b[200~pasted \x1b[2J\n* forged\x1b[201~ bob")
        bob.sees("<ada> hello")
        bob.begins("let me thi")
        ada.sees("<bob> is typing")
        ada.press("next")
        bob.sees("<ada> has moved on")
        bob.sees("the only other person waiting is your last partner")
        ada.press("lobby")
        ada.sees("ada · in the lobby")
        ada.press("quit")
        assert ada.ends().status == 0
        bob.sees("<ada> has left")
        bob.interrupt()
        assert bob.ends().status == 0


def test_a_name_is_asked_for_until_it_is_accepted(port: int):
    with people(port, "ada"):
        seat = Seat(port)
        seat.sees("Your pseudonym")
        seat.type("Ada")
        seat.sees("taken")
        seat.type("bob")
        seat.sees("Welcome, <bob>")
        seat.type("/quit")
        assert seat.ends().status == 0


def test_the_client_reconnects_to_a_restarted_server():
    with serving() as server, seated(server.port, "ada") as (ada,):
        server.stop()
        ada.sees("The server is shutting down")
        ada.sees("not connected")
        ada.type("hello?")
        ada.sees("Not sent")
        with serving("--port", str(server.port)):
            ada.sees("ada · in the lobby")
            ada.press("quit")
            assert ada.ends().status == 0


@pytest.mark.parametrize("told", [False, True])
def test_the_terminal_is_restored(port: int, told: bool):
    with seated(port, "ada") as (ada,):
        if told:
            ada.terminate()
        else:
            ada.press("quit")
        ended = ada.ends()
    assert ended.status == 0
    assert "\x1b[?1049l" in ended.raw, "the screen of before"
    assert "\x1b[?25h" in ended.raw, "the cursor"
    assert "Traceback" not in ended.raw


# Line by line.


def test_a_script_sends_its_lines_and_leaves(port: int):
    with people(port, "bob") as (bob,):
        done = chat("start\nhello\n", f"127.0.0.1:{port}", "--plain", "--name", "ada")
        bob.hears("<ada> hello")
        bob.hears("<ada> has left")
    assert (done.returncode, done.stderr) == (0, "")
    news = [line for line in done.stdout.splitlines() if not re.search("lobby|Waiting", line)]
    assert news == ["* Welcome, <ada>.", "* Searching for a partner.", "* Goodbye."]


def test_without_a_name_lines_are_names_until_one_is_accepted(port: int):
    done = chat("start\n<x>\nada\n/say start", f"127.0.0.1:{port}")
    assert done.returncode == 0
    assert "* Welcome, <ada>." in done.stdout
    assert "Searching" not in done.stdout


def test_a_byte_order_mark_is_no_part_of_the_first_line(port: int):
    done = chat("\ufeffada\nclose\n", f"127.0.0.1:{port}")
    assert (done.returncode, "* Welcome, <ada>." in done.stdout) == (0, True), done.stdout


def test_a_refused_name_option_ends_the_client_before_any_line_is_sent(port: int):
    with people(port, "ada", "bob") as (_, bob):
        done = chat("start\nhello\n", f"127.0.0.1:{port}", "--name", "ada")
        bob.type("/where")
        bob.hears("(others: 1)")
    assert done.returncode == 1
    assert "taken" in done.stdout
    assert done.stderr.splitlines() == [
        "error: the server refused the pseudonym (see above)",
        "hint: choose another with --name",
    ]


def test_two_scripts_talk_through_pipes(port: int):
    command = [terminal.ROULETTE, "chat", f"127.0.0.1:{port}", "--name"]
    with contextlib.ExitStack() as stack:
        ada, bob = (
            stack.enter_context(
                subprocess.Popen([*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for name in ("ada", "bob")
        )
        watch = threading.Timer(PATIENCE, lambda: (ada.kill(), bob.kill()))
        stack.callback(watch.cancel)
        watch.start()
        for person in (ada, bob):
            print("start", file=person.stdin, flush=True)
        assert any("in private with <bob>" in line for line in ada.stdout)
        print("café ☕", file=ada.stdin, flush=True)
        assert any(line == "<ada> café ☕\n" for line in bob.stdout)
        ada.stdin.close()
        assert any("<ada> has quit" in line for line in bob.stdout)
        print("close", file=bob.stdin, flush=True)
        assert (ada.wait(PATIENCE), bob.wait(PATIENCE)) == (0, 0)


def test_a_server_that_stops_ends_a_script_with_status_1():
    with serving() as server:
        script = subprocess.Popen(
            [terminal.ROULETTE, "chat", f"127.0.0.1:{server.port}", "--name", "ada"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with script:
            assert any("Welcome" in line for line in script.stdout)
            server.stop(signal.SIGTERM)
            out, err = script.communicate(timeout=PATIENCE)
    assert script.returncode == 1
    assert "* The server is shutting down. Goodbye." in out
    assert err.startswith("error: the server closed the connection\nhint: ")


def test_a_line_too_long_is_refused_and_the_next_is_sent(port: int):
    with people(port, "bob") as (bob,):
        done = chat("x" * 200_000 + "\nshort\n", f"127.0.0.1:{port}", "--name", "ada")
        bob.hears("<ada> short")
    assert "* Not sent: longer than the server allows (65536 bytes)." in done.stdout
    assert done.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/null may be something else elsewhere")
def test_files_work_like_pipes(port: int, tmp_path: Path):
    (tmp_path / "script").write_text("ada\nhello\nclose\nnever said\n")
    with open(tmp_path / "script") as typed, open(tmp_path / "heard", "w") as heard:
        done = subprocess.run(
            [terminal.ROULETTE, "chat", f"127.0.0.1:{port}"], stdin=typed, stdout=heard, timeout=PATIENCE
        )
    assert done.returncode == 0
    assert (tmp_path / "heard").read_text().splitlines()[-1] == "* Goodbye."


def test_a_closed_pipe_ends_the_client_without_a_message(port: int):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        done = subprocess.run(
            [terminal.ROULETTE, "chat", f"127.0.0.1:{port}", "--name", "ada"],
            stdin=subprocess.DEVNULL,
            stdout=gone,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
    assert (done.returncode, done.stderr) == (1, b"")


def test_plain_mode_works_at_a_terminal(port: int):
    child = terminal.start("chat", f"127.0.0.1:{port}", "--plain", "--name", "ada", timeout=PATIENCE)
    child.expect("Welcome, <ada>")
    child.sendline("help")
    child.expect("look for a private chat")
    child.sendline("close")
    ended = terminal.finish(child, child.before)
    assert ended.status == 0
    assert "\x1b" not in ended.raw


def test_control_c_in_plain_mode_is_no_traceback(port: int):
    child = terminal.start("chat", f"127.0.0.1:{port}", "--plain", "--name", "ada", timeout=PATIENCE)
    child.expect("You are in the lobby")
    child.sendintr()
    ended = terminal.finish(child)
    assert ended.status == 130
    assert "Traceback" not in ended.raw


# What is wrong, in two lines.


def assert_two_lines(done: subprocess.CompletedProcess[str], code: int, wanted: str) -> None:
    assert done.returncode == code
    error, hint = done.stderr.splitlines()
    assert re.match("error: .*" + re.escape(wanted), error), error
    assert hint.startswith("hint: ")


def test_a_server_that_does_not_run_is_status_1():
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    assert_two_lines(chat("", f"127.0.0.1:{number}"), 1, f"cannot reach 127.0.0.1 port {number}: connection refused")


def test_a_host_that_does_not_exist_is_status_1():
    assert_two_lines(chat("", "nowhere.invalid"), 1, "cannot reach nowhere.invalid port 12000: ")


def test_a_peer_that_hangs_up_at_once_is_not_a_server():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            listening.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        done = chat("", f"127.0.0.1:{listening.getsockname()[1]}")
        thread.join(PATIENCE)
    assert_two_lines(done, 1, "no greeting received")
    assert "--tls" in done.stderr


def test_a_server_without_tls_is_reported(port: int):
    assert_two_lines(chat("", f"127.0.0.1:{port}", "--tls"), 1, "no TLS on this port")


def test_tls_is_verified_and_a_private_authority_can_be_named(tmp_path: Path):
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    paths = {name: str(tmp_path / name) for name in ("ca", "key", "chain")}
    authority.cert_pem.write_to_path(paths["ca"])
    certificate.private_key_pem.write_to_path(paths["key"])
    certificate.cert_chain_pems[0].write_to_path(paths["chain"])
    with serving("--tls-cert", paths["chain"], "--tls-key", paths["key"]) as server:
        address = f"127.0.0.1:{server.port}"
        accepted = chat("hello\n", address, "--tls-ca", paths["ca"], "--name", "ada")
        assert (accepted.returncode, accepted.stderr) == (0, "")
        assert "* Welcome, <ada>." in accepted.stdout
        refused = chat("", address, "--tls")
        assert_two_lines(refused, 1, "certificate")
        assert "--tls-ca" in refused.stderr


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["a b"], "'a b' is not a server address"),
        (["host:99999"], "not a server address"),
        (["\x1b[2J"], r"not a server address"),
        (["--lang", "de"], "'de'"),
        (["--tls-ca", "/nowhere"], "cannot use '/nowhere': no such file"),
        (["--tls-ca", __file__], "it holds no certificates"),
    ],
)
def test_bad_usage_is_status_2(options: list[str], wanted: str, capsys: pytest.CaptureFixture[str]):
    assert status(["chat", *options]) == 2
    error, hint = capsys.readouterr().err.splitlines()
    assert wanted in error
    assert hint.startswith("hint: ")
    assert error.isprintable()


def test_textual_is_imported_for_the_screen_only():
    code = (
        "import sys, roulette_cli.main; roulette_cli.main.status(['chat', '127.0.0.1:1', '--plain']);"
        "print(*sys.modules, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert not {"textual", "rich", "numpy"} & set(done.stdout.splitlines())
