"""Servers in processes of their own: that they fail is told, with the reason."""

import os

import pytest

from transports.load import ServerFailed, measured_server, server_process


def test_a_server_that_cannot_start_says_why():
    with pytest.raises(ServerFailed, match="no such policy"), measured_server(policy="no such policy"):
        pass


def test_a_server_that_has_ended_is_noticed():
    with pytest.raises(ServerFailed, match="signal 9"), measured_server() as server:
        server.process.kill()
        server.process.wait()
        server.used()


def test_used_grows_with_time():
    with measured_server() as server:
        first, second = server.used(), server.used()
    assert 0 < first.cpu_seconds <= second.cpu_seconds
    assert first.resident_bytes > 1 << 20


def test_a_server_ends_with_the_block_and_ignores_the_configuration_of_roulette_serve(monkeypatch):
    monkeypatch.setenv("ROULETTE_SERVE_PORT", "1")
    port = "len(os.environ.get('ROULETTE_SERVE_PORT', ''))"
    code = f"import os, sys, time; print('listening on here port', {port}, file=sys.stderr, flush=True); time.sleep(60)"
    with server_process(code) as server:
        assert server.port == 0
        assert server.failure() is None
    with pytest.raises(ProcessLookupError):
        os.kill(server.process.pid, 0)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import sys; sys.exit('error: no room\\nhint: none')", "the server did not start: error: no room"),
        ("1 / 0", "the server did not start: ZeroDivisionError: division by zero"),
        ("", "the server did not start: it said nothing (exit status 0)"),
    ],
)
def test_a_server_that_does_not_start_is_quoted(code, why):
    with pytest.raises(ServerFailed) as caught, server_process(code):
        pass
    assert str(caught.value) == why
