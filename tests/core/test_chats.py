"""A line reaches the user it was typed for, or no user; who is left behind goes where the caller says."""

from typing import Any

import pytest

from roulette_core import (
    Block,
    Blocked,
    BulkLeave,
    Join,
    Leave,
    Left,
    Lobby,
    Next,
    Paired,
    Parted,
    Reason,
    Refused,
    Roulette,
    Say,
    Searching,
    Start,
    State,
    Unblock,
    Unblocked,
)
from tests.core.scenarios import join_all, lobby_line, paired, parted, private_line, start_all


def evening(policy: str = "no-repeat", **options: Any) -> Roulette:
    """a and b in private in chat 1; c and d in the lobby."""
    roulette = Roulette(policy, **options)
    join_all(roulette, "abcd")
    start_all(roulette, "ab")
    return roulette


@pytest.mark.parametrize("ended_by", [Next("b"), Lobby("b"), Leave("b"), Block("b"), BulkLeave(("b",))])
@pytest.mark.parametrize("third", [False, True])
def test_a_line_that_crosses_the_end_of_its_chat_reaches_no_user(ended_by: Any, third: bool) -> None:
    roulette = evening()
    if third:  # a goes on with the next stranger at once
        start_all(roulette, "c")
    roulette.handle(ended_by, 1.0)
    assert roulette.chat("a") == (2 if third else 0)
    before = roulette.snapshot()
    assert roulette.handle(Say("a", "my number is 555 0100", chat=1), 1.0) == (Refused("a", Reason.CHAT_OVER),)
    assert roulette.snapshot() == before


@pytest.mark.parametrize("request_", [Next("a", chat=1), Block("a", chat=1)])
def test_next_and_block_that_cross_do_not_hit_the_next_stranger(request_: Any) -> None:
    roulette = evening()
    start_all(roulette, "c")
    roulette.handle(Next("b"), 1.0)
    before = roulette.snapshot()
    assert roulette.handle(request_, 1.0) == (Refused("a", Reason.CHAT_OVER),)
    assert roulette.snapshot() == before


def test_a_line_typed_in_the_lobby_is_not_said_in_private() -> None:
    roulette = evening()
    assert roulette.handle(Say("a", "hello all", chat=0), 1.0) == (Refused("a", Reason.NOT_IN_LOBBY),)
    assert roulette.handle(Say("c", "hello all", chat=0), 1.0) == (lobby_line("c", "hello all"),)


def test_a_line_with_its_chats_number_is_said() -> None:
    roulette = evening()
    assert roulette.handle(Say("a", "psst", chat=1), 1.0) == (private_line("a", "b", "psst", 1),)
    assert roulette.handle(Next("a", chat=1), 1.0) == (parted("a", "b", "next", 1),)


def test_every_chat_has_a_number_of_its_own() -> None:
    roulette = Roulette("uniform:minimum=2")
    join_all(roulette, "ab")
    numbers = [effect.chat for effect in start_all(roulette, "ab") if isinstance(effect, Paired)]
    for _ in range(3):
        numbers += [effect.chat for effect in roulette.handle(Next("a"), 1.0) if isinstance(effect, Paired)]
        roulette = Roulette.restore(roulette.snapshot())
    assert numbers == [1, 2, 3, 4]


# Who is left behind.


@pytest.mark.parametrize("kind", [Next, Block, Lobby, Leave])
@pytest.mark.parametrize("by_default", [False, True])
def test_a_partner_left_behind_goes_to_the_lobby_if_the_caller_says_so(kind: Any, by_default: bool) -> None:
    roulette = evening(left_behind="lobby") if by_default else evening()
    event = kind("a") if by_default else kind("a", left_behind="lobby")
    effect = roulette.handle(event, 1.0)[0]
    assert effect == parted("a", "b", event.kind, 1, "lobby")
    assert roulette.state("b") is State.LOBBY


def test_the_event_decides_against_the_roulette() -> None:
    roulette = Roulette.restore(evening(left_behind="lobby").snapshot())
    roulette.handle(Next("a", left_behind="searching"), 1.0)
    assert roulette.state("b") is State.SEARCHING


def test_no_pairs_are_drawn_while_several_leave() -> None:
    roulette = evening()
    start_all(roulette, "c")
    effects = roulette.handle(BulkLeave(("a", "c")), 1.0)
    assert effects == (parted("a", "b", "leave"), Left("a", "name of 'a'"), Left("c", "name of 'c'"))
    assert roulette.users() == ["b", "d"]
    assert roulette.state("b") is State.SEARCHING


def test_two_partners_may_leave_at_once() -> None:
    roulette = evening()
    start_all(roulette, "c")
    effects = roulette.handle(BulkLeave(("b", "a")), 1.0)
    assert effects == (parted("b", "a", "leave", 1, "lobby"), Left("b", "name of 'b'"), Left("a", "name of 'a'"))
    assert roulette.handle(BulkLeave(()), 1.0) == ()


# Blocks of other users than the partner, and taking them back.


def test_the_latest_partner_can_still_be_blocked_and_is_not_told() -> None:
    roulette = evening("uniform:minimum=2")
    roulette.handle(Lobby("b", left_behind="lobby"), 1.0)
    assert roulette.handle(Block("a", "b"), 1.0) == (Blocked("a", "b", "name of 'b'"),)
    assert start_all(roulette, "ab", 1.0) == [Searching("a"), Searching("b")]
    assert roulette.handle(Unblock("b", "a"), 1.0) == (Refused("b", Reason.NOT_BLOCKED),), "only the own block"
    unblocked, met = roulette.handle(Unblock("a", "b"), 1.0)
    assert unblocked == Unblocked("a", "b", "name of 'b'")
    assert met in (paired("a", "b", 2), paired("b", "a", 2))


def test_blocking_the_partner_by_name_ends_the_chat() -> None:
    roulette = evening()
    assert roulette.handle(Block("a", "b"), 1.0)[0] == parted("a", "b", "block")


def test_a_block_in_private_of_another_user_changes_nothing_else() -> None:
    roulette = evening()
    assert roulette.handle(Block("a", "c", chat=1), 1.0) == (Blocked("a", "c", "name of 'c'"),)
    assert roulette.partner("a") == "b"


def test_a_block_of_both_holds_until_both_have_taken_it_back() -> None:
    roulette = evening("uniform:minimum=2")
    roulette.handle(Block("c", "d"), 1.0)
    roulette.handle(Block("d", "c"), 1.0)
    start_all(roulette, "cd", 1.0)
    assert roulette.handle(Unblock("c", "d"), 1.0) == (Unblocked("c", "d", "name of 'd'"),)
    assert roulette.handle(Unblock("d", "c"), 1.0)[1:] in ((paired("c", "d", 2),), (paired("d", "c", 2),))


@pytest.mark.parametrize("policy", ["no-repeat", "fresh:memory=1,patience=1000", "uniform:minimum=2", "interests"])
def test_two_of_a_large_pool_meet_when_a_block_is_taken_back(policy: str) -> None:
    roulette = Roulette(policy)
    join_all(roulette, range(7))
    for user in range(7):
        for other in range(user):
            roulette.handle(Block(user, other), float(user))
        roulette.handle(Start(user), float(user))
    assert roulette.counts()[State.SEARCHING] == 7
    (_, effect) = roulette.handle(Unblock(5, 2), 10.0)
    assert {effect.first, effect.second} == {2, 5}  # type: ignore[union-attr]


# Searching on with other wishes.


def test_start_while_searching_changes_the_wishes_and_keeps_the_place() -> None:
    roulette = Roulette("interests:patience=10")
    join_all(roulette, "abc")
    roulette.handle(Start("a", ("go",)), 0.0)
    roulette.handle(Start("b", ("chess",)), 1.0)
    assert roulette.handle(Start("a", ("chess",)), 2.0) == (Searching("a"), paired("a", "b"))
    roulette.handle(Next("a"), 3.0)
    assert roulette.waiting_since("b") == 3.0
    roulette.handle(Start("b", ("go",)), 4.0)
    assert (roulette.waiting_since("b"), list(roulette.policy.pool)) == (3.0, ["b", "a"])


def test_attributes_stay_until_others_are_given() -> None:
    roulette = Roulette()
    roulette.handle(Join(1, "ada", attributes={"role": "mentor"}), 0.0)
    roulette.handle(Start(1), 0.0)
    assert roulette.policy.pool[1].attributes == {"role": "mentor"}
    roulette.handle(Start(1, attributes={"rank": 3}), 1.0)
    assert roulette.policy.pool[1].attributes == {"rank": 3}
    assert Roulette.restore(roulette.snapshot()).attributes(1) == {"rank": 3}


def test_effects_tell_names_that_the_roulette_no_longer_knows() -> None:
    roulette = evening()
    start_all(roulette, "c")
    ended, _, met = roulette.handle(Leave("a"), 1.0)
    assert isinstance(ended, Parted)
    assert (ended.user_name, ended.partner_name) == ("name of 'a'", "name of 'b'")
    assert isinstance(met, Paired)
    assert (met.first_name, met.second_name) == ("name of 'c'", "name of 'b'")
