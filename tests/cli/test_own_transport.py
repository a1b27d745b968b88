"""``roulette serve --transport``: the page's Unix socket with all that TCP has, and transports that fail."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from roulette_core import decode_event
from tests.support import terminal
from tests.support.fences import fences
from tests.support.server import PATIENCE

UNIX_CHAT = fences("docs/transports.md", "python")[0].text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "unix_chat.py").write_text(UNIX_CHAT, encoding="utf-8")
    return tmp_path


class Visitor:
    """A user at ``nc -U``."""

    def __init__(self, path: Path, name: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\r\n")
        self.type(name)
        self.hears(f"Welcome, <{name}>")

    def type(self, line: str) -> None:
        self.socket.sendall(f"{line}\n".encode())

    def hears(self, wanted: str) -> None:
        assert any(wanted in line for line in self.lines), f"never heard {wanted!r}"

    def leave(self) -> None:
        self.lines.close()
        self.socket.close()


@contextlib.contextmanager
def visitors(path: Path, *names: str) -> Iterator[list[Visitor]]:
    with contextlib.ExitStack() as stack:
        found = []
        for name in names:
            found.append(Visitor(path, name))
            stack.callback(found[-1].leave)
        yield found


def command(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [terminal.ROULETTE, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        env=terminal.environment(COLUMNS="80"),
    )


def test_a_transport_of_ones_own_has_metrics_log_recording_and_admin(folder: Path) -> None:
    options = ["--metrics", "0", "--admin-socket", "admin.sock", "--record", "r.jsonl", "--policy", "v1"]
    process = subprocess.Popen(
        [terminal.ROULETTE, "serve", "--transport", "unix_chat:serve_unix:my.sock", *options],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=terminal.environment(),
    )
    assert process.stderr is not None
    with process:
        try:
            assert "listening on my.sock; to join: nc -U my.sock" in process.stderr.readline()
            metrics = process.stderr.readline().rpartition(" ")[2].strip()
            assert "policy no-repeat" in process.stderr.readline()
            with visitors(folder / "my.sock", "ada", "bob") as (ada, bob):
                ada.type("start")
                bob.type("start")
                ada.hears("Only <bob> sees what you type")
                with urllib.request.urlopen(metrics, timeout=PATIENCE) as answer:
                    assert b'roulette_users{state="private"} 2.0' in answer.read()
                shown = command("admin", "--socket", "admin.sock", "--json", "private", folder=folder)
                assert json.loads(shown.stdout)["rows"] == [["ada", "bob"]]
                assert command("admin", "--socket", "admin.sock", "kick", "bob", folder=folder).returncode == 0
                ada.hears("<bob> has left")
                process.send_signal(signal.SIGTERM)
                ada.hears("The server is shutting down. Goodbye.")
            _, log = process.communicate(timeout=PATIENCE)
            assert process.returncode == 0
        finally:
            process.kill()
    assert "Traceback" not in log
    assert "connected" in log
    assert not (folder / "my.sock").exists()
    _, *lines = (folder / "r.jsonl").read_text().splitlines()
    assert [decode_event(line)[0].kind for line in lines][:4] == ["join", "join", "start", "start"]


def test_a_transport_of_ones_own_has_a_console(folder: Path) -> None:
    path = folder / "console.sock"
    child = terminal.start(
        "serve", "--transport", f"unix_chat:serve_unix:{path}", timeout=PATIENCE, PYTHONPATH=str(folder)
    )
    child.expect("help lists what you can type")
    with visitors(path, "ada") as (ada,):
        child.sendline("list")
        child.expect("1 in the lobby, 0 searching, 0 in private")
        child.sendline("close")
        ada.hears("The server is shutting down")
        assert terminal.finish(child).status == 0


FAULTY = """
import contextlib

LIMIT = 3

def not_a_context(driver):
    return ["nowhere"]

@contextlib.asynccontextmanager
async def no_lines(driver):
    yield 7

@contextlib.asynccontextmanager
async def one_line(driver):
    yield "listening"

@contextlib.asynccontextmanager
async def fails(driver, where="here"):
    raise ValueError(f"nothing\\nis {where}")
    yield []

@contextlib.asynccontextmanager
async def in_use(driver):
    raise OSError(98, "in use")
    yield []
"""


@pytest.mark.parametrize(
    ("named", "status", "wanted"),
    [
        ("unix_chat", 2, "no transport is called 'unix_chat'"),
        (":serve", 2, "no transport is called ':serve'"),
        ("nothing_here:serve", 2, "No module named 'nothing_here'"),
        ("faulty:serve", 2, "has no attribute 'serve'"),
        ("broken:serve", 2, "cannot load the transport broken:serve"),
        ("faulty:LIMIT", 2, "faulty:LIMIT is not a function"),
        ("faulty:not_a_context", 1, "asynchronous context manager"),
        ("faulty:no_lines", 1, "TypeError"),
        ("faulty:one_line", 1, "a list of lines"),
        ("faulty:fails", 1, "did not start: ValueError: nothing"),
        ("faulty:fails:there", 1, "there"),
        ("faulty:in_use", 1, f"did not start: {os.strerror(98).lower()}"),
        ("faulty:in_use:x", 1, "TypeError"),
    ],
)
def test_a_transport_that_fails_is_one_line_and_a_hint(named: str, status: int, wanted: str, folder: Path) -> None:
    (folder / "faulty.py").write_text(FAULTY, encoding="utf-8")
    (folder / "broken.py").write_text("raise SystemExit('I am\\nbroken')", encoding="utf-8")
    ended = command("serve", "--transport", named, "--record", "r.jsonl", folder=folder)
    assert ended.returncode == status, ended.stderr
    error, hint = ended.stderr.splitlines()
    assert error.startswith("error: ")
    assert wanted in error
    assert hint.startswith("hint: ")
    assert not (folder / "r.jsonl").exists()


@pytest.mark.parametrize("option", ["--port", "--host", "--tls-cert"])
def test_options_of_tcp_are_refused_beside_a_transport_of_ones_own(option: str, folder: Path) -> None:
    ended = command("serve", "--transport", "unix_chat:serve_unix", option, "7", folder=folder)
    assert ended.returncode == 2
    assert f"error: {option} is for TCP" in ended.stderr
