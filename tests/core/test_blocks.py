"""Blocked pairs never meet again, under any policy; all others meet as before."""

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import (
    Block,
    Blocks,
    BrokenPolicy,
    Effect,
    Explanation,
    Join,
    Joined,
    Leave,
    Lobby,
    Next,
    NotAnEvent,
    Reason,
    Refused,
    Returned,
    Roulette,
    RouletteError,
    Searcher,
    Searching,
    Start,
    State,
    Tick,
    UnknownUser,
    User,
    make_policy,
)
from roulette_core.policies import Uniform
from tests.core.custom import Broken, NewestFirst, Patient
from tests.core.scenarios import EAGER, POLICIES, join_all, name_of, paired, pairs_in, parted, start_all

LONG = 1000.0
"""Seconds by which all users have lost patience, and waves have come."""


def apart(policy: str, blocks: list[str], others: str = "") -> Roulette:
    """Returns a roulette with all users in the lobby at time 0, in alphabetical order, and these blocks."""
    roulette = Roulette(policy)
    for user in sorted({user for block in blocks for user in block} | set(others)):
        pairs = [block for block in blocks if user in block]
        kept = tuple(other for pair in pairs for other in pair if other < user)
        roulette.handle(Join(user, name_of(user), kept), 0.0)
    return roulette


def after_a_while(roulette: Roulette) -> list[set[User]]:
    """Returns the pairs made by time alone."""
    met = pairs_in(roulette.handle(Tick(), roulette.now + LONG))
    return met + pairs_in(roulette.handle(Tick(), roulette.now + LONG))


# What a block does.


def test_a_block_ends_the_chat_and_both_search_the_partner_ahead() -> None:
    roulette = Roulette("uniform:minimum=2")
    join_all(roulette, "ab")
    start_all(roulette, "ab")
    assert roulette.handle(Block("a"), 1.0) == (parted("a", "b", "block"),)
    assert list(roulette.policy.pool) == ["b", "a"]
    assert roulette.counts()[State.PRIVATE] == 0


@pytest.mark.parametrize("policy", EAGER)
def test_two_kept_apart_wait_for_a_third_however_long(policy: str) -> None:
    roulette = Roulette(policy)
    join_all(roulette, "abc")
    start_all(roulette, "ab")
    roulette.handle(Tick(), 4.0)
    assert roulette.handle(Block("b"), 5.0) == (parted("b", "a", "block"),)
    assert after_a_while(roulette) == []
    assert [roulette.explain(user).code for user in "ab"] == ["only_blocked"] * 2
    start_all(roulette, "c", roulette.now)
    roulette.handle(Tick(), roulette.now + LONG)
    assert roulette.partner("c") in ("ab" if policy.startswith("uniform") else "a"), "who was left behind is first"


@pytest.mark.parametrize("policy", EAGER)
@pytest.mark.parametrize("leaver", ["a", "b"])
def test_a_block_is_forgotten_when_either_leaves(policy: str, leaver: str) -> None:
    roulette = apart(policy, ["ab", "ac"])
    roulette.handle(Leave(leaver), 0.0)
    join_all(roulette, leaver)
    start_all(roulette, "ab")
    assert [*map(set, roulette.pairs()), *after_a_while(roulette)] == [{"a", "b"}]
    assert roulette.policy.blocks.between("c", "a") is (leaver == "b")


def test_blocks_of_those_who_have_left_take_no_memory() -> None:
    blocks = Blocks()
    for first, second in combinations(range(20), 2):
        blocks.add(first, second)
    for user in range(19):
        blocks.forget(user)
    assert blocks.apart == {}
    blocks.forget(19)


@pytest.mark.parametrize("policy", EAGER)
@pytest.mark.parametrize("way", [Lobby, Next])
def test_a_block_survives_the_lobby_and_other_partners(policy: str, way: type) -> None:
    roulette = apart(policy, ["ab"], others="cd")
    start_all(roulette, "abcd")
    for _ in range(40):
        roulette.handle(Tick(), roulette.now + 8.0)
        assert not {("a", "b"), ("b", "a")} & set(roulette.pairs())
        for pair in roulette.pairs():
            roulette.handle(way(pair[0]), roulette.now)
        start_all(roulette, roulette.users(State.LOBBY), roulette.now)


# Blocks that are brought along.


def test_a_block_brought_along_holds_from_either_side() -> None:
    roulette = Roulette("uniform:minimum=2")
    join_all(roulette, "ab")
    assert roulette.handle(Join("c", "c", blocked=("a", "b", "a")), 0.0) == (Joined("c", "c"),)
    assert pairs_in(start_all(roulette, "cab")) == [{"a", "b"}]
    assert roulette.handle(Block("a"), 0.0) == (parted("a", "b", "block"),)
    assert roulette.users(State.SEARCHING) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("blocked", "error"),
    [
        (("ghost",), UnknownUser),
        (("a", "ghost"), UnknownUser),
        (("new",), UnknownUser),
        (("1",), UnknownUser),
        ("a", NotAnEvent),
        ("", NotAnEvent),
    ],
)
def test_blocks_that_cannot_be_are_the_callers_mistake(blocked: tuple[User, ...], error: type[RouletteError]) -> None:
    roulette = Roulette("waves:every=4")
    join_all(roulette, ["a", "b", 1])
    start_all(roulette, "ab")
    before = roulette.snapshot()
    with pytest.raises(error, match="Join"):
        roulette.handle(Join("new", "new", blocked), 5.0)
    assert roulette.snapshot() == before


def test_a_refused_join_makes_no_blocks() -> None:
    roulette = Roulette()
    join_all(roulette, "a")
    assert roulette.handle(Join("b", "name of 'a'", ("a",)), 0.0) == (Refused("b", Reason.NAME_TAKEN),)
    assert roulette.policy.blocks.apart == {}


@pytest.mark.parametrize("interests", ["chess", ""])
def test_one_interest_that_is_not_in_a_tuple_is_the_callers_mistake(interests: str) -> None:
    roulette = Roulette("interests")
    join_all(roulette, "a")
    with pytest.raises(NotAnEvent, match="Start"):
        roulette.handle(Start("a", interests), 0.0)  # type: ignore[arg-type]
    assert roulette.state("a") is State.LOBBY


# Who is drawn.


@pytest.mark.parametrize("policy", EAGER)
def test_many_blocked_users_all_wait_and_a_newcomer_meets_the_first(policy: str) -> None:
    many = "abcdefgh"
    roulette = apart(policy, ["".join(pair) for pair in combinations(many, 2)], others="x")
    start_all(roulette, many)
    assert after_a_while(roulette) == []
    assert roulette.counts()[State.SEARCHING] == len(many)
    start_all(roulette, "x", roulette.now)
    after_a_while(roulette)
    assert roulette.partner("x") in (many if policy.startswith("uniform") else "a")


def every_way(draw: Callable[[Callable[[int], int]], tuple[User, User] | None]) -> dict[object, Fraction]:
    """What a draw can give, each with its probability: tries every outcome of every choice."""
    found: dict[object, Fraction] = defaultdict(Fraction)
    ahead: list[tuple[int, ...]] = [()]
    while ahead:
        path, counts = ahead.pop(), []

        def choose(count: int, path: tuple[int, ...] = path, counts: list[int] = counts) -> int:
            counts.append(count)
            return path[len(counts) - 1] if len(counts) <= len(path) else 0

        pair = draw(choose)
        if len(counts) > len(path):
            ahead += [(*path, number) for number in range(counts[len(path)])]
            continue
        probability = Fraction(1)
        for count in counts:
            probability /= count
        found[pair] += probability
    return dict(found)


pools = st.integers(2, 5)


@given(waiting=pools, blocks=st.sets(st.sampled_from([*combinations(range(5), 2)])))
def test_each_pair_that_may_meet_has_exactly_the_same_probability(waiting: int, blocks: set[tuple[int, int]]) -> None:
    policy = Uniform(minimum=2)
    for block in blocks:
        policy.blocks.add(*block)
    for user in range(waiting):
        policy.enter(Searcher(user))
    allowed = [pair for pair in permutations(range(waiting), 2) if not policy.blocks.between(*pair)]
    expected = {pair: Fraction(1, len(allowed)) for pair in allowed} or {None: Fraction(1)}
    assert every_way(lambda choose: policy.draw(0.0, choose)) == expected


def test_a_draw_that_lists_all_pairs_is_as_uniform_as_one_without_blocks() -> None:
    """One of the pool, then one of the others: two choices and no more, whatever is kept apart elsewhere."""
    policy = Uniform(minimum=3)
    policy.blocks.add("x", "y")
    for user in range(4):
        policy.enter(Searcher(user))
    asked: list[int] = []

    def choose(count: int) -> int:
        asked.append(count)
        return 0

    assert policy.draw(0.0, choose) == (0, 1)
    assert asked == [4, 3]


def test_fresh_waits_for_the_first_two_who_may_meet() -> None:
    roulette = apart("fresh:memory=2,patience=10", ["bc", "ac"], others="a")
    start_all(roulette, "ab")
    roulette.handle(Next("a"), 1.0)
    roulette.handle(Lobby("a"), 1.0)
    start_all(roulette, "c", 2.0)
    start_all(roulette, "a", 3.0)
    assert roulette.next_deadline() == 13.0, "c, who is second, may meet neither"
    assert roulette.handle(Tick(), 12.5) == ()
    assert roulette.handle(Tick(), 13.0) == (paired("b", "a", 2),)
    assert roulette.next_deadline() is None


def test_fresh_has_no_deadline_if_no_two_may_meet() -> None:
    roulette = apart("fresh:memory=2,patience=10", ["ab"])
    start_all(roulette, "ab")
    assert roulette.next_deadline() is None
    assert roulette.handle(Tick(), LONG) == ()


def test_a_wave_skips_a_user_who_may_meet_none() -> None:
    roulette = apart("waves:every=5", ["ab", "ac", "ad"])
    start_all(roulette, "abcd", 1.0)
    assert roulette.handle(Tick(), 5.0) == (paired("b", "c"),)
    assert roulette.explain("a").code == "only_blocked"
    assert roulette.explain("d").code == "only_blocked"
    assert roulette.handle(Lobby("d"), 6.0) == (Returned("d"),)


def test_a_shared_interest_does_not_pair_blocked_users() -> None:
    roulette = apart("interests:patience=10", ["ab"], others="c")
    roulette.handle(Start("a", ("chess",)), 0.0)
    roulette.handle(Start("b", ("chess",)), 1.0)
    assert roulette.handle(Start("c", ("chess",)), 2.0)[1:] == (paired("a", "c"),)


def test_open_users_kept_apart_are_told_that_others_want_something_else() -> None:
    roulette = apart("interests:patience=10", ["ab"], others="c")
    start_all(roulette, "ab")
    roulette.handle(Start("c", ("chess",)), 5.0)
    assert [roulette.explain(user).code for user in "abc"] == ["others_particular"] * 2 + ["no_shared_interest"]
    assert roulette.handle(Tick(), 15.0) == (paired("a", "c"),)


# What is told.


@pytest.mark.parametrize("policy", [*POLICIES, "tests.core.custom:NewestFirst"])
def test_a_user_blocked_from_all_others_is_told_so_without_names(policy: str) -> None:
    roulette = apart(policy, ["ab", "ac"], others="d")
    start_all(roulette, "ab")
    expected = Explanation("only_blocked", "a block keeps you apart from all other waiting users")
    assert roulette.explain("a") == roulette.explain("b") == expected
    assert roulette.explain("c").code == "not_searching"


def test_under_no_repeat_the_last_partner_and_those_kept_apart_are_named_together() -> None:
    roulette = apart("no-repeat", ["ac", "bc"])
    start_all(roulette, "abc")
    assert roulette.handle(Next("a"), 1.0) == (parted("a", "b", "next"),)
    code, text, *_ = roulette.explain("a")
    assert code == "latest_or_blocked"
    assert text == "all other waiting users are your last partner or blocked"
    assert roulette.explain("c").code == "only_blocked"


# Policies that look at no blocks.


def test_a_policy_that_ignores_blocks_pairs_no_blocked_users() -> None:
    roulette = Roulette(NewestFirst())
    join_all(roulette, "abc")
    start_all(roulette, "ab")
    assert roulette.handle(Block("a"), 0.0) == (parted("a", "b", "block"),)
    assert start_all(roulette, "c") == [Searching("c"), paired("c", "a", 2)]
    assert roulette.handle(Next("c"), 0.0) == (parted("c", "a", "next", 2), paired("c", "a", 3))


def test_a_policy_that_draws_a_blocked_pair_at_its_deadline_is_asked_again_after_the_next_event() -> None:
    roulette = Roulette(Patient(least=2, wait=1.5))
    join_all(roulette, "a")
    for user in "bc":
        roulette.handle(Join(user, name_of(user), blocked=("a",)), 0.0)
    start_all(roulette, "ab")
    assert roulette.next_deadline() == 1.5
    assert roulette.handle(Tick(), 2.0) == ()
    assert roulette.next_deadline() is None
    assert Roulette.restore(roulette.snapshot(), Patient(2, 1.5)).snapshot() == roulette.snapshot()
    assert roulette.handle(Lobby("a"), 3.0) == (Returned("a"),)
    assert start_all(roulette, "c", 4.0)[1:] in ([paired("b", "c")], [paired("c", "b")])


def test_a_deadline_that_has_passed_breaks_the_contract_despite_blocks() -> None:
    policy = Broken()
    roulette = Roulette(policy)
    join_all(roulette, "ab")
    roulette.policy.blocks.add("a", "b")
    policy.due = 0.0
    with pytest.raises(BrokenPolicy):
        roulette.handle(Start("a"), 1.0)


def test_a_policy_has_no_blocks_before_it_is_handed_over_and_then_those_of_its_roulette() -> None:
    policy = make_policy("v1")
    assert policy.blocks.apart == {}
    roulette = Roulette(policy)
    roulette.handle(Join("a", "a"), 0.0)
    roulette.handle(Join("b", "b", ("a",)), 0.0)
    assert policy.blocks is roulette.policy.blocks
    assert policy.blocks.apart == {"a": {"b": False}, "b": {"a": True}}


# Snapshots.


def test_a_snapshot_of_blocks_does_not_depend_on_how_they_came_about() -> None:
    first = apart("v1", ["ab", "bc", "cd"])
    second = Roulette("v1")
    for user in "abcd":
        second.handle(Join(user, name_of(user)), 0.0)
    for user, other in ("dc", "ba", "cb"):
        second.handle(Block(user, other), 0.0)
    assert first.snapshot() == second.snapshot()
    assert first.snapshot()["blocks"] == [["b", "a"], ["c", "b"], ["d", "c"]]


def effects_of(roulette: Roulette) -> list[tuple[Effect, ...]]:
    return [roulette.handle(Start(user), 1.0) for user in roulette.users()]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_restored_roulette_keeps_the_same_apart(policy: str) -> None:
    roulette = apart(policy, ["ab", "cd", "ad"], others="efg")
    restored = Roulette.restore(roulette.snapshot())
    assert effects_of(restored) == effects_of(roulette)
    assert restored.snapshot() == roulette.snapshot()
