"""``roulette serve`` as its operator uses it: real processes, real sockets, a real terminal."""

import contextlib
import json
import os
import re
import resource
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import fields
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
import trustme
import typer
from prometheus_client.parser import text_string_to_metric_families

from roulette_cli import chat_server, process
from roulette_cli.app import app
from roulette_cli.errors import CommandError
from roulette_cli.serve_options import NetworkOptions, OperationOptions
from roulette_core import Roulette, decode_event, decode_header
from roulette_core.testing import Checker
from tests.cli.said import said
from tests.support import terminal
from tests.support.server import PATIENCE, Netcat, people, serving
from transports import Limits
from transports.gateway import Gateway
from transports.limits import read_networks
from transports.operator.metrics.http import REQUESTS_LIMIT
from transports.operator.statistics import Statistics


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
def test_on_a_signal_the_server_says_goodbye_to_all_clients_and_exits_0(number: int) -> None:
    with serving() as server, people(server.port, "ada", "bob") as (ada, bob):
        ada.type("start")
        bob.type("start")
        ada.hears("Only <bob> sees what you type")
        status, err = server.stop(number)
        for person in (ada, bob):
            person.hears("The server is shutting down. Goodbye.")
            assert person.is_alone()
    assert status == 0
    assert "Traceback" not in err


def test_a_signal_is_handled_under_load() -> None:
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


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no way to see what another process has open")
def test_without_file_descriptors_newcomers_are_refused_and_open_chats_continue() -> None:
    with serving() as server, people(server.port, "ada", "bob") as (ada, bob):
        limits = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
        taken = max(int(path.name) for path in Path(f"/proc/{server.process.pid}/fd").iterdir())
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (taken + 1, limits[1]))
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as newcomer:
                assert newcomer.recv(100).startswith(b"* The server is full")
        ada.type("still there?")
        bob.hears("still there?")
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, limits)
        with people(server.port, "carol"):
            pass
        status, err = server.stop()
    assert status == 0
    assert err.count("new connections are refused") == 1


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


def test_the_operator_lists_users_and_closes_the_server() -> None:
    child = terminal.start("serve", "--port", "0", timeout=PATIENCE)
    child.expect(r"listening on \S+ port (\d+)")
    port = int(child.match[1])
    child.expect("help lists what you can type")
    with people(port, "ada", "élodie") as persons:
        persons[0].type("start")
        persons[1].type("start")
        persons[0].hears("in private")
        child.sendline("list")
        child.expect("0 in the lobby, 0 searching, 2 in private, 0 unregistered")
        assert re.search(r"ada +private +élodie", child.before)
        child.sendline("research")
        child.expect("none")
        child.sendline("close")
        persons[1].hears("The server is shutting down")
        assert terminal.finish(child).status == 0


def test_control_c_in_the_terminal_exits_0_without_a_traceback() -> None:
    child = terminal.start("serve", "--port", "0", timeout=PATIENCE)
    child.expect("Ctrl-C stops")
    child.sendintr()
    ended = terminal.finish(child)
    assert ended.status == 0
    assert "Traceback" not in ended.screen


def test_without_a_terminal_there_is_no_console_and_serving_continues() -> None:
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
        assert ended.returncode == 2
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


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (("--exempt", "anywhere"), "network"),
        (("--metrics", "somewhere"), "somewhere"),
        (("--metrics", ":99999"), "99999"),
        (("--metrics", "9" * 5000), "metrics"),
        (("--metrics", "..:0"), "metrics"),
        (("--host", ".."), "listen on .. port"),
        (("--rate", "inf"), "--rate"),
        (("--log", "xml"), "--log"),
        (("--tls-key", "key.pem"), "--tls-key needs --tls-cert"),
    ],
)
def test_an_invalid_value_of_an_option_is_bad_usage(options: tuple[str, str], wanted: str) -> None:
    ended = run("--port", "0", *options)
    assert ended.returncode == 2
    assert_two_lines(ended.stderr, wanted)


def test_a_certificate_that_cannot_be_read_is_one_line_and_a_hint(tmp_path: Path) -> None:
    ended = run("--port", "0", "--tls-cert", str(tmp_path / "none.pem"))
    assert ended.returncode == 2
    assert_two_lines(ended.stderr, "none.pem")


def test_a_second_signal_does_not_wait_for_clients_that_never_read() -> None:
    with serving("--rate", "0") as server, people(server.port, "ada", "bob") as (ada, _):
        ada.socket.sendall(b"help\n" * 20_000)
        with people(server.port, "carol"):  # by now there is more for ada than her system takes
            pass
        server.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(1)
        status, _ = server.stop()
    assert status == 0


def serial(port: int, authority: trustme.CA) -> int:
    """Returns the serial number of the certificate that a server presents."""
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain,
        trust.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        assert secured.recv(100).startswith(b"* Welcome")
        shown: Any = secured.getpeercert()
        return int(shown["serialNumber"], 16)


def test_sighup_reloads_the_certificate_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    authority, path = trustme.CA(), tmp_path / "both.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(path)
    with serving("--tls-cert", str(path)) as server:
        assert server.process.stderr is not None
        first = serial(server.port, authority)
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(path)
        assert serial(server.port, authority) == first
        server.process.send_signal(signal.SIGHUP)
        assert any("certificate reloaded" in line for line in server.process.stderr)
        second = serial(server.port, authority)
        assert second != first
        path.write_text("nothing")
        server.process.send_signal(signal.SIGHUP)
        assert any("certificate not reloaded" in line for line in server.process.stderr)
        assert serial(server.port, authority) == second
        assert server.stop()[0] == 0


def test_without_tls_and_terminal_sighup_is_ignored() -> None:
    with serving() as server, people(server.port, "ada", "bob") as (ada, bob):
        server.process.send_signal(signal.SIGHUP)
        ada.type("still there?")
        bob.hears("still there?")
        status, err = server.stop()
    assert status == 0
    assert "SIGHUP ignored" in err


def test_the_log_is_one_json_object_a_line_without_texts_or_full_addresses() -> None:
    with serving("--log", "json") as server:
        with people(server.port, "ada", "bob") as (ada, bob):
            ada.type("my secret")
            bob.hears("my secret")
            ada.type("start")
            bob.type("start")
            ada.hears("Only <bob> sees what you type")
        status, err = server.stop()
    assert status == 0
    lines = [json.loads(line) for line in err.splitlines()]
    assert {"connected", "named", "ended"} <= {line["event"] for line in lines}
    assert all({"time", "level", "event"} <= line.keys() for line in lines)
    assert "secret" not in err
    assert "127.0.0.1" not in "".join(line for line in err.splitlines() if "connected" in line)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
@pytest.mark.parametrize("closed", [False, True])
def test_a_log_that_cannot_be_written_does_not_stop_the_server(tmp_path: Path, closed: bool) -> None:
    port = free_port()
    shell = f'exec "$0" serve --port {port} --log-level debug 2>{"&-" if closed else "/dev/full"}'
    with subprocess.Popen(["sh", "-c", shell, terminal.ROULETTE], stdin=subprocess.DEVNULL) as process:
        try:
            until_it_listens(port)
            with people(port, "ada", "bob") as (ada, bob):
                ada.type("hello")
                bob.hears("hello")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def until_it_listens(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("the server never listened")


def test_metrics_are_served_over_http_and_can_be_parsed() -> None:
    with serving("--metrics", "0") as server:
        assert server.process.stderr is not None
        address = next(line for line in server.process.stderr if "metrics at" in line).rpartition(" ")[2].strip()
        with people(server.port, "ada", "bob") as (ada, bob):
            ada.type("start")
            bob.type("start")
            ada.hears("Only <bob> sees what you type")
            families = scrape(address)
        assert server.stop()[0] == 0
    assert families["roulette_users", ("private",)] == 2
    assert families["roulette_pairings_total", ()] == 1
    assert families["roulette_wait_seconds_count", ()] == 2
    assert families["process_open_fds", ()] > 0


def test_silent_and_reset_clients_of_the_metrics_are_limited_and_leave_no_traceback() -> None:
    with serving("--metrics", "0") as server, contextlib.ExitStack() as opened:
        assert server.process.stderr is not None
        address = next(line for line in server.process.stderr if "metrics at" in line).rpartition(" ")[2].strip()
        place = ("127.0.0.1", int(address.split(":")[2].split("/")[0]))
        silent = [opened.enter_context(socket.create_connection(place, PATIENCE)) for _ in range(REQUESTS_LIMIT)]
        one_too_many = opened.enter_context(socket.create_connection(place, PATIENCE))
        assert one_too_many.recv(1) == b""
        for client in silent:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()  # with a reset
        until_it_answers(address)
        status, err = server.stop()
    assert status == 0
    assert all(" info " in line for line in err.splitlines())


def until_it_answers(address: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError, HTTPException):
            assert scrape(address)
            return
        time.sleep(PATIENCE / 100)
    raise AssertionError("the metrics no longer answer")


def scrape(address: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Returns every sample by its name and the values of its labels."""
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        text = answer.read().decode()
    families = text_string_to_metric_families(text)
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


def test_metrics_at_a_port_in_use_are_one_line_and_a_hint() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("--port", "0", "--metrics", str(taken.getsockname()[1]))
    assert ended.returncode == 1
    assert_two_lines(ended.stderr, "already in use")


def test_without_prometheus_client_the_hint_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    for module in [name for name in sys.modules if name.startswith("transports.operator.metrics")]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(CommandError, match="not installed") as caught, contextlib.ExitStack() as opened:
        gateway = Gateway(Roulette())
        chat_server.export_metrics(OperationOptions(metrics="0"), Statistics(), gateway, opened)
    assert "pip install prometheus-client" in caught.value.hint


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)])
def test_listening_beyond_loopback_without_tls_is_a_warning(
    host: str, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    chat_server.warn_of_plain_text(NetworkOptions(host=host))
    assert ("traffic is not encrypted" in caplog.text) is warned


def test_too_few_open_files_are_a_warning_of_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    allowed = (100, 1000)
    monkeypatch.setattr(resource, "getrlimit", lambda _: allowed)
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    raised: list[tuple[int, int]] = []
    process.raise_open_file_limit(500)
    assert (raised, caplog.text) == ([(564, 1000)], "")
    process.raise_open_file_limit(5000)
    assert raised[1:] == [(1000, 1000)]
    assert "the open-file limit (1000) allows about 936 connections" in caplog.text


def parsed(*arguments: str) -> dict[str, Any]:
    """Returns the parameters that ``roulette serve`` reads from its arguments."""
    command = typer.main.get_command(app).commands["serve"]  # type: ignore[attr-defined]
    return dict(command.make_context("serve", list(arguments)).params)


def test_every_limit_is_an_option_with_the_same_default() -> None:
    for limit in fields(Limits):
        given = parsed().get(limit.name, "no option")
        assert given == ("no option" if not limit.metadata else None if limit.name == "exempt" else limit.default)


def test_limits_on_the_command_line_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Limits] = []

    class NeverOpened:
        def __init__(self, *options: Any) -> None:
            seen.extend(option for option in options if isinstance(option, Limits))

        async def open(self, opened: contextlib.ExitStack) -> None:
            pass

        async def run(self) -> None:
            pass

    monkeypatch.setattr(chat_server, "ChatServer", NeverOpened)
    assert said(["serve", "--users", "7", "--pong", "9", "--exempt", "none", "--output-limit", "100"])[0] == 0
    assert said(["serve"])[0] == 0
    assert seen == [Limits(users=7, pong=9.0, exempt=(), output_limit=100), Limits()]


def test_exempt_names_networks_or_none() -> None:
    assert read_networks(["none"]) == ()
    assert [str(network) for network in read_networks(["10.0.0.0/8", "::1"])] == ["10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("9100", ("127.0.0.1", 9100)),
        ("0.0.0.0:9100", ("0.0.0.0", 9100)),
        ("[::1]:9100", ("::1", 9100)),
    ],
)
def test_a_place_for_metrics_is_a_port_or_an_address_with_one(written: str, place: tuple[str, int]) -> None:
    assert OperationOptions(metrics=written).metrics_place() == place
