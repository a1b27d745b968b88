"""Invalid input is answered; a client that sends nothing else is disconnected; no other user notices."""

import pytest

from roulette_core import State
from tests.support.gateway_fixture import UNHURRIED, GatewayFixture
from transports.gateway import CloseReason, Limits
from transports.gateway.connection_events import Ended
from transports.lines import LINE_LIMIT

PROGRAM = b'{"hello":1,"name":"bob"}\n'

TOO_LONG = b"x" * (LINE_LIMIT + 1) + b"\n"


def test_five_invalid_lines_in_a_row_end_the_connection() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    chat.send(ada, TOO_LONG * 4)
    assert ada in chat.open
    chat.send(ada, TOO_LONG)
    assert chat.read(ada)[-1] == "* Too many invalid lines. Goodbye."
    assert chat.events[-1] == Ended(ada, CloseReason.GARBAGE, "ada")
    assert chat.read(bob) == ["* <ada> has left."]


@pytest.mark.parametrize("sense", [b'{"type":"where"}\n', b"\n", b'{"hello":1}\n', b'{"type":"lang","lang":"xx"}\n'])
def test_a_valid_line_between_them_resets_the_count(sense: bytes) -> None:
    chat = GatewayFixture()
    bob = chat.connect()
    chat.send(bob, PROGRAM)
    for _ in range(5):
        chat.send(bob, b"?\n" * 4 + sense)
    assert bob in chat.open


def test_without_a_limit_invalid_lines_are_answered_for_ever() -> None:
    chat = GatewayFixture(limits=Limits(rate=0, garbage=0))
    (ada,) = chat.enter("ada")
    chat.send(ada, TOO_LONG * 50)
    assert len(chat.read(ada)) == 50
    assert ada in chat.open


def test_endless_input_without_a_newline_is_answered_once_and_ends_the_connection() -> None:
    chat = GatewayFixture()
    (ada,) = chat.enter("ada")
    sent = 0
    while ada in chat.open:
        chat.send(ada, b"x" * 1000)
        sent += 1000
    assert sent <= 6 * LINE_LIMIT
    assert len(chat.read(ada)) == 2


def test_a_line_without_end_takes_no_more_memory_than_the_limit() -> None:
    chat = GatewayFixture(limits=Limits(garbage=0))
    (ada,) = chat.enter("ada")
    for _ in range(100):
        chat.send(ada, b"x" * 1000)
        assert len(chat.gateway._sessions.open[ada].splitter._pending) <= LINE_LIMIT


def test_a_name_chosen_twice_at_the_same_time_goes_to_one_connection() -> None:
    chat = GatewayFixture()
    first, second = chat.connect(), chat.connect()
    for byte in b"ada\n":
        for number in (first, second):
            chat.send(number, bytes([byte]))
    assert chat.gateway.roulette.users() == [first]
    assert chat.read(second)[-1] == "* That pseudonym is taken. Type another."
    chat.type(second, " \uff21da ", "bob")
    assert chat.gateway.roulette.users() == [first, second]


def test_close_racing_with_next_tells_the_partner_once_whichever_comes_first() -> None:
    for order in ((0, 1), (1, 0)):
        chat = GatewayFixture()
        pair = chat.enter("ada", "bob")
        for number in pair:
            chat.type(number, "start")
        chat.forget()
        for turn in order:
            chat.type(pair[turn], ("close", "next")[turn])
        assert sum(line in ("* <ada> has quit.", "* You have left <ada>.") for line in chat.read(pair[1])) == 1
        assert chat.gateway.roulette.state(pair[1]) is State.SEARCHING


def test_a_flood_of_next_ends_one_chat_and_is_refused_from_there_on() -> None:
    chat = GatewayFixture("uniform:minimum=2", UNHURRIED)
    ada, bob = chat.enter("ada", "bob")
    for number in (ada, bob):
        chat.type(number, "start")
    chat.send(ada, b"next\n" * 100)
    chat.check()
    assert chat.gateway.roulette.partner(ada) == bob


@pytest.mark.parametrize(
    "nasty", [b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc2\x9b31m", "\u202e\u2066\u200b".encode()]
)
def test_bytes_that_break_terminals_and_decoders_arrive_as_harmless_text(nasty: bytes) -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    chat.send(ada, b"a" + nasty + b"b\r\n")
    (line,) = chat.spoken(bob)
    assert line.isprintable()
    assert line.startswith("<ada> a")
    assert line.endswith("b")


def test_hundreds_of_simultaneous_connections_that_are_reset_leave_nothing_behind() -> None:
    chat = GatewayFixture(limits=Limits())
    numbers = chat.enter(*(f"user{number}" for number in range(300)))
    for number in numbers:
        chat.type(number, "start")
    for number in numbers:
        chat.vanish(number)
    chat.check()
    assert len(chat.gateway) == 0
    assert chat.gateway.next_deadline() is None
    assert not chat.gateway._sessions.timers._heap
    assert not chat.gateway._outbox.users


def test_after_goodbye_every_call_of_the_driver_is_ignored() -> None:
    chat = GatewayFixture(limits=Limits())
    (ada,) = chat.enter("ada")
    chat.send(ada, b"hello\n" * 50)
    chat.stop()
    gateway = chat.gateway
    assert gateway.received(ada, b"hello\n", chat.now) == gateway.disconnected(ada, chat.now) == []
    assert gateway.tick(chat.now + 1e6) == gateway.say("hello", chat.now) == []
    assert gateway.next_deadline() is None
    assert chat.connect() in chat.closed
