"""``roulette serve`` as its operator meets it: real processes, real sockets, a real terminal."""

import contextlib
import io
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import roulette_cli.serve
from roulette_core import Roulette
from roulette_core.recording import decode_event, decode_header
from roulette_core.testing import Checker
from tests.support import terminal
from tests.support.server import PATIENCE, Netcat, people, serving


def run(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [terminal.ROULETTE, "serve", *options],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )


def assert_two_lines(err: str, wanted: str) -> None:
    error, hint = err.splitlines()
    assert error.startswith("error: ")
    assert wanted in error
    assert hint.startswith("hint: ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_says_goodbye_to_everybody_and_exits_0(number: int) -> None:
    with serving() as server, people(server.port, "ada", "bob") as (ada, bob):
        ada.type("start")
        bob.type("start")
        ada.hears("Only <bob> reads you")
        status, err = server.stop(number)
        for person in (ada, bob):
            person.hears("The server is closing. Goodbye.")
            assert person.is_alone()
    assert status == 0
    assert "Traceback" not in err


def test_a_signal_is_heard_under_load() -> None:
    with serving() as server, people(server.port, "ada", "bob", "carol") as persons:

        def flood(person: Netcat) -> None:
            with contextlib.suppress(OSError):
                while True:
                    person.socket.sendall(b"start\nhello\nnext\nlobby\n" * 100)

        def read(person: Netcat) -> None:
            with contextlib.suppress(OSError):
                while person.socket.recv(65536):
                    pass

        threads = [threading.Thread(target=act, args=(person,)) for act in (flood, read) for person in persons]
        for thread in threads:
            thread.start()
        status, err = server.stop()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
    assert status == 0
    assert "Traceback" not in err


def test_without_file_descriptors_newcomers_wait_and_running_chats_go_on() -> None:
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("no prlimit here")
    with serving() as server, people(server.port, "ada", "bob") as (ada, bob):
        limits = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (1, limits[1]))
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as newcomer:
            time.sleep(2.5)  # long enough for several attempts
            ada.type("still there?")
            bob.hears("still there?")
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, limits)
            assert newcomer.recv(100).startswith(b"* Welcome")
        status, err = server.stop()
    assert status == 0
    assert err.count("newcomers have to wait") == 1


def test_a_recorded_session_replays_with_all_invariants(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    with serving("--policy", "v2", "--seed", "5", "--record", str(path)) as server:
        with people(server.port, "ada", "bob", "carol") as persons:
            for person in persons:
                person.type("start")
                person.hears("Searching")
                person.type("my secret")
        assert server.stop()[0] == 0
    header, *lines = path.read_text().splitlines()
    assert "secret" not in path.read_text()
    assert "ada" not in path.read_text()
    assert decode_header(header) == ("uniform:minimum=3", 5)
    roulette, checker = Roulette(*decode_header(header)), Checker("uniform:minimum=3", thorough=True)
    kinds = set()
    for event, now in map(decode_event, lines):
        effects = roulette.handle(event, now)
        checker.check(now, event, effects)
        kinds.update(effect.kind for effect in effects)
    assert not checker.breaches
    assert kinds >= {"joined", "searching", "lobby_line", "paired", "parted", "left"}


def test_the_operator_sees_who_is_there_and_closes() -> None:
    child = terminal.start("serve", "--port", "0", timeout=PATIENCE)
    child.expect(r"listening on \S+ port (\d+)")
    port = int(child.match[1])
    child.expect("type list, research, private, close or help")
    with people(port, "ada", "élodie") as persons:
        persons[0].type("start")
        persons[1].type("start")
        persons[0].hears("in private")
        child.sendline("list")
        child.expect("lobby 0, searching 0, private 2, without a pseudonym yet 0")
        assert re.search(r"ada +private +élodie", child.before)
        child.sendline("research")
        child.expect("nobody")
        child.sendline("close")
        persons[1].hears("The server is closing")
        assert terminal.finish(child).status == 0


def test_control_c_in_the_terminal_exits_0_without_a_traceback() -> None:
    child = terminal.start("serve", "--port", "0", timeout=PATIENCE)
    child.expect("Ctrl-C stops")
    child.sendintr()
    ended = terminal.finish(child)
    assert ended.status == 0
    assert "Traceback" not in ended.screen


def test_without_a_terminal_there_is_no_console_and_serving_goes_on() -> None:
    with serving(stdin=subprocess.PIPE) as server:
        assert server.process.stdin is not None
        server.process.stdin.write("close\n")
        server.process.stdin.close()
        server.process.stdin = None
        with people(server.port, "ada"):
            pass
        status, err = server.stop()
    assert status == 0
    assert "research" not in err


def test_an_operator_who_cannot_be_told_is_no_reason_to_stop_serving(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    roulette_cli.serve._say("warning: nobody reads this")


def test_a_port_in_use_is_one_line_and_a_hint() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("--port", str(taken.getsockname()[1]))
    assert ended.returncode == 1
    assert_two_lines(ended.stderr, "address already in use")
    assert "--port" in ended.stderr


def test_a_recording_that_cannot_be_written_is_one_line_and_a_hint(tmp_path: Path) -> None:
    (tmp_path / "full").write_text("something")
    for path, reason in (("nowhere/session.jsonl", "no such file"), ("full", "file exists"), (".", "is a directory")):
        ended = run("--port", "0", "--record", str(tmp_path / path))
        assert ended.returncode == 1
        assert_two_lines(ended.stderr, reason)


@pytest.mark.parametrize(
    "options",
    [
        ("--policy", "nonsense"),
        ("--policy", "uniform:minimum=1"),
        ("--port", "70000"),
        ("--seed", "x"),
        ("--seed", "-1"),
    ],
)
def test_bad_usage_is_one_line_and_a_hint_with_status_2(options: tuple[str, str]) -> None:
    ended = run(*options)
    assert ended.returncode == 2
    assert_two_lines(ended.stderr, "")
