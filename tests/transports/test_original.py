"""What the original said of both its versions, played sentence by sentence at ``nc``: see docs/original.md."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.chatters import Chatter, Scene, chat_server, chatters, scene, search
from tests.support.server import Netcat
from tests.support.terminal import run_plain


@pytest.fixture(scope="module", params=["v1", "v2"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with chat_server("--policy", request.param, "--seed", "1") as port:
        yield port


@pytest.fixture
def four(port: int) -> Iterator[Scene]:
    with scene(port) as four:
        yield four


def test_the_port_is_12000(tmp_path: Path) -> None:
    words = run_plain("roulette serve --help", tmp_path).stdout.split()
    option = words[words.index("--port") :]
    assert option[option.index("[default:") + 1].startswith("12000")


def test_every_user_chooses_a_pseudonym_that_no_other_user_has(port: int) -> None:
    with chatters(port, "ada") as (ada,):
        second = Netcat(port)
        second.type("ada")
        second.hears("That pseudonym is taken. Type another.")
        second.type("bob")
        second.hears("Welcome, <bob>.")
        assert ada.read() == "* <bob> has joined."
        second.type("close")
        second.hears("Goodbye")
        second.leave()


def test_in_the_lobby_all_users_talk_together(port: int) -> None:
    with chatters(port, "ada", "bob", "carol") as persons:
        for speaker in persons:
            speaker.type("hello")
            said = f"<{speaker.name}> hello"
            assert [person.news() for person in persons] == [[] if person is speaker else [said] for person in persons]


def test_start_waits_for_a_private_chat(port: int) -> None:
    with chatters(port, "ada") as (ada,):
        ada.type("start")
        assert ada.read() == "* Searching for a partner."
        assert ada.where() == "waiting"


def test_a_waiting_user_still_reads_and_writes_in_the_lobby(four: Scene) -> None:
    four.idle.type("hello")
    assert four.waiting.read() == f"<{four.idle.name}> hello"
    four.waiting.type("hello to you")
    assert four.idle.read() == f"<{four.waiting.name}> hello to you"
    assert four.waiting.where() == "waiting"


def test_in_private_two_users_read_each_other_and_no_other_user_reads_them(four: Scene) -> None:
    four.one.type("a secret")
    assert four.partner.read() == f"<{four.one.name}> a secret"
    four.partner.type("another")
    assert four.one.read() == f"<{four.partner.name}> another"
    assert four.waiting.news() == []
    assert four.idle.news() == []


def test_a_user_in_private_sees_nothing_of_the_lobby(port: int, four: Scene) -> None:
    four.idle.type("hello")
    four.waiting.type("hello to you")
    with chatters(port, "erin"):
        pass
    assert four.idle.read_until("<erin> has left") == [
        f"<{four.waiting.name}> hello to you",
        "* <erin> has joined.",
        "* <erin> has left.",
    ]
    assert four.one.news() == []
    assert four.partner.news() == []


def test_after_next_both_are_waiting_again(four: Scene) -> None:
    four.waiting.type("lobby")
    four.waiting.hears("You are in the lobby")
    four.one.type("next")
    assert four.one.where() == "waiting"
    assert four.partner.where() == "waiting"


def test_with_another_user_waiting_next_leads_straight_to_another_chat(four: Scene) -> None:
    four.one.type("next")
    three = {person.name: person.where() for person in four[:3]}
    assert sorted(place.partition(" ")[0] for place in three.values()) == ["waiting", "with", "with"]


@pytest.mark.parametrize(
    ("command", "told"), [("next", "has moved on."), ("lobby", "has gone back to the lobby."), ("close", "has quit.")]
)
def test_a_partner_who_is_left_is_told_once_and_waits_again(four: Scene, command: str, told: str) -> None:
    four.waiting.type("lobby")
    four.waiting.hears("You are in the lobby")
    four.one.type(command)
    heard = four.partner.read_until(f"<{four.one.name}> {told}") + four.partner.news()
    assert sum(told in line for line in heard) == 1
    assert four.partner.where() == "waiting"


def test_lobby_leads_out_of_waiting(port: int, four: Scene) -> None:
    four.waiting.type("lobby")
    assert four.waiting.where() == "in the lobby"
    with chatters(port, "erin", "frank") as others:
        search(*others)
        assert four.waiting.where() == "in the lobby"


def test_lobby_leads_out_of_a_private_chat(four: Scene) -> None:
    four.one.type("lobby")
    assert four.one.where() == "in the lobby"
    four.idle.type("hello")
    assert four.one.news()[-1] == f"<{four.idle.name}> hello"
    four.one.type("back again")
    assert four.idle.news()[-1] == f"<{four.one.name}> back again"


@pytest.mark.parametrize("role", ["one", "waiting", "idle"])
def test_close_quits_from_anywhere(port: int, four: Scene, role: str) -> None:
    person: Chatter = getattr(four, role)
    person.type("close")
    assert person.read() == "* Goodbye."
    assert person.is_alone()
    with chatters(port, person.name) as (namesake,):
        assert namesake.where() == "in the lobby"


def test_close_quits_even_without_a_pseudonym(port: int) -> None:
    nobody = Netcat(port)
    nobody.type("close")
    nobody.hears("Goodbye")
    assert nobody.is_alone()
    nobody.leave()
