"""Who is let in, and who is sent away."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.gateway_fixture import Room
from transports.gateway import CloseReason, Limits
from transports.gateway.connection_events import Ended, TurnedAway

HOME, SITE = ip_network("192.0.2.0/24"), ip_network("2001:db8::/64")


def turned_away(room: Room) -> list[CloseReason]:
    return [event.reason for event in room.events if isinstance(event, TurnedAway)]


def test_there_is_room_for_so_many_and_again_when_somebody_leaves() -> None:
    room = Room(limits=Limits(users=2))
    ada = room.connect()
    room.connect()
    late = room.connect()
    assert room.read(late) == ["* The server is full. Try again later."]
    assert room.closed == {late}
    room.vanish(ada)
    assert room.connect() in room.open
    assert turned_away(room) == [CloseReason.FULL]


def test_so_many_may_come_from_one_address_and_elsewhere_nobody_is_hindered() -> None:
    room = Room(limits=Limits(per_address=2))
    for _ in range(3):
        last = room.connect("192.0.2.1")
    assert room.read(last) == ["* Too many connections from your address. Close one and try again."]
    assert room.connect("192.0.2.2") in room.open
    assert room.connect() in room.open
    room.vanish(1)
    assert room.connect("192.0.2.1") in room.open


def test_the_first_64_bits_of_an_ipv6_address_are_one_place() -> None:
    room = Room(limits=Limits(per_address=2))
    for host in range(1, 4):
        last = room.connect(f"2001:db8::{host:x}:1")
    assert last in room.closed
    assert room.connect("2001:db8:0:1::1") in room.open


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_connections_from_this_machine_are_not_counted(address: str) -> None:
    room = Room(limits=Limits(per_address=1))
    for _ in range(5):
        assert room.connect(address) in room.open


def test_no_limit_is_no_limit() -> None:
    room = Room(limits=Limits(users=0, per_address=0))
    for _ in range(50):
        assert room.connect("192.0.2.1") in room.open


def test_whoever_is_kicked_is_told_and_the_partner_searches_again() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    for number in (ada, bob):
        room.type(number, "start")
    room.forget()
    room.carry(room.gateway.kick(ada, room.now))
    assert room.read(ada) == ["* The operator has disconnected you."]
    assert room.read(bob)[:2] == ["* <ada> has quit.", "* <ada> has left."]
    assert room.events[-1] == Ended(ada, CloseReason.KICKED, "ada")
    assert room.enter("ada")[0] in room.open, "to be kicked is not to be banned"


def test_a_ban_sends_away_who_is_there_with_a_pseudonym_or_without_and_keeps_out_who_comes() -> None:
    room = Room()
    numbers = [room.connect(address) for address in ("192.0.2.1", "192.0.2.200", "198.51.100.1", "2001:db8::1", "")]
    room.type(numbers[0], "ada")
    room.ban(HOME)
    room.ban(SITE)
    assert room.closed == {numbers[0], numbers[1], numbers[3]}
    assert room.read(numbers[1])[-1] == "* Your address is banned from this server."
    assert room.connect("192.0.2.7") in room.closed
    assert room.connect("198.51.100.1") in room.open
    assert room.gateway.bans() == [HOME, SITE]
    room.check()


def test_who_was_banned_may_come_again_once_the_ban_is_ended() -> None:
    room = Room()
    room.ban(HOME)
    room.unban(HOME)
    assert room.connect("192.0.2.7") in room.open
    assert not room.gateway.unban(HOME)


def test_two_who_are_banned_while_they_talk_are_both_sent_away_and_nothing_is_told_to_either() -> None:
    room = Room()
    numbers = [room.connect("192.0.2.1") for _ in range(2)]
    for number, name in zip(numbers, ("ada", "bob"), strict=True):
        room.type(number, name, "start")
    room.forget()
    room.ban(HOME)
    assert room.read(numbers[0]) == ["* Your address is banned from this server."]
    assert room.read(numbers[1])[-1] == "* Your address is banned from this server."
    assert len(room.gateway.roulette) == 0


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["", "192.0.2.1", "192.0.2.2", "2001:db8::1", "::1"]))))
def test_whoever_comes_and_goes_the_count_is_right(steps: list[tuple[bool, str]]) -> None:
    room = Room(limits=Limits(users=6, per_address=2))
    for comes, address in steps:
        if comes:
            room.connect(address)
        elif room.open:
            room.vanish(min(room.open))
        room.check()
