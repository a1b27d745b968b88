"""What the original said of its version 1 alone, played sentence by sentence at ``nc``: see docs/original.md."""

import itertools
from collections.abc import Iterator

import pytest

from tests.support import terminal
from tests.support.chatters import Chatter, chat_server, chatters, search
from tests.support.server import PATIENCE, port_in


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with chat_server("--policy", "v1") as port:
        yield port


def left(one: Chatter, other: Chatter) -> None:
    """One of two in private types ``next``."""
    one.type("next")
    one.hears(f"You have left <{other.name}>")


def in_private(persons: list[Chatter]) -> list[Chatter]:
    """Those who are, now."""
    return [person for person in persons if person.where() != "waiting"]


def test_two_waiting_users_are_paired_at_once(port: int) -> None:
    with chatters(port, "ada", "bob") as (ada, bob):
        search(ada, bob)
        assert ada.where() == "with bob"
        assert bob.where() == "with ada"


def test_two_users_who_have_just_left_each_other_wait_for_a_third(port: int) -> None:
    with chatters(port, "ada", "bob", "carol") as (ada, bob, carol):
        search(ada, bob)
        left(ada, bob)
        assert "* Waiting: the only other person waiting is your last partner." in ada.news()
        assert bob.where() == "waiting"
        search(carol)
        assert sorted([ada.where(), bob.where()]) == ["waiting", "with carol"]
        assert carol.where() in ("with ada", "with bob")


def test_returning_to_the_lobby_in_between_does_not_lift_that(port: int) -> None:
    with chatters(port, "ada", "bob") as (ada, bob):
        search(ada, bob)
        ada.type("lobby")
        ada.hears("You are in the lobby")
        search(ada)
        assert ada.where() == bob.where() == "waiting"


def test_after_next_no_user_is_paired_straight_back_with_the_partner_they_left(port: int) -> None:
    with chatters(port, "ada", "bob", "carol") as three:
        search(*three)
        couples = []
        for _ in range(6):
            one, other = in_private(three)
            couples.append({one.name, other.name})
            left(one, other)
        assert all(couple != after for couple, after in itertools.pairwise(couples))


def test_a_user_without_another_partner_since_is_not_paired_back_either(port: int) -> None:
    with chatters(port, "ada", "bob", "carol") as (ada, bob, carol):
        search(ada, bob, carol)
        left(ada, bob)
        (partner,) = (person for person in (ada, bob) if person.where() == "with carol")
        other = bob if partner is ada else ada
        other.type("lobby")
        other.hears("You are in the lobby")
        left(carol, partner)
        search(other)
        assert other.where() == "with carol"


def test_after_another_partner_two_users_may_meet_again(port: int) -> None:
    with chatters(port, "ada", "bob", "carol") as (ada, bob, carol):
        search(ada, bob, carol)
        left(ada, bob)
        left(*in_private([ada, bob, carol]))
        assert carol.where() != "waiting"
        left(*in_private([ada, bob, carol]))
        assert ada.where() == "with bob"


def test_the_operator_has_list_and_close() -> None:
    console = terminal.start("serve", "--policy", "v1", "--port", "0", timeout=PATIENCE)
    console.expect(r"listening on \S+ port \d+")
    with chatters(port_in(console.after), "ada", "bob", "carol") as (ada, bob, carol):
        search(ada, bob)
        console.sendline("list()")
        console.expect(r"carol +lobby")
        seen = terminal.shown(console.before)
        assert [line.split() for line in seen.splitlines()][-2:] == [
            ["ada", "private", "bob"],
            ["bob", "private", "ada"],
        ]
        console.sendline("close()")
        for person in (ada, bob, carol):
            person.hears("The server is shutting down. Goodbye.")
            assert person.is_alone()
    assert terminal.finish(console).status == 0
