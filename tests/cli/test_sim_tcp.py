"""``roulette sim --world tcp``: users at a server that is started for them, or that runs."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from roulette_cli.errors import CommandError
from roulette_cli.main import status
from roulette_cli.started_server import started_server
from tests.support import terminal
from tests.support.server import PATIENCE, Netcat, serving

TCP = ["sim", "--world", "tcp", "--scenario", "closed", "--users", "12", "--no-progress"]


def test_a_server_is_started_for_each_policy(capsys: pytest.CaptureFixture[str]) -> None:
    code = status([*TCP, "--duration", "60s", "--speed", "60"])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert "no-repeat" in out and "uniform:minimum=3" in out
    assert "tcp, speed 60" in out
    assert "not seen from" in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_policy_of_a_running_server_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    with serving("--policy", "v2") as server:
        code = status([*TCP, "--connect", f"localhost:{server.port}", "--duration", "2s", "--json", "-"])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    data = json.loads(out)
    (policy,) = data["policies"]
    assert (policy["policy"], data["setting"]["world"], data["setting"]["runs"]) == ("server's own", "tcp", 1)
    assert policy["figures"]["repair.probability"]["theory"] is None
    assert policy["figures"]["pairings"]["value"] > 3


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        (["--connect", "192.0.2.1:12000"], "is not an address on this machine"),
        (["--connect", "example.org"], "is not an address on this machine"),
        (["--connect", ":::"], "is not an address on this machine"),
        (["--connect", "127.0.0.1:12000", "--policy", "v1"], "--policy cannot be combined with --connect"),
        (["--speed", "0"], "--speed must be above 0"),
        (["--speed", "nan"], "--speed must be above 0"),
        (["--faults", "mild"], "--faults needs --world wire"),
        (["--world", "wire", "--speed", "2"], "--speed needs --world tcp"),
        (["--world", "core", "--connect", "[::1]:12000"], "--connect needs --world tcp"),
    ],
)
def test_options_that_do_not_fit_together_are_refused_in_two_lines(
    options: list[str], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = options if "--world" in options else ["--world", "tcp", *options]
    assert status(["sim", "--scenario", "closed", "--users", "12", *given]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert first.startswith("error: ") and wrong in first
    assert second.startswith("hint: ")


def failed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What is wrong, in the first of two lines."""
    assert status([*TCP, *options]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert second.startswith("hint: ")
    return first.removeprefix("error: ")


def test_an_unreachable_server_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as server:
        port = server.port
        server.stop()
    wrong = failed(capsys, "--connect", f"127.0.0.1:{port}")
    assert wrong == f"cannot talk to a server at 127.0.0.1 port {port}: no server listens there"


def test_strangers_are_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as server:
        stranger = Netcat(server.port)
        stranger.type("ada")
        stranger.type("start")
        stranger.hears("Searching")
        assert "has met or heard ada" in failed(capsys, "--connect", f"127.0.0.1:{server.port}", "--duration", "3s")
        stranger.leave()


def test_too_few_open_files_are_reported() -> None:
    command = f"ulimit -n 40; exec {terminal.ROULETTE} sim --world tcp --scenario closed --users 100 --no-progress"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=terminal.environment(), check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "error: cannot open more connections: too many open files",
        "hint: raise the limit on open files (ulimit -n), or try fewer --users",
    ]


def children(process: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    return [int(number) for number in found.stdout.split()]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_the_run_stops_its_server(number: int, code: int) -> None:
    command = [str(terminal.ROULETTE), *TCP, "--duration", "1h"]
    environment = terminal.environment()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            end = time.monotonic() + PATIENCE
            while not (servers := children(process.pid)) and time.monotonic() < end:
                time.sleep(0.1)
            (server,) = servers
            time.sleep(1.0)
            process.send_signal(number)
            _, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert (process.returncode, err) == (code, "")
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_a_server_that_cannot_start_says_why() -> None:
    with pytest.raises(CommandError) as caught, started_server("no-such-policy", 0):
        pass
    assert re.search("the server did not start: error: .*no-such-policy", caught.value.message)


ODD = """
from roulette_core.policies.no_repeat import NoRepeat

class Odd(NoRepeat):
    def paired(self, first, second):
        1 / 0
"""


def test_a_server_whose_policy_fails_says_so(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(ODD)
    command = [str(terminal.ROULETTE), *TCP, "--policy", "mine:Odd"]
    done = subprocess.run(
        command, capture_output=True, text=True, env=terminal.environment(), cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "error: the server has ended by itself: the server had to stop: BrokenPolicy: "
        "the policy mine:Odd raised ZeroDivisionError('division by zero')",
        "hint: run roulette serve with the same policy to see more",
    ]
