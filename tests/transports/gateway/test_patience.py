"""Who says nothing: newcomers without a pseudonym, people and programs that may be gone, and clocks that jump."""

import pytest

from tests.support.gateway_fixture import Room
from transports.gateway import CloseReason, Limits
from transports.gateway.connection_events import Ended

HELLO = '{"hello": 1, "name": "bob"}'

DAY = 86_400.0


def endings(room: Room) -> list[CloseReason]:
    return [event.reason for event in room.events if isinstance(event, Ended)]


def test_a_newcomer_who_gives_no_pseudonym_in_time_is_sent_away() -> None:
    room = Room(limits=Limits())
    number = room.connect()
    room.wait(59.0)
    assert number in room.open
    room.wait(1.0)
    assert room.read(number)[-1] == "* You did not choose a pseudonym in time. Reconnect to try again."
    assert endings(room) == [CloseReason.NO_NAME]


def test_one_byte_a_second_gives_nobody_more_time() -> None:
    room = Room(limits=Limits())
    number = room.connect()
    for _ in range(61):
        room.send(number, b"x")
        room.wait(1.0)
    assert endings(room) == [CloseReason.NO_NAME]


@pytest.mark.parametrize("line", ["help", "<", '{"type":"pong"}', '{"hello":1,"name":"<"}'])
def test_a_flood_of_lines_that_are_no_pseudonym_gives_nobody_more_time(line: str) -> None:
    room = Room(limits=Limits())
    number = room.connect()
    room.send(number, f"{line}\n".encode() * 500)
    assert number in room.paused
    room.wait(61.0)
    assert endings(room) == [CloseReason.NO_NAME]
    assert room.gateway.next_deadline() is None


def test_a_person_is_asked_to_press_return_and_stays_by_doing_so() -> None:
    room = Room(limits=Limits())
    (ada,) = room.enter("ada")
    room.wait(1799.0)
    assert room.read(ada) == []
    room.wait(1.0)
    assert room.read(ada) == ["* Are you still there? Press return within 60 seconds to stay."]
    room.wait(59.0)
    room.send(ada, b"\n")
    room.wait(1799.0)
    assert room.read(ada) == []
    room.wait(61.0)
    assert room.read(ada)[-1] == "* No reply. Goodbye."
    assert endings(room) == [CloseReason.IDLE]


def test_a_program_is_pinged_sooner_and_stays_by_pong() -> None:
    room = Room(limits=Limits())
    bob = room.connect()
    room.type(bob, HELLO)
    room.forget()
    for _ in range(5):
        room.wait(120.0)
        assert room.read(bob) == ['{"type":"ping"}']
        room.type(bob, '{"type":"pong"}')
    room.wait(180.0)
    assert '"reason":"idle"' in room.read(bob)[-1]


def test_half_a_line_is_a_sign_of_life() -> None:
    room = Room(limits=Limits())
    (ada,) = room.enter("ada")
    room.wait(1830.0)
    room.send(ada, b"hel")
    room.wait(60.0)
    assert ada in room.open


def test_whoever_goes_silent_in_private_leaves_a_partner_who_searches_again() -> None:
    room = Room(limits=Limits())
    ada, bob = room.enter("ada", "bob")
    room.wait(900.0)
    for number in (ada, bob):
        room.type(number, "start")
    room.wait(1800.0)
    room.send(bob, b"\n")
    room.forget()
    room.wait(60.0)
    assert room.read(bob)[:2] == ["* <ada> has quit.", "* <ada> has left."]


def test_who_was_not_read_from_for_long_has_not_been_silent() -> None:
    room = Room(limits=Limits(ping=30.0, rate=1.0, burst=2.0))
    bob = room.connect()
    room.type(bob, HELLO)
    room.send(bob, b'{"type":"pong"}\n' * 100)
    room.forget()
    room.wait(100.0)
    assert room.read(bob) == []
    assert bob not in room.paused
    room.wait(30.0)
    assert room.read(bob) == ['{"type":"ping"}']


def test_without_limits_nobody_ever_loses_patience() -> None:
    room = Room()
    (ada,) = room.enter("ada")
    room.connect()
    assert room.gateway.next_deadline() is None
    assert ada in room.open


def test_after_a_clock_has_jumped_ahead_a_day_everybody_is_asked_before_they_are_dropped() -> None:
    room = Room(limits=Limits())
    ada, _ = room.enter("ada", "bob")
    room.now += DAY
    room.tick()
    assert room.read(ada)[-1].startswith("* Are you still there?")
    room.send(ada, b"\n")
    room.wait(60.0)
    assert set(room.open) == {ada}


def test_after_a_clock_has_jumped_back_a_day_people_go_on_talking_and_meeting() -> None:
    room = Room(limits=Limits())
    room.now = 2 * DAY
    ada, bob = room.enter("ada", "bob")
    room.now -= DAY
    for line in ("hello", "start"):
        for number in (ada, bob):
            room.type(number, line)
            room.now += 5.0
    assert room.gateway.roulette.partner(ada) == bob
    assert "<bob> hello" in room.read(ada)
    room.now += DAY
    room.type(ada, "back again")
    assert "<ada> back again" in room.read(bob)


def test_pairings_that_were_due_while_the_server_was_stopped_happen_at_once() -> None:
    room = Room("waves:every=5")
    ada, bob = room.enter("ada", "bob")
    for number in (ada, bob):
        room.type(number, "start")
    room.now += 15.0
    room.tick()
    assert room.gateway.roulette.partner(ada) == bob
