"""The whole server without a socket: the complete output for typical input."""

import json

from roulette_core import Roulette, State
from tests.support.gateway_fixture import GatewayFixture
from transports.gateway import Gateway


def test_two_users_meet_talk_and_part() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    chat.type(ada, "hello all")
    assert chat.read(bob) == ["<ada> hello all"]
    chat.type(ada, "start")
    assert chat.read(ada) == [
        "* Searching for a partner.",
        "* Waiting: nobody else is waiting.",
        "* Type to talk in the lobby, or: lobby, close, help.",
    ]
    chat.type(bob, "still here?", "start")
    assert chat.read(bob) == [
        "* Searching for a partner.",
        "* You are in private with <ada>.",
        "* Only <ada> sees what you type. Type to talk, or: next, lobby, close, help.",
    ]
    assert chat.read(ada) == [
        "<bob> still here?",
        "* You are in private with <bob>.",
        "* Only <bob> sees what you type. Type to talk, or: next, lobby, close, help.",
    ]
    (carol,) = chat.enter("carol")
    chat.type(ada, "between us")
    chat.type(carol, "anybody?")
    assert (chat.read(bob), chat.read(ada), chat.read(carol)) == (["<ada> between us"], [], [])
    chat.type(ada, "lobby")
    assert chat.read(ada) == [
        "* You have left <bob>.",
        "* You are in the lobby (others: 2). Type to talk, or: start, close, help.",
    ]
    assert chat.read(bob)[:2] == ["* <ada> has gone back to the lobby.", "* Waiting: nobody else is waiting."]
    chat.type(ada, "close")
    assert chat.read(ada) == ["* Goodbye."]
    assert chat.closed == {ada}
    assert chat.read(bob) == chat.read(carol) == ["* <ada> has left."]


def test_next_puts_both_back_and_pairs_them_with_others() -> None:
    chat = GatewayFixture()
    ada, bob, carol = chat.enter("ada", "bob", "carol")
    chat.type(ada, "start")
    chat.type(bob, "start")
    chat.forget()
    chat.type(bob, "next")
    assert chat.read(ada)[:2] == [
        "* <bob> has moved on.",
        "* Waiting: the only other person waiting is your last partner.",
    ]
    chat.type(carol, "start")
    assert "* You are in private with <ada>." in chat.read(carol)


def test_searching_users_still_read_and_write_in_the_lobby() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    chat.type(ada, "start", "while I wait")
    chat.type(bob, "yes")
    assert chat.spoken(bob) == ["<ada> while I wait"]
    assert chat.spoken(ada) == ["<bob> yes"]


def test_a_refusal_is_followed_by_what_the_user_can_do() -> None:
    chat = GatewayFixture()
    (ada,) = chat.enter("ada")
    chat.type(ada, "next")
    assert chat.read(ada) == [
        "* You are not in private.",
        "* You are in the lobby (others: 0). Type to talk, or: start, close, help.",
    ]
    chat.type(ada, "start a b c d e f")
    assert chat.gateway.roulette.state(ada) is State.LOBBY
    assert "too many interests" in chat.read(ada)[0]


def test_before_a_pseudonym_only_help_and_close_are_carried_out() -> None:
    chat = GatewayFixture()
    number = chat.connect()
    assert chat.read(number) == ["* Welcome to ChatRoulette. Type your pseudonym. (En français : /lang fr)"]
    chat.type(number, "", "   ", "help")
    assert chat.read(number)[1].startswith("* start ")
    chat.type(number, "start")
    assert chat.read(number) == ["* That is a command. Type your pseudonym first, or close to quit."]
    chat.type(number, "Next", "*", "x" * 33)
    assert sum("Invalid pseudonym" in line for line in chat.read(number)) == 3
    assert chat.journal == []
    chat.type(number, "close", "ada")
    assert chat.closed == {number}
    assert chat.journal == []


def test_an_overlong_line_is_refused_once_and_the_next_is_handled() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    for _ in range(5):
        chat.send(ada, b"x" * 2000)
    chat.send(ada, b"\nshort\n")
    assert chat.read(ada) == ["* Line not sent: it is longer than 4096 bytes. Send it in parts."]
    assert chat.read(bob) == ["<ada> short"]


def test_users_with_a_common_interest_meet() -> None:
    chat = GatewayFixture("interests")
    ada, bob, carol = chat.enter("ada", "bob", "carol")
    chat.type(ada, "start Chess music")
    chat.type(bob, "start go")
    chat.type(carol, "start chess")
    assert chat.gateway.roulette.partner(ada) == carol
    chat.type(bob, "lobby")


def test_two_users_can_be_paired_by_time_alone() -> None:
    chat = GatewayFixture("waves:every=5")
    ada, bob = chat.enter("ada", "bob")
    chat.now = 1.0
    chat.type(ada, "start")
    chat.type(bob, "start")
    chat.forget()
    chat.tick()
    assert chat.now == 2.0
    assert chat.read(ada)[0].startswith("* Waiting: the next wave of pairings is in 3 s.")
    assert chat.gateway.next_deadline() == 5.0
    chat.tick()
    assert "* You are in private with <bob>." in chat.read(ada)
    assert chat.gateway.next_deadline() is None


def test_why_a_user_waits_is_told_again_in_both_dialects_when_it_is_stale() -> None:
    chat = GatewayFixture("uniform:minimum=9")
    ada, bob = chat.enter("ada", "bob")
    cat = chat.connect()
    chat.type(cat, '{"hello":1,"name":"cat","lang":"fr"}', '{"type":"start"}')
    chat.type(ada, "start")
    chat.wait(5.0)
    chat.forget()
    chat.type(bob, "start")
    assert "2 of the 9" not in "".join(chat.read(ada))
    (situation,) = map(json.loads, chat.read(cat))
    chat.wait(5.0)
    assert (situation["type"], situation["reason"], situation["waited"]) == ("situation", "too_few", 5.0)
    assert situation["explanation"] == "il faut 9 personnes pour un tirage ; en attente : 3"
    assert chat.gateway.next_deadline() is None


def test_a_countdown_that_counts_down_is_not_told_again_but_its_end_is() -> None:
    chat = GatewayFixture("fresh:memory=3,patience=20")
    ada, bob = chat.enter("ada", "bob")
    chat.type(ada, "start")
    chat.type(bob, "start")
    chat.type(ada, "next")
    chat.wait(5.0)
    chat.forget()
    chat.type(bob, "hello")
    assert chat.read(ada) == ["<bob> hello"]
    chat.vanish(bob)
    left, waiting, *_ = chat.read(ada)
    assert left.startswith("* <bob> has ")
    assert waiting.startswith("* Waiting: nobody else is waiting.")


def test_an_overdue_pairing_is_carried_out_before_the_next_event() -> None:
    chat = GatewayFixture("waves:every=5")
    ada, bob = chat.enter("ada", "bob")
    chat.type(ada, "start")
    chat.type(bob, "start")
    chat.forget()
    chat.now = 6.0
    chat.vanish(ada)
    assert chat.read(ada) == []
    assert chat.read(bob)[:3] == [
        "* You are in private with <ada>.",
        "* Only <ada> sees what you type. Type to talk, or: next, lobby, close, help.",
        "* <ada> has quit.",
    ]


def test_a_clock_that_jumps_back_stands_still() -> None:
    chat = GatewayFixture()
    chat.now = 100.0
    ada, bob = chat.enter("ada", "bob")
    chat.now = 50.0
    chat.type(ada, "hello")
    assert chat.read(bob) == ["<ada> hello"]


def test_when_the_server_stops_all_clients_are_told_and_new_ones_are_turned_away() -> None:
    chat = GatewayFixture("waves")
    ada, bob = chat.enter("ada", "bob")
    nameless = chat.connect()
    chat.type(ada, "start")
    chat.type(bob, "start")
    chat.forget()
    chat.carry(chat.gateway.goodbye(1.0))
    assert chat.read(ada) == chat.read(nameless) == ["* The server is shutting down. Goodbye."]
    assert chat.closed == {ada, bob, nameless}
    assert chat.gateway.next_deadline() is None
    assert len(chat.gateway) == 0
    for outputs in (chat.gateway.tick(99.0), chat.gateway.received(ada, b"hello\n", 99.0)):
        assert outputs == []
    late = chat.connect()
    assert chat.read(late) == ["* The server is shutting down. Goodbye."]
    assert late in chat.closed


def test_a_line_for_the_lobby_is_encoded_once() -> None:
    gateway = Gateway(Roulette())
    for number in range(5):
        gateway.connected(number, 0.0)
        gateway.received(number, f"user{number}\n".encode(), 0.0)
    outputs = gateway.received(0, b"hello\n", 0.0)
    assert [number for number, _ in outputs] == [1, 2, 3, 4]
    assert len({id(data) for _, data in outputs}) == 1
