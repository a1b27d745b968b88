"""The whole server without a socket: what everybody reads, whatever anybody sends."""

from roulette_core import Roulette, State
from tests.support.gateway_fixture import Room
from transports.gateway import Gateway


def test_two_people_meet_talk_and_part() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.type(ada, "hello all")
    assert room.read(bob) == ["<ada> hello all"]
    room.type(ada, "start")
    assert room.read(ada) == [
        "* Searching for a partner.",
        "* Waiting: nobody else is waiting.",
        "* Type to talk in the lobby, or: lobby, close, help.",
    ]
    room.type(bob, "still here?", "start")
    assert room.read(bob) == [
        "* Searching for a partner.",
        "* You are in private with <ada>.",
        "* Only <ada> sees what you type. Type to talk, or: next, lobby, close, help.",
    ]
    assert room.read(ada) == [
        "<bob> still here?",
        "* You are in private with <bob>.",
        "* Only <bob> sees what you type. Type to talk, or: next, lobby, close, help.",
    ]
    (carol,) = room.enter("carol")
    room.type(ada, "between us")
    room.type(carol, "anybody?")
    assert (room.read(bob), room.read(ada), room.read(carol)) == (["<ada> between us"], [], [])
    room.type(ada, "lobby")
    assert room.read(ada) == [
        "* You have left <bob>.",
        "* You are in the lobby (others: 2). Type to talk, or: start, close, help.",
    ]
    assert room.read(bob)[:2] == ["* <ada> has gone back to the lobby.", "* Waiting: nobody else is waiting."]
    room.type(ada, "close")
    assert room.read(ada) == ["* Goodbye."]
    assert room.closed == {ada}
    assert room.read(bob) == room.read(carol) == ["* <ada> has left."]


def test_next_puts_both_back_and_with_somebody_else() -> None:
    room = Room()
    ada, bob, carol = room.enter("ada", "bob", "carol")
    room.type(ada, "start")
    room.type(bob, "start")
    room.forget()
    room.type(bob, "next")
    assert room.read(ada)[:2] == [
        "* <bob> has moved on.",
        "* Waiting: the only other person waiting is your last partner.",
    ]
    room.type(carol, "start")
    assert "* You are in private with <ada>." in room.read(carol)


def test_searching_people_still_read_and_write_in_the_lobby() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.type(ada, "start", "while I wait")
    room.type(bob, "yes")
    assert room.spoken(bob) == ["<ada> while I wait"]
    assert room.spoken(ada) == ["<bob> yes"]


def test_what_cannot_be_done_is_refused_with_what_can() -> None:
    room = Room()
    (ada,) = room.enter("ada")
    room.type(ada, "next")
    assert room.read(ada) == [
        "* You are not in private.",
        "* You are in the lobby (others: 0). Type to talk, or: start, close, help.",
    ]
    room.type(ada, "start a b c d e f")
    assert room.gateway.roulette.state(ada) is State.LOBBY
    assert "at most 5 interests" in room.read(ada)[0]


def test_before_there_is_a_pseudonym_nothing_but_help_and_close_is_done() -> None:
    room = Room()
    number = room.connect()
    assert room.read(number) == ["* Welcome to ChatRoulette. Type your pseudonym. (En français : /lang fr)"]
    room.type(number, "", "   ", "help")
    assert room.read(number)[1].startswith("* start ")
    room.type(number, "start")
    assert room.read(number) == ["* That is a command. Type your pseudonym first, or close to quit."]
    room.type(number, "Next", "*", "x" * 33)
    assert sum("Invalid pseudonym" in line for line in room.read(number)) == 3
    assert room.journal == []
    room.type(number, "close", "ada")
    assert room.closed == {number}
    assert room.journal == []


def test_an_overlong_line_is_refused_once_and_the_next_is_heard() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    for _ in range(5):
        room.send(ada, b"x" * 2000)
    room.send(ada, b"\nshort\n")
    assert room.read(ada) == ["* Line not sent: it is longer than 4096 bytes. Send it in parts."]
    assert room.read(bob) == ["<ada> short"]


def test_people_with_a_common_interest_meet() -> None:
    room = Room("interests")
    ada, bob, carol = room.enter("ada", "bob", "carol")
    room.type(ada, "start Chess music")
    room.type(bob, "start go")
    room.type(carol, "start chess")
    assert room.gateway.roulette.partner(ada) == carol
    room.type(bob, "lobby")


def test_by_the_passing_of_time_alone_two_can_meet() -> None:
    room = Room("waves:every=5")
    ada, bob = room.enter("ada", "bob")
    room.now = 1.0
    room.type(ada, "start")
    room.type(bob, "start")
    assert room.gateway.next_deadline() == 5.0
    room.tick()
    assert "* You are in private with <bob>." in room.read(ada)
    assert room.gateway.next_deadline() is None


def test_an_event_after_a_missed_deadline_brings_the_pairing_before_itself() -> None:
    room = Room("waves:every=5")
    ada, bob = room.enter("ada", "bob")
    room.type(ada, "start")
    room.type(bob, "start")
    room.forget()
    room.now = 6.0
    room.vanish(ada)
    assert room.read(ada) == []
    assert room.read(bob)[:3] == [
        "* You are in private with <ada>.",
        "* Only <ada> sees what you type. Type to talk, or: next, lobby, close, help.",
        "* <ada> has quit.",
    ]


def test_a_clock_that_jumps_back_stands_still() -> None:
    room = Room()
    room.now = 100.0
    ada, bob = room.enter("ada", "bob")
    room.now = 50.0
    room.type(ada, "hello")
    assert room.read(bob) == ["<ada> hello"]


def test_when_the_server_stops_everybody_is_told_and_latecomers_are_turned_away() -> None:
    room = Room("waves")
    ada, bob = room.enter("ada", "bob")
    nameless = room.connect()
    room.type(ada, "start")
    room.type(bob, "start")
    room.forget()
    room.carry(room.gateway.goodbye(1.0))
    assert room.read(ada) == room.read(nameless) == ["* The server is shutting down. Goodbye."]
    assert room.closed == {ada, bob, nameless}
    assert room.gateway.next_deadline() is None
    assert len(room.gateway) == 0
    for outputs in (room.gateway.tick(99.0), room.gateway.received(ada, b"hello\n", 99.0)):
        assert outputs == []
    late = room.connect()
    assert room.read(late) == ["* The server is shutting down. Goodbye."]
    assert late in room.closed


def test_a_line_for_the_lobby_is_encoded_once() -> None:
    gateway = Gateway(Roulette())
    for number in range(5):
        gateway.connected(number, 0.0)
        gateway.received(number, f"user{number}\n".encode(), 0.0)
    outputs = gateway.received(0, b"hello\n", 0.0)
    assert [number for number, _ in outputs] == [1, 2, 3, 4]
    assert len({id(data) for _, data in outputs}) == 1
