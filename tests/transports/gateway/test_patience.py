"""Timeouts: connections without a pseudonym, idle clients, and clocks that jump."""

import pytest

from tests.support.gateway_fixture import GatewayFixture
from transports.gateway import CloseReason, Limits
from transports.gateway.connection_events import Ended

HELLO = '{"hello": 1, "name": "bob"}'

DAY = 86_400.0


def endings(chat: GatewayFixture) -> list[CloseReason]:
    return [event.reason for event in chat.events if isinstance(event, Ended)]


def test_a_newcomer_without_a_pseudonym_in_time_is_disconnected() -> None:
    chat = GatewayFixture(limits=Limits())
    number = chat.connect()
    chat.wait(59.0)
    assert number in chat.open
    chat.wait(1.0)
    assert chat.read(number)[-1] == "* You did not choose a pseudonym in time. Reconnect to try again."
    assert endings(chat) == [CloseReason.NO_NAME]


def test_one_byte_per_second_does_not_extend_the_registration_time() -> None:
    chat = GatewayFixture(limits=Limits())
    number = chat.connect()
    for _ in range(61):
        chat.send(number, b"x")
        chat.wait(1.0)
    assert endings(chat) == [CloseReason.NO_NAME]


@pytest.mark.parametrize("line", ["help", "<", '{"type":"pong"}', '{"hello":1,"name":"<"}'])
def test_a_flood_of_invalid_pseudonyms_does_not_extend_the_registration_time(line: str) -> None:
    chat = GatewayFixture(limits=Limits())
    number = chat.connect()
    chat.send(number, f"{line}\n".encode() * 500)
    assert number in chat.paused
    chat.wait(61.0)
    assert endings(chat) == [CloseReason.NO_NAME]
    assert chat.gateway.next_deadline() is None


def test_an_idle_text_client_is_asked_to_press_return_and_stays_if_it_does() -> None:
    chat = GatewayFixture(limits=Limits())
    (ada,) = chat.enter("ada")
    chat.wait(1799.0)
    assert chat.read(ada) == []
    chat.wait(1.0)
    assert chat.read(ada) == ["* Are you still there? Press return within 60 s to stay."]
    chat.wait(59.0)
    chat.send(ada, b"\n")
    chat.wait(1799.0)
    assert chat.read(ada) == []
    chat.wait(61.0)
    assert chat.read(ada)[-1] == "* No reply. Goodbye."
    assert endings(chat) == [CloseReason.IDLE]


def test_an_idle_json_client_is_pinged_sooner_and_stays_if_it_answers() -> None:
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


def test_half_a_line_counts_as_input() -> None:
    chat = GatewayFixture(limits=Limits())
    (ada,) = chat.enter("ada")
    chat.wait(1830.0)
    chat.send(ada, b"hel")
    chat.wait(60.0)
    assert ada in chat.open


def test_the_partner_of_a_user_who_times_out_searches_again() -> None:
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


def test_a_connection_that_was_paused_has_not_been_idle() -> None:
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


def test_without_limits_no_connection_times_out() -> None:
    chat = GatewayFixture()
    (ada,) = chat.enter("ada")
    chat.connect()
    assert chat.gateway.next_deadline() is None
    assert ada in chat.open


def test_after_the_clock_jumps_ahead_a_day_clients_are_pinged_before_they_are_disconnected() -> None:
    chat = GatewayFixture(limits=Limits())
    ada, _ = chat.enter("ada", "bob")
    chat.now += DAY
    chat.tick()
    assert chat.read(ada)[-1].startswith("* Are you still there?")
    chat.send(ada, b"\n")
    chat.wait(60.0)
    assert set(chat.open) == {ada}


def test_after_the_clock_jumps_back_a_day_users_still_talk_and_meet() -> None:
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


def test_pairings_that_were_due_while_the_server_was_suspended_happen_at_once() -> None:
    chat = GatewayFixture("waves:every=5")
    ada, bob = chat.enter("ada", "bob")
    for number in (ada, bob):
        chat.type(number, "start")
    chat.now += 15.0
    chat.tick()
    assert chat.gateway.roulette.partner(ada) == bob
