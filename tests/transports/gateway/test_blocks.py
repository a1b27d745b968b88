"""Blocked users are never paired again, and the blocked one never learns of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core.policies import POLICIES
from tests.support.gateway_fixture import GatewayFixture
from transports.gateway import block_memory
from transports.gateway.block_memory import BlockMemory

PROGRAM = '{"hello":1,"name":"bob"}'


def blocked(policy: str = "uniform:minimum=2") -> tuple[GatewayFixture, int, int]:
    """Ada has blocked Bob, who speaks JSON."""
    chat = GatewayFixture(policy)
    (ada,) = chat.enter("ada")
    bob = chat.connect()
    chat.type(bob, PROGRAM)
    chat.type(ada, "start")
    chat.type(bob, '{"type":"start"}')
    chat.wait(30.0)
    chat.forget()
    chat.type(ada, "/block")
    return chat, ada, bob


def test_the_user_who_blocks_is_told_and_the_partner_hears_only_that_the_chat_is_over() -> None:
    chat, ada, bob = blocked()
    assert chat.read(ada)[0] == "* You have blocked <bob> and will not be paired with them again."
    told = chat.read(bob)
    assert '"by":"partner","cause":"next"' in told[0]
    assert not [
        line for line in told if "block" in line.replace("only_blocked", "").replace("a block keeps you apart", "")
    ]


@pytest.mark.parametrize("policy", POLICIES)
def test_two_blocked_users_are_not_paired_again_under_any_policy(policy: str) -> None:
    chat, ada, _ = blocked(policy)
    chat.wait(600.0)
    assert chat.gateway.roulette.partner(ada) is None


@pytest.mark.parametrize("again", ["bob", "ada", "BOB", "both"])
def test_a_block_holds_when_either_comes_back_under_the_same_pseudonym(again: str) -> None:
    chat, ada, bob = blocked()
    if again != "ada":
        chat.vanish(bob)
        (bob,) = chat.enter(again if again == "BOB" else "bob")
        chat.type(bob, "start")
    if again in ("ada", "both"):
        chat.vanish(ada)
        (ada,) = chat.enter("ada")
        chat.type(ada, "start")
    assert chat.gateway.roulette.partner(ada) is None
    (carol,) = chat.enter("carol")
    chat.type(carol, "start")
    assert chat.gateway.roulette.partner(carol) in (ada, bob)


def test_under_another_pseudonym_the_block_does_not_hold() -> None:
    chat, ada, bob = blocked()
    chat.vanish(bob)
    (bob,) = chat.enter("bobby")
    chat.type(bob, "start")
    assert chat.gateway.roulette.partner(ada) == bob


def test_a_user_who_is_not_in_private_cannot_block() -> None:
    chat = GatewayFixture()
    (ada,) = chat.enter("ada")
    chat.type(ada, "/block")
    assert chat.read(ada)[0] == "* You are not in private."


def test_a_block_sent_when_a_pairing_is_overdue_holds_like_any_other() -> None:
    chat = GatewayFixture("waves:every=5")
    ada, bob = chat.enter("ada", "bob")
    for number in (ada, bob):
        chat.type(number, "start")
    chat.now += 6.0
    chat.type(ada, "/block")
    chat.vanish(bob)
    (bob,) = chat.enter("bob")
    chat.type(bob, "start")
    chat.wait(60.0)
    assert chat.gateway.roulette.partner(ada) is None


NAMES = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]), max_size=60), st.data())
def test_remembered_blocks_are_bounded_and_the_latest(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(block_memory, "PER_NAME", 3)
        patch.setattr(block_memory, "NAMES", 5)
        book = BlockMemory()
        for blocker, other in pairs:
            if data.draw(st.integers(0, 3)):
                book.remember(blocker, other)
                assert list(book.blocked(blocker))[-1] == other
            else:
                known = other in book.blocked(blocker)
                assert book.forget(blocker, other) is known
                assert other not in book.blocked(blocker)
            made = {(name, blocked) for name in "abcdefgh" for blocked in book.blocked(name)}
            suffered = {(by, name) for name in "abcdefgh" for by in book.blocked_by(name)}
            assert made == suffered
            assert max(len(book.blocked(name)) for name in "abcdefgh") <= 3
            assert len({name for name, _ in made}) <= 5


def test_of_many_blocks_the_oldest_of_the_user_who_made_them_is_forgotten() -> None:
    book = BlockMemory()
    for number in range(block_memory.PER_NAME + 1):
        book.remember("ada", f"user{number}")
    assert len(book.blocked("ada")) == block_memory.PER_NAME
    assert not book.blocked_by("user0")
    assert list(book.blocked_by("user1")) == ["ada"]


def test_being_blocked_or_blocking_others_forgets_no_block_of_another_user() -> None:
    book = BlockMemory()
    book.remember("ada", "mallory")
    for number in range(block_memory.PER_NAME + 1):
        book.remember("mallory", f"puppet{number}")
        book.remember(f"puppet{number}", "ada")
    assert list(book.blocked("ada")) == ["mallory"]
