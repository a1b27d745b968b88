"""The operator's commands and their answers as data, and the safeguards against hitting others."""

import json
from collections.abc import Sequence
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transports.operator.operator_fixture import OperatorFixture, sample_chat, shown
from transports.gateway import CloseReason
from transports.gateway.connection_events import Ended
from transports.limits import LOOPBACK, Limits
from transports.operator.answers import ROWS_LIMIT, Answer
from transports.operator.commands import COMMANDS


def rows(answer: Answer) -> list[tuple[object, ...]]:
    return [tuple(row) for row in answer.rows]


def endings(chat: OperatorFixture) -> list[tuple[object, CloseReason]]:
    return [(event.connection, event.reason) for event in chat.events if isinstance(event, Ended)]


def test_list_shows_all_users_their_states_and_partners() -> None:
    answer = sample_chat().obey("list")
    assert rows(answer) == [
        ("ada", "private", "bob"),
        ("bob", "private", "ada"),
        ("carol", "searching", ""),
        ("Élodie", "lobby", ""),
    ]
    assert answer.counts == {"lobby": 1, "searching": 1, "private": 2, "nameless": 1}


def test_research_shows_the_searching_users_for_how_long_and_why() -> None:
    assert rows(sample_chat().obey("research")) == [("carol", 12.25, "nobody else is waiting")]


def test_research_starts_with_the_longest_waiting_under_any_policy() -> None:
    chat = OperatorFixture("uniform:minimum=9")
    for number in chat.enter("ada", "bob", "carol", "dan"):
        chat.now += 1
        chat.type(number, "start")
    chat.type(1, "lobby")
    assert [row[0] for row in chat.obey("research").rows] == ["bob", "carol", "dan"]


def test_private_shows_every_pair_once() -> None:
    assert rows(sample_chat().obey("private")) == [("ada", "bob")]


def test_explain_shows_one_user_however_the_name_is_written() -> None:
    answer = sample_chat().obey("explain  CAROL ")
    assert answer.columns == ("about", "carol")
    assert rows(answer) == [
        ("state", "searching"),
        ("address", "198.51.100.3"),
        ("waits", "12.2 s"),
        ("why", "nobody else is waiting"),
    ]
    assert ("partner", "bob") in rows(sample_chat().obey("explain ada"))


def test_stats_shows_the_counters() -> None:
    counts = sample_chat().obey("stats").counts
    wanted = {"served": 14.25, "connections": 5, "users": 4, "accepted": 5, "lobby_lines": 1, "private_lines": 2}
    assert wanted.items() <= counts.items()
    assert (counts["pairings"], counts["refusals"]) == (1, 1)


@pytest.mark.parametrize("command", ["list()", " list ", "list\t", "list() "])
def test_commands_can_be_typed_as_in_the_original(command: str) -> None:
    assert sample_chat().obey(command) == sample_chat().obey("list")


@pytest.mark.parametrize("command", ["close", "close()"])
def test_close_stops_the_server(command: str) -> None:
    chat = sample_chat()
    assert not chat.obey(command).refused
    assert chat.stopped


def test_kick_disconnects_one_user_who_is_told_and_may_reconnect() -> None:
    chat = sample_chat()
    assert chat.obey("kick Bob").counts == {"disconnected": 1}
    assert chat.closed == {2}
    assert endings(chat) == [(2, CloseReason.KICKED)]
    chat.arrive("bob", "198.51.100.2")
    assert rows(chat.obey("explain bob"))


def test_ban_of_a_user_turns_away_all_from_their_address() -> None:
    chat = sample_chat()
    answer = chat.obey("ban bob")
    assert (answer.refused, answer.counts) == (False, {"disconnected": 1})
    assert rows(chat.obey("bans")) == [("198.51.100.2/32",)]
    number = chat.connect("198.51.100.2")
    assert number in chat.closed


@pytest.mark.parametrize(
    ("target", "network"),
    [
        ("198.51.100.3", "198.51.100.3/32"),
        ("198.51.100.0/24", "198.51.100.0/24"),
        ("198.51.100.77/24", "198.51.100.0/24"),
        ("2001:db8::7", "2001:db8::/64"),
        ("2001:db8::/32", "2001:db8::/32"),
    ],
)
def test_ban_of_an_address_or_network_holds_until_unban(target: str, network: str) -> None:
    chat = sample_chat()
    assert chat.obey(f"ban {target}").counts["disconnected"] > 0
    assert rows(chat.obey("bans")) == [(network,)]
    assert not chat.obey(f"unban {target}").refused
    assert rows(chat.obey("bans")) == []
    assert chat.obey(f"unban {target}").refused


def test_ban_of_a_user_with_ipv6_covers_the_64_bits_of_a_household() -> None:
    chat = sample_chat()
    chat.arrive("dora", "2001:db8:1::5")
    chat.obey("ban dora")
    assert rows(chat.obey("bans")) == [("2001:db8:1::/64",)]


@pytest.mark.parametrize("address", ["", "127.0.0.1", "::1", "10.0.0.9"])
def test_ban_of_a_user_behind_a_shared_address_only_kicks(address: str) -> None:
    chat = OperatorFixture(limits=Limits(exempt=(*LOOPBACK, ip_network("10.0.0.0/8"))))
    chat.arrive("ada", address)
    bob = chat.arrive("bob", address)
    answer = chat.obey("ban bob")
    assert answer.counts == {"disconnected": 1}
    assert "shared" in answer.remarks[-1]
    assert chat.closed == {bob}
    assert rows(chat.obey("bans")) == []


@pytest.mark.parametrize("network", ["127.0.0.1", "::1", "0.0.0.0/0", "::/0", "127.0.0.0/8", "64.0.0.0/2"])
def test_loopback_cannot_be_banned(network: str) -> None:
    chat = sample_chat()
    assert chat.obey(f"ban {network}").refused
    assert endings(chat) == []


def test_a_ban_is_refused_if_a_user_is_named_like_the_network() -> None:
    chat = sample_chat()
    chat.arrive("198.51.0.0/16", "203.0.113.9")
    assert chat.obey("ban 198.51.0.0/16").refused
    assert endings(chat) == []
    assert not chat.obey("kick 198.51.0.0/16").refused


def test_say_reaches_all_users_in_private_too() -> None:
    chat = sample_chat()
    chat.forget()
    assert chat.obey("say we stop at  noon").counts == {"listeners": 4}
    for number in (1, 2, 3, 4):
        assert any("we stop at  noon" in line for line in chat.read(number))
    assert chat.read(5) == []


@pytest.mark.parametrize("command", ["explain zoe", "kick zoe", "ban zoe", "unban zoe", "unban 192.0.2.1"])
def test_a_command_about_an_unknown_user_is_refused(command: str) -> None:
    chat = sample_chat()
    assert chat.obey(command).refused
    assert endings(chat) == []


@pytest.mark.parametrize("command", ["kick", "ban ", "say", "explain"])
def test_a_command_without_its_argument_is_answered_with_its_usage(command: str) -> None:
    answer = sample_chat().obey(command)
    assert answer.refused
    assert COMMANDS[command.strip()].usage in answer.remarks[0]


@pytest.mark.parametrize(("typed", "meant"), [("lst", "list"), ("reserch", "research"), ("kik bob", "kick")])
def test_a_misspelt_command_is_answered_with_the_likely_one(typed: str, meant: str) -> None:
    answer = sample_chat().obey(typed)
    assert answer.refused
    assert answer.remarks[-1] == f"Did you mean {meant}?"


def test_a_long_table_is_cut_and_its_full_length_shown() -> None:
    chat = OperatorFixture()
    for number in range(ROWS_LIMIT + 5):
        chat.enter(f"user{number}")
    answer = chat.obey("list")
    assert (len(answer.rows), answer.total) == (ROWS_LIMIT, ROWS_LIMIT + 5)
    assert "… and 5 more" in shown(answer)


WORDS = st.sampled_from([*COMMANDS, "ada", "bob", "198.51.100.1", "2001:db8::/32", "::", "0/0", "()", "zoe"])


@given(st.lists(st.lists(WORDS | st.text(max_size=8), max_size=3).map(" ".join), max_size=8))
def test_whatever_is_typed_gets_an_answer_that_is_plain_json(lines: Sequence[str]) -> None:
    chat = sample_chat()
    for line in lines:
        answer = chat.obey(line)
        data = json.loads(json.dumps(answer.to_data()))
        assert Answer(**data).to_data() == data
        assert all(len(row) == len(answer.columns) for row in answer.rows)
        assert all(ord(character) >= 32 or character == "\n" for character in shown(answer))
