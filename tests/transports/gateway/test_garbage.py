"""What makes no sense is answered, and whoever sends nothing else is sent away; nobody else notices."""

import pytest

from roulette_core import State
from tests.support.gateway_fixture import UNHURRIED, Room
from transports.gateway import CloseReason, Limits
from transports.gateway.connection_events import Ended
from transports.lines import LINE_LIMIT

PROGRAM = b'{"hello":1,"name":"bob"}\n'

TOO_LONG = b"x" * (LINE_LIMIT + 1) + b"\n"


def test_five_lines_in_a_row_that_make_no_sense_are_the_end() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.send(ada, TOO_LONG * 4)
    assert ada in room.open
    room.send(ada, TOO_LONG)
    assert room.read(ada)[-1] == "* Too many invalid lines. Goodbye."
    assert room.events[-1] == Ended(ada, CloseReason.GARBAGE, "ada")
    assert room.read(bob) == ["* <ada> has left."]


@pytest.mark.parametrize("sense", [b'{"type":"where"}\n', b"\n", b'{"hello":1}\n', b'{"type":"lang","lang":"xx"}\n'])
def test_anything_that_makes_sense_between_them_begins_the_count_anew(sense: bytes) -> None:
    room = Room()
    bob = room.connect()
    room.send(bob, PROGRAM)
    for _ in range(5):
        room.send(bob, b"?\n" * 4 + sense)
    assert bob in room.open


def test_where_there_is_no_limit_garbage_is_answered_for_ever() -> None:
    room = Room(limits=Limits(rate=0, garbage=0))
    (ada,) = room.enter("ada")
    room.send(ada, TOO_LONG * 50)
    assert len(room.read(ada)) == 50
    assert ada in room.open


def test_no_newline_for_ever_is_answered_once_and_is_the_end() -> None:
    room = Room()
    (ada,) = room.enter("ada")
    sent = 0
    while ada in room.open:
        room.send(ada, b"x" * 1000)
        sent += 1000
    assert sent <= 6 * LINE_LIMIT
    assert len(room.read(ada)) == 2


def test_a_line_without_end_takes_no_more_memory_than_the_limit() -> None:
    room = Room(limits=Limits(garbage=0))
    (ada,) = room.enter("ada")
    for _ in range(100):
        room.send(ada, b"x" * 1000)
        assert len(room.gateway._sessions.open[ada].splitter._pending) <= LINE_LIMIT


def test_a_name_twice_at_the_same_moment_is_had_by_one() -> None:
    room = Room()
    first, second = room.connect(), room.connect()
    for byte in b"ada\n":
        for number in (first, second):
            room.send(number, bytes([byte]))
    assert room.gateway.roulette.users() == [first]
    assert room.read(second)[-1] == "* That pseudonym is taken. Type another."
    room.type(second, " \uff21da ", "bob")
    assert room.gateway.roulette.users() == [first, second]


def test_close_racing_with_next_tells_the_partner_once_whichever_comes_first() -> None:
    for order in ((0, 1), (1, 0)):
        room = Room()
        pair = room.enter("ada", "bob")
        for number in pair:
            room.type(number, "start")
        room.forget()
        for turn in order:
            room.type(pair[turn], ("close", "next")[turn])
        assert sum(line in ("* <ada> has quit.", "* You have left <ada>.") for line in room.read(pair[1])) == 1
        assert room.gateway.roulette.state(pair[1]) is State.SEARCHING


def test_a_flood_of_next_ends_one_chat_and_is_refused_from_there_on() -> None:
    room = Room("uniform:minimum=2", UNHURRIED)
    ada, bob = room.enter("ada", "bob")
    for number in (ada, bob):
        room.type(number, "start")
    room.send(ada, b"next\n" * 100)
    room.check()
    assert room.gateway.roulette.partner(ada) == bob


@pytest.mark.parametrize(
    "nasty", [b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc2\x9b31m", "\u202e\u2066\u200b".encode()]
)
def test_bytes_that_break_terminals_and_decoders_arrive_as_harmless_text(nasty: bytes) -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.send(ada, b"a" + nasty + b"b\r\n")
    (line,) = room.spoken(bob)
    assert line.isprintable()
    assert line.startswith("<ada> a")
    assert line.endswith("b")


def test_hundreds_who_connect_at_once_and_are_reset_leave_nothing_behind() -> None:
    room = Room(limits=Limits())
    numbers = room.enter(*(f"user{number}" for number in range(300)))
    for number in numbers:
        room.type(number, "start")
    for number in numbers:
        room.vanish(number)
    room.check()
    assert len(room.gateway) == 0
    assert room.gateway.next_deadline() is None
    assert not room.gateway._sessions.timers._heap
    assert not room.gateway._outbox.users


def test_after_goodbye_nothing_that_the_driver_says_matters() -> None:
    room = Room(limits=Limits())
    (ada,) = room.enter("ada")
    room.send(ada, b"hello\n" * 50)
    room.stop()
    gateway = room.gateway
    assert gateway.received(ada, b"hello\n", room.now) == gateway.disconnected(ada, room.now) == []
    assert gateway.tick(room.now + 1e6) == gateway.say("hello", room.now) == []
    assert gateway.next_deadline() is None
    assert room.connect() in room.closed
