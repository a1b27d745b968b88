"""The clients of the load verify what they hear: every planted fault of a server is found."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from benchmarks.load import UNLIMITED, load_test
from benchmarks.load.clients import Load, Wrong
from benchmarks.load.tasks import Change, Pace, Talk
from transports.dialects.text import TextDialect
from transports.dialects.wording import ENGLISH, Message
from transports.load import ServerFailed, measured_server


def test_two_hundred_chat_and_change_and_each_line_is_heard_once_and_in_order():
    """The real server over real sockets; the clients raise ``Wrong`` at the first line that is not the next."""
    with measured_server(**UNLIMITED) as server, contextlib.closing(Load(server.port)) as load:
        load.enter(200)
        clients = load.clients.values()
        for task in (Talk(), Change(), Talk(), Pace(0.2), Change()):
            load.run(task, 0.4)
            assert sum(client.partner is not None for client in clients) >= 198
        assert sum(client.sent for client in clients) > 2_000
        assert all(client.sent == client.delivered for client in clients)


def test_a_load_test_reports_work_and_processor_time():
    with load_test(202, **UNLIMITED) as there:
        talk, change = there.talk(0.3), there.change(0.3)
        assert talk.amount > 1_000
        assert change.amount > 100
        assert 0 < talk.cpu_seconds < 2 * talk.seconds


def test_a_load_test_measures_delays_with_and_without_noisy_neighbours():
    with load_test(202) as there:
        for disturbed in (False, True, True, False):
            assert there.delay(0.2, disturbed) > 0


def test_a_server_that_ends_during_a_load_test_says_why():
    with pytest.raises(ServerFailed, match="signal 9"), load_test(202) as there:
        there.server.process.kill()
        there.talk(1.0)


def told(message: Message, name: str) -> bytes:
    """What a server tells a client."""
    return TextDialect(ENGLISH).notice(message, name=name)


@pytest.fixture
def pair() -> Iterator[tuple[Load, socket.socket, socket.socket]]:
    """A load of two clients, in private with each other, and the server's ends of their connections."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ends: list[socket.socket] = []

        def greet() -> None:
            for number in range(2):
                end, _ = listening.accept()
                ends.append(end)
                end.sendall(told(Message.WELCOME, f"u{number}") + told(Message.PAIRED, f"u{1 - number}"))

        thread = threading.Thread(target=greet)
        thread.start()
        with contextlib.closing(Load(listening.getsockname()[1])) as load:
            load.enter(2)
            thread.join()
            load.wait_for(lambda: all(client.partner for client in load.clients.values()), "partners")
            yield load, *ends
        for end in ends:
            end.close()


ERRORS: dict[str, Callable[[socket.socket], object]] = {
    "a line twice": lambda end: end.sendall(b"<u0> 1\r\n<u0> 1\r\n"),
    "a line missing": lambda end: end.sendall(b"<u0> 2\r\n"),
    "lines out of order": lambda end: end.sendall(b"<u0> 2\r\n<u0> 1\r\n"),
    "a line of another client": lambda end: end.sendall(b"<u7> 1\r\n"),
    "a line cut short": lambda end: end.sendall(b"<u0> \r\n"),
    "a second partner": lambda end: end.sendall(told(Message.PAIRED, "u0")),
    "the end": lambda end: end.shutdown(socket.SHUT_WR),
}


@pytest.mark.parametrize("error", ERRORS)
def test_the_planted_bug_is_found(pair, error):
    load, _, end = pair
    ERRORS[error](end)
    with pytest.raises(Wrong):
        load.run(Talk(), 5)


def test_a_line_that_never_comes_is_missed(pair, monkeypatch):
    monkeypatch.setattr("benchmarks.load.clients.PATIENCE", 0.1)
    with pytest.raises(Wrong, match="did not come"):
        pair[0].run(Talk(), 0.1)


def test_an_invented_line_is_noticed(pair):
    load, _, end = pair
    end.sendall(b"<u0> 1\r\n")
    with pytest.raises(Wrong, match="what nobody said"):
        load.run(Change(), 5)


def test_partners_who_are_not_each_others_are_noticed(pair, monkeypatch):
    monkeypatch.setattr("benchmarks.load.clients.PATIENCE", 0.1)
    load, _, end = pair
    end.sendall(told(Message.PARTNER_ASKED_NEXT, "u0"))
    first = load.clients["u1"]
    load.wait_for(lambda: first.partner is None, "the end of a pair")
    task = Change()
    task.begin(list(load.clients.values()), 0.0)
    assert not task.settled()
