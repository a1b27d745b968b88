"""What the original said of its version 2 alone, played sentence by sentence at ``nc``: see docs/original.md."""

import itertools

import pytest

from tests.support import terminal
from tests.support.chatters import chatters, search
from tests.support.server import PATIENCE, port_in, serving

ROUNDS = 12


def draws(seed: int) -> list[tuple[str, ...]]:
    """Who is drawn of three people, again and again, as one of the two in private always types ``next``."""
    drawn = []
    options = ("--policy", "v2", "--seed", str(seed), "--rate", "0")
    with serving(*options) as server, chatters(server.port, "ada", "bob", "carol") as three:
        search(*three)
        for _ in range(ROUNDS):
            one, other = (person for person in three if person.where() != "waiting")
            drawn.append((one.name, other.name))
            one.type("next")
            one.hears(f"You have left <{other.name}>")
    return drawn


def test_two_waiting_users_are_not_drawn_before_a_third_searches() -> None:
    with serving("--policy", "v2") as server, chatters(server.port, "ada", "bob", "carol") as (ada, bob, carol):
        search(ada, bob)
        assert "* Waiting: 2 of the 3 people needed for a draw are waiting." in bob.news()
        assert ada.where() == bob.where() == "waiting"
        search(carol)
        three = [person.where().partition(" ")[0] for person in (ada, bob, carol)]
        assert sorted(three) == ["waiting", "with", "with"]


def test_two_users_are_drawn_at_random() -> None:
    drawn = draws(seed=1)
    assert set(drawn) == set(itertools.combinations(("ada", "bob", "carol"), 2))
    assert draws(seed=1) == drawn
    assert draws(seed=2) != drawn


def test_two_users_who_have_just_left_each_other_may_be_drawn_again() -> None:
    drawn = draws(seed=1)
    assert any(couple == after for couple, after in itertools.pairwise(drawn))


@pytest.mark.parametrize("ending", ["", "()"])
def test_the_operator_has_list_research_private_and_close(ending: str) -> None:
    console = terminal.start("serve", "--policy", "v2", "--port", "0", timeout=PATIENCE)
    console.expect(r"listening on \S+ port \d+")
    names = ("ada", "bob", "carol", "dan", "erin")
    with chatters(port_in(console.after), *names) as persons:
        search(*persons[:4])
        places = {person.name: person.where() for person in persons}
        waiting = [name for name, place in places.items() if place == "waiting"]
        one, other = (name for name, place in places.items() if place.startswith("with "))
        console.sendline(f"list{ending}")
        for name, place in (*((name, "searching") for name in waiting), ("erin", "lobby")):
            console.expect(rf"{name} +{place}")
        console.sendline(f"research{ending}")
        for name in waiting:
            console.expect(rf"{name} +[\d.]+ +2 of the 3 people needed")
        console.sendline(f"private{ending}")
        console.expect(rf"({one} +{other}|{other} +{one})\b")
        console.sendline(f"close{ending}")
        for person in persons:
            person.hears("The server is shutting down. Goodbye.")
            assert person.is_alone()
    assert terminal.finish(console).status == 0
