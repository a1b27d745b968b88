"""Who says nothing: newcomers without a pseudonym, people and programs that may be gone, and clocks that jump."""

import pytest

from tests.support.gateway_fixture import GatewayFixture
from transports.gateway import CloseReason, Limits
from transports.gateway.connection_events import Ended

HELLO = '{"hello": 1, "name": "bob"}'

DAY = 86_400.0


def endings(chat: GatewayFixture) -> list[CloseReason]:
    return [event.reason for event in chat.events if isinstance(event, Ended)]


def test_a_newcomer_who_gives_no_pseudonym_in_time_is_sent_away() -> None:
    chat = GatewayFixture(limits=Limits())
    number = chat.connect()
    chat.wait(59.0)
    assert number in chat.open
    chat.wait(1.0)
    assert chat.read(number)[-1] == "* You did not choose a pseudonym in time. Reconnect to try again."
    assert endings(chat) == [CloseReason.NO_NAME]


def test_one_byte_a_second_gives_nobody_more_time() -> None:
    chat = GatewayFixture(limits=Limits())
    number = chat.connect()
    for _ in range(61):
        chat.send(number, b"x")
        chat.wait(1.0)
    assert endings(chat) == [CloseReason.NO_NAME]


@pytest.mark.parametrize("line", ["help", "<", '{"type":"pong"}', '{"hello":1,"name":"<"}'])
def test_a_flood_of_lines_that_are_no_pseudonym_gives_nobody_more_time(line: str) -> None:
    chat = GatewayFixture(limits=Limits())
    number = chat.connect()
    chat.send(number, f"{line}\n".encode() * 500)
    assert number in chat.paused
    chat.wait(61.0)
    assert endings(chat) == [CloseReason.NO_NAME]
    assert chat.gateway.next_deadline() is None


def test_a_person_is_asked_to_press_return_and_stays_by_doing_so() -> None:
    chat = GatewayFixture(limits=Limits())
    (ada,) = chat.enter("ada")
    chat.wait(1799.0)
    assert chat.read(ada) == []
    chat.wait(1.0)
    assert chat.read(ada) == ["* Are you still there? Press return within 60 seconds to stay."]
    chat.wait(59.0)
    chat.send(ada, b"\n")
    chat.wait(1799.0)
    assert chat.read(ada) == []
    chat.wait(61.0)
    assert chat.read(ada)[-1] == "* No reply. Goodbye."
    assert endings(chat) == [CloseReason.IDLE]


def test_a_program_is_pinged_sooner_and_stays_by_pong() -> None:
    chat = GatewayFixture(limits=Limits())
    bob = chat.connect()
    chat.type(bob, HELLO)
    chat.forget()
    for _ in range(5):
        chat.wait(120.0)
        assert chat.read(bob) == ['{"type":"ping"}']
        chat.type(bob, '{"type":"pong"}')
    chat.wait(180.0)
    assert '"reason":"idle"' in chat.read(bob)[-1]


def test_half_a_line_is_a_sign_of_life() -> None:
    chat = GatewayFixture(limits=Limits())
    (ada,) = chat.enter("ada")
    chat.wait(1830.0)
    chat.send(ada, b"hel")
    chat.wait(60.0)
    assert ada in chat.open


def test_whoever_goes_silent_in_private_leaves_a_partner_who_searches_again() -> None:
    chat = GatewayFixture(limits=Limits())
    ada, bob = chat.enter("ada", "bob")
    chat.wait(900.0)
    for number in (ada, bob):
        chat.type(number, "start")
    chat.wait(1800.0)
    chat.send(bob, b"\n")
    chat.forget()
    chat.wait(60.0)
    assert chat.read(bob)[:2] == ["* <ada> has quit.", "* <ada> has left."]


def test_who_was_not_read_from_for_long_has_not_been_silent() -> None:
    chat = GatewayFixture(limits=Limits(ping=30.0, rate=1.0, burst=2.0))
    bob = chat.connect()
    chat.type(bob, HELLO)
    chat.send(bob, b'{"type":"pong"}\n' * 100)
    chat.forget()
    chat.wait(100.0)
    assert chat.read(bob) == []
    assert bob not in chat.paused
    chat.wait(30.0)
    assert chat.read(bob) == ['{"type":"ping"}']


def test_without_limits_nobody_ever_loses_patience() -> None:
    chat = GatewayFixture()
    (ada,) = chat.enter("ada")
    chat.connect()
    assert chat.gateway.next_deadline() is None
    assert ada in chat.open


def test_after_a_clock_has_jumped_ahead_a_day_everybody_is_asked_before_they_are_dropped() -> None:
    chat = GatewayFixture(limits=Limits())
    ada, _ = chat.enter("ada", "bob")
    chat.now += DAY
    chat.tick()
    assert chat.read(ada)[-1].startswith("* Are you still there?")
    chat.send(ada, b"\n")
    chat.wait(60.0)
    assert set(chat.open) == {ada}


def test_after_a_clock_has_jumped_back_a_day_people_go_on_talking_and_meeting() -> None:
    chat = GatewayFixture(limits=Limits())
    chat.now = 2 * DAY
    ada, bob = chat.enter("ada", "bob")
    chat.now -= DAY
    for line in ("hello", "start"):
        for number in (ada, bob):
            chat.type(number, line)
            chat.now += 5.0
    assert chat.gateway.roulette.partner(ada) == bob
    assert "<bob> hello" in chat.read(ada)
    chat.now += DAY
    chat.type(ada, "back again")
    assert "<ada> back again" in chat.read(bob)


def test_pairings_that_were_due_while_the_server_was_stopped_happen_at_once() -> None:
    chat = GatewayFixture("waves:every=5")
    ada, bob = chat.enter("ada", "bob")
    for number in (ada, bob):
        chat.type(number, "start")
    chat.now += 15.0
    chat.tick()
    assert chat.gateway.roulette.partner(ada) == bob
