"""``roulette admin`` and the server's admin socket: real processes, a real Unix socket, a real terminal."""

import json
import os
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import terminal
from tests.support.server import PATIENCE, people, serving


class RunningServer(NamedTuple):
    """A server with an admin socket."""

    port: int
    socket: Path

    def admin(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs ``roulette admin`` at the socket of this server."""
        return run(self.socket, *words)


def run(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [terminal.ROULETTE, "admin", "--socket", str(path), *words],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        env=terminal.environment(COLUMNS="80"),
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    path = tmp_path / "admin.sock"
    with serving("--admin-socket", str(path)) as process:
        yield RunningServer(process.port, path)


def assert_two_lines(err: str, wanted: str) -> None:
    error, hint = err.splitlines()
    assert error.startswith("error: ")
    assert wanted in error
    assert hint.startswith("hint: ")


def test_commands_are_answered_as_a_table_or_as_json(server: RunningServer) -> None:
    with people(server.port, "ada", "bob") as (ada, bob):
        ada.type("start")
        bob.type("start")
        ada.hears("Only <bob> sees what you type")
        shown = server.admin("list")
        assert (shown.returncode, shown.stderr) == (0, "")
        assert "0 in the lobby, 0 searching, 2 in private" in shown.stdout
        assert "\x1b" not in shown.stdout
        data = json.loads(server.admin("--json", "private").stdout)
        assert (data["columns"], data["rows"]) == (["in private", "with"], [["ada", "bob"]])


def test_a_command_of_several_words_is_carried_out(server: RunningServer) -> None:
    with people(server.port, "ada") as (ada,):
        assert server.admin("say", "we", "stop at noon").returncode == 0
        ada.hears("we stop at noon")
        assert server.admin("kick", "ada").returncode == 0
        ada.lines.read()


def test_a_refused_command_is_status_1(server: RunningServer) -> None:
    refused = server.admin("kick", "zoe")
    assert (refused.returncode, refused.stdout.strip()) == (1, "No user named zoe.")
    assert json.loads(server.admin("--json", "nonsense").stdout)["refused"]


def test_close_stops_the_server_and_removes_the_socket(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    with serving("--admin-socket", str(path)) as server:
        assert run(path, "close").returncode == 0
        assert server.process.wait(PATIENCE) == 0
    assert not path.exists()


def test_a_server_that_stops_logs_nothing_about_open_admin_connections(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    with serving("--admin-socket", str(path)) as server, socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE)
        client.connect(os.fspath(path))
        client.sendall(b'{"command": "bans"}\n')
        assert client.recv(1)
        status, err = server.stop()
    assert status == 0
    assert all(" info " in line for line in err.splitlines())


def test_only_the_servers_own_user_may_open_the_socket(server: RunningServer) -> None:
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o600


def test_a_stale_socket_of_a_killed_server_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    with serving("--admin-socket", str(path)) as server:
        server.process.kill()
    assert path.exists()
    with serving("--admin-socket", str(path)):
        assert run(path, "list").returncode == 0


def start(path: Path) -> subprocess.CompletedProcess[str]:
    command = [terminal.ROULETTE, "serve", "--port", "0", "--admin-socket", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)


def test_the_socket_of_a_running_server_is_not_replaced(server: RunningServer) -> None:
    second = start(server.socket)
    assert second.returncode == 1
    assert_two_lines(second.stderr, "address already in use")
    assert server.admin("list").returncode == 0


def test_a_file_that_is_not_a_socket_is_not_replaced(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("data")
    refused = start(precious)
    assert refused.returncode == 2
    assert_two_lines(refused.stderr, "file exists")
    assert precious.read_text() == "data"
    assert_two_lines(start(tmp_path / "nowhere" / "socket").stderr, "no such file")


def test_without_a_server_there_is_one_line_and_a_hint(tmp_path: Path) -> None:
    gone = run(tmp_path / "admin.sock", "list")
    assert gone.returncode == 2
    assert_two_lines(gone.stderr, "no server at")


def test_without_the_socket_option_it_is_bad_usage() -> None:
    done = subprocess.run([terminal.ROULETTE, "admin", "list"], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2
    assert_two_lines(done.stderr, "--socket is required")


@pytest.mark.parametrize("answer", [b"", b"hello\n", b"[]\n", b'{"rows": 3, "what": 1}\n', b"[" * 100_000 + b"\n"])
def test_a_program_at_the_socket_that_is_not_a_server_is_recognised(tmp_path: Path, answer: bytes) -> None:
    path = tmp_path / "other.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        asking = subprocess.Popen(
            [terminal.ROULETTE, "admin", "--socket", str(path), "list"], stderr=subprocess.PIPE, text=True
        )
        with asking:
            other, _ = listening.accept()
            with other:
                other.recv(1000)
                other.sendall(answer)
            _, err = asking.communicate(timeout=PATIENCE)
    assert asking.returncode == 1
    assert_two_lines(err, "does not answer")


def test_top_redraws_and_ends_with_q(server: RunningServer) -> None:
    child = terminal.start("admin", "--socket", str(server.socket), "top", timeout=PATIENCE)
    child.expect("no user is searching")
    with people(server.port, "ada") as (ada,):
        ada.type("start")
        child.expect("ada .*nobody else is waiting")
        child.send("\x1bOQ")  # F2
        ada.type("lobby")
        child.expect("no user is searching")
        child.send("q")
        assert terminal.finish(child).status == 0


def test_top_ends_with_control_c_and_reports_a_server_that_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    with serving("--admin-socket", str(path)) as server:
        watched = terminal.start("admin", "--socket", str(path), "top", timeout=PATIENCE, NO_COLOR="1")
        watched.expect("no user is searching")
        watched.sendintr()
        assert terminal.finish(watched).status == 0
        orphaned = terminal.start("admin", "--socket", str(path), "top", timeout=PATIENCE)
        orphaned.expect("no user is searching")
        assert server.stop()[0] == 0
    ended = terminal.finish(orphaned)
    assert ended.status == 1
    assert "does not answer" in ended.screen


def test_top_without_a_terminal_prints_once(server: RunningServer) -> None:
    done = server.admin("top")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("no user is searching") == 1
    assert "\x1b" not in done.stdout


def test_programs_may_send_many_commands_on_one_connection(server: RunningServer) -> None:
    with socket.socket(socket.AF_UNIX) as program:
        program.settimeout(PATIENCE)
        program.connect(os.fspath(server.socket))
        lines = program.makefile("rb")
        for line, refused in (
            (b'{"command": "list"}\n', False),
            (b"nonsense\n", True),
            (b'{"command": 3}\n', True),
            (b"[" * 5000 + b"\n", True),
            (b'{"command": "bans"}\n', False),
        ):
            program.sendall(line)
            assert json.loads(lines.readline())["refused"] is refused
        program.sendall(b"x" * 100_000)
        assert lines.readline() == b"", "a line without end is the end of the connection"
        lines.close()


def test_admin_clients_that_are_silent_or_never_read_delay_no_other_client(server: RunningServer) -> None:
    with people(server.port, "ada", "bob") as (ada, bob):
        idle = [socket.socket(socket.AF_UNIX) for _ in range(7)]
        for client in idle:
            client.connect(os.fspath(server.socket))
        idle[0].setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                idle[0].send(b'{"command": "help"}\n')
        ada.type("still there?")
        bob.hears("still there?")
        assert server.admin("list").returncode == 0
        idle.append(socket.socket(socket.AF_UNIX))
        idle[-1].connect(os.fspath(server.socket))
        crowded = server.admin("list")
        assert (crowded.returncode, crowded.stdout) == (1, "Too many connections to the admin socket.\n")
        for client in idle:
            client.close()
