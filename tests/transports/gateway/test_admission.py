"""Admission: limits, kicks and bans."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.gateway_fixture import GatewayFixture
from transports.gateway import CloseReason, Limits
from transports.gateway.connection_events import Ended, TurnedAway

HOME, SITE = ip_network("192.0.2.0/24"), ip_network("2001:db8::/64")


def turned_away(chat: GatewayFixture) -> list[CloseReason]:
    return [event.reason for event in chat.events if isinstance(event, TurnedAway)]


def test_the_limit_of_connections_holds_and_a_departure_frees_a_place() -> None:
    chat = GatewayFixture(limits=Limits(users=2))
    ada = chat.connect()
    chat.connect()
    late = chat.connect()
    assert chat.read(late) == ["* The server is full. Try again later."]
    assert chat.closed == {late}
    chat.vanish(ada)
    assert chat.connect() in chat.open
    assert turned_away(chat) == [CloseReason.FULL]


def test_the_limit_per_address_holds_and_other_addresses_are_unaffected() -> None:
    chat = GatewayFixture(limits=Limits(per_address=2))
    for _ in range(3):
        last = chat.connect("192.0.2.1")
    assert chat.read(last) == ["* Too many connections from your address. Close one and try again."]
    assert chat.connect("192.0.2.2") in chat.open
    assert chat.connect() in chat.open
    chat.vanish(1)
    assert chat.connect("192.0.2.1") in chat.open


def test_the_first_64_bits_of_an_ipv6_address_count_as_one_address() -> None:
    chat = GatewayFixture(limits=Limits(per_address=2))
    for host in range(1, 4):
        last = chat.connect(f"2001:db8::{host:x}:1")
    assert last in chat.closed
    assert chat.connect("2001:db8:0:1::1") in chat.open


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_connections_from_this_machine_are_not_counted(address: str) -> None:
    chat = GatewayFixture(limits=Limits(per_address=1))
    for _ in range(5):
        assert chat.connect(address) in chat.open


def test_no_limit_is_no_limit() -> None:
    chat = GatewayFixture(limits=Limits(users=0, per_address=0))
    for _ in range(50):
        assert chat.connect("192.0.2.1") in chat.open


def test_a_kicked_user_is_told_and_the_partner_searches_again() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    for number in (ada, bob):
        chat.type(number, "start")
    chat.forget()
    chat.carry(chat.gateway.kick(ada, chat.now))
    assert chat.read(ada) == ["* The operator has disconnected you."]
    assert chat.read(bob)[:2] == ["* <ada> has quit.", "* <ada> has left."]
    assert chat.events[-1] == Ended(ada, CloseReason.KICKED, "ada")
    assert chat.enter("ada")[0] in chat.open, "to be kicked is not to be banned"


def test_a_ban_disconnects_users_and_nameless_connections_and_turns_new_ones_away() -> None:
    chat = GatewayFixture()
    numbers = [chat.connect(address) for address in ("192.0.2.1", "192.0.2.200", "198.51.100.1", "2001:db8::1", "")]
    chat.type(numbers[0], "ada")
    chat.ban(HOME)
    chat.ban(SITE)
    assert chat.closed == {numbers[0], numbers[1], numbers[3]}
    assert chat.read(numbers[1])[-1] == "* Your address is banned from this server."
    assert chat.connect("192.0.2.7") in chat.closed
    assert chat.connect("198.51.100.1") in chat.open
    assert chat.gateway.bans() == [HOME, SITE]
    chat.check()


def test_a_banned_user_may_return_once_the_ban_is_ended() -> None:
    chat = GatewayFixture()
    chat.ban(HOME)
    chat.unban(HOME)
    assert chat.connect("192.0.2.7") in chat.open
    assert not chat.gateway.unban(HOME)


def test_two_partners_who_are_banned_are_both_disconnected_and_told_nothing_else() -> None:
    chat = GatewayFixture()
    numbers = [chat.connect("192.0.2.1") for _ in range(2)]
    for number, name in zip(numbers, ("ada", "bob"), strict=True):
        chat.type(number, name, "start")
    chat.forget()
    chat.ban(HOME)
    assert chat.read(numbers[0]) == ["* Your address is banned from this server."]
    assert chat.read(numbers[1])[-1] == "* Your address is banned from this server."
    assert len(chat.gateway.roulette) == 0


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["", "192.0.2.1", "192.0.2.2", "2001:db8::1", "::1"]))))
def test_the_count_is_right_whatever_connects_and_disconnects(steps: list[tuple[bool, str]]) -> None:
    chat = GatewayFixture(limits=Limits(users=6, per_address=2))
    for comes, address in steps:
        if comes:
            chat.connect(address)
        elif chat.open:
            chat.vanish(min(chat.open))
        chat.check()
