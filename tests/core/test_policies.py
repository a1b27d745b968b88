"""The built-in policies in examples, each a sentence; their draws, deadlines and explanations."""

from itertools import combinations, pairwise

import pytest
from scipy.stats import chisquare

from roulette_core import (
    BadPolicy,
    Explanation,
    Leave,
    Lobby,
    Next,
    Paired,
    Roulette,
    Start,
    State,
    Tick,
    User,
    make_policy,
)
from roulette_core.policies import Fresh, Interests, Uniform, Waves
from tests.core.scenarios import join_all, paired, pairs_in, parted, start_all


def searching(policy: str, users: list[User] | str, now: float = 0.0) -> Roulette:
    """A roulette where these have joined, and begun to search one after another."""
    roulette = Roulette(policy)
    join_all(roulette, users, now)
    start_all(roulette, users, now)
    return roulette


def part_all(roulette: Roulette, now: float) -> None:
    """Moves all users back to the lobby."""
    for user in roulette.users():
        if roulette.state(user) is not State.LOBBY:
            roulette.handle(Lobby(user), now)
    for user in roulette.users(State.SEARCHING):
        roulette.handle(Lobby(user), now)


def have_met(policy: str, chats: list[str], others: str = "") -> Roulette:
    """Returns a roulette with all users in the lobby at time 0, of whom these have met in this order."""
    roulette = Roulette(policy)
    join_all(roulette, sorted({user for chat in chats for user in chat} | set(others)))
    for chat in chats:
        first, second = list(chat)
        assert pairs_in(start_all(roulette, [first, second])) == [{first, second}]
        part_all(roulette, 0.0)
    return roulette


# no-repeat


def test_two_who_wait_under_no_repeat_are_put_together_at_once() -> None:
    assert searching("no-repeat", "ab").pairs() == [("a", "b")]


def test_two_alone_who_have_just_left_each_other_wait_for_a_third() -> None:
    roulette = searching("no-repeat", "ab")
    roulette.handle(Next("a"), 1.0)
    roulette.handle(Tick(), 1e9)
    assert roulette.users(State.SEARCHING) == ["a", "b"]
    assert roulette.next_deadline() is None
    assert roulette.explain("a") == Explanation(
        "only_latest_partner", "the only other person waiting is your last partner"
    )


def test_a_third_user_is_paired_with_the_partner_left_behind_first() -> None:
    roulette = searching("no-repeat", "ab")
    roulette.handle(Next("a"), 1.0)
    join_all(roulette, "c", 2.0)
    assert start_all(roulette, "c", 2.0)[-1] == paired("b", "c", 2)
    assert roulette.explain("a") == Explanation("alone", "nobody else is waiting")


def test_three_by_turns_never_meet_the_same_twice_running() -> None:
    roulette = searching("no-repeat", "abc")
    met: list[set[User]] = [{"a", "b"}]
    for _ in range(20):
        met += pairs_in(roulette.handle(Next(roulette.pairs()[0][0]), 0))
    assert len(met) == 21
    assert all(before != after for before, after in pairwise(met))


def test_no_repeat_looks_from_either_side() -> None:
    roulette = have_met("no-repeat", ["ab", "bc"], others="d")
    assert pairs_in(start_all(roulette, "ab")) == [], "b has met c since, but a's latest is b"
    assert pairs_in(start_all(roulette, "d")) == [{"a", "d"}]


def test_a_user_who_leaves_forgets_but_is_remembered() -> None:
    roulette = have_met("no-repeat", ["ab"])
    roulette.handle(Leave("a"), 0)
    join_all(roulette, "a")
    assert pairs_in(start_all(roulette, "ab")) == [], "b still remembers a"
    roulette.handle(Leave("b"), 0)
    join_all(roulette, "b")
    assert pairs_in(start_all(roulette, "b")) == [{"a", "b"}]


def test_going_through_the_lobby_does_not_forget() -> None:
    roulette = have_met("no-repeat", ["ab"])
    assert pairs_in(start_all(roulette, "ab")) == []


# uniform


@pytest.mark.parametrize("minimum", [2, 3, 7])
def test_uniform_draws_as_soon_as_the_minimum_is_waiting_and_not_before(minimum: int) -> None:
    roulette = Roulette(f"uniform:minimum={minimum}")
    join_all(roulette, range(minimum))
    for waiting in range(1, minimum):
        assert pairs_in(start_all(roulette, [waiting - 1])) == []
        assert roulette.explain(0) == Explanation(
            "too_few", f"{waiting} of the {minimum} people needed for a draw are waiting", (waiting, minimum)
        )
    assert len(pairs_in(start_all(roulette, [minimum - 1]))) == 1
    assert roulette.counts()[State.SEARCHING] == minimum - 2


def test_uniform_may_draw_two_together_again() -> None:
    roulette = searching("uniform:minimum=2", "ab")
    assert roulette.handle(Next("a"), 0)[0] == parted("a", "b", "next")
    assert roulette.state("a") is State.PRIVATE


@pytest.mark.parametrize("waiting", [3, 5])
def test_each_pair_of_those_waiting_is_drawn_with_the_same_probability(waiting: int) -> None:
    """Chi-square over all pairs at a fixed seed: a fair draw fails one seed in a thousand, and this is one seed."""
    roulette = Roulette(f"uniform:minimum={waiting}", seed=1)
    join_all(roulette, range(waiting))
    tally: dict[frozenset[User], int] = {frozenset(pair): 0 for pair in combinations(range(waiting), 2)}
    asked_first = 0
    for _ in range(3000):
        for user in roulette.users(State.LOBBY):
            for effect in roulette.handle(Start(user), 0):
                if isinstance(effect, Paired):
                    tally[frozenset(effect[:2])] += 1
                    asked_first += effect.first < effect.second  # type: ignore[operator]
        part_all(roulette, 0)
    assert sum(tally.values()) == 3000
    assert chisquare(list(tally.values())).pvalue > 0.001
    assert chisquare([asked_first, 3000 - asked_first]).pvalue > 0.001


def test_an_unfair_draw_fails_the_same_chi_square() -> None:
    class Lopsided(Uniform):
        def draw(self, now, choose):  # type: ignore[no-untyped-def]
            return super().draw(now, lambda count: min(choose(count), choose(count)))

    roulette = Roulette(Lopsided(minimum=3), seed=1)
    join_all(roulette, range(3))
    tally: dict[frozenset[User], int] = {frozenset(pair): 0 for pair in combinations(range(3), 2)}
    for _ in range(3000):
        for pair in pairs_in(start_all(roulette, roulette.users(State.LOBBY))):
            tally[frozenset(pair)] += 1
        part_all(roulette, 0)
    assert chisquare(list(tally.values())).pvalue < 0.001


# fresh


def test_fresh_avoids_as_many_partners_back_as_it_remembers() -> None:
    roulette = have_met("fresh:memory=2,patience=10", ["ab", "ac"], others="d")
    assert pairs_in(start_all(roulette, "abc")) == [{"b", "c"}]
    roulette = have_met("fresh:memory=2,patience=10", ["ab", "ac", "ad", "bc", "bd"])
    assert pairs_in(start_all(roulette, "ab")) == [{"a", "b"}], "each has met two others since"


def test_fresh_allows_a_repeat_once_both_have_lost_patience() -> None:
    roulette = searching("fresh:memory=2,patience=10", "ab")
    roulette.handle(Next("a"), 1.0)
    assert roulette.next_deadline() == 11.0
    assert roulette.explain("b").code == "met_lately"
    assert "in 10 s" in roulette.explain("b").text
    assert roulette.handle(Tick(), 10.75) == ()
    assert roulette.handle(Tick(), 11.0) == (paired("b", "a", 2),)


def test_the_latest_partner_is_allowed_only_after_both_lost_patience() -> None:
    roulette = have_met("fresh:memory=2,patience=10", ["ab"])
    start_all(roulette, "a", 0)
    assert pairs_in(start_all(roulette, "b", 50.0)) == []
    assert roulette.next_deadline() == 60.0
    assert roulette.handle(Tick(), 60.0) == (paired("a", "b", 2),)


@pytest.mark.parametrize("memory", [1, 2, 3, 4])
def test_memory_plus_one_can_be_fully_blocked_and_one_more_always_frees_two(memory: int) -> None:
    known: list[User] = list(range(memory + 1))
    roulette = Roulette(f"fresh:memory={memory},patience=1000")
    join_all(roulette, [*known, "new"])
    for pair in combinations(known, 2):
        start_all(roulette, pair)
        part_all(roulette, 0)
    assert pairs_in(start_all(roulette, known)) == []
    assert roulette.counts()[State.SEARCHING] == memory + 1
    assert pairs_in(start_all(roulette, ["new"])) == [{0, "new"}]


def test_fresh_alone_has_no_deadline_and_says_so() -> None:
    roulette = searching("fresh", "a")
    assert roulette.next_deadline() is None
    assert roulette.explain("a").code == "alone"


def test_fresh_forgets_who_leaves() -> None:
    roulette = have_met("fresh:memory=2,patience=10", ["ab"])
    for user in "ab":
        roulette.handle(Leave(user), 0)
    join_all(roulette, "ab")
    assert pairs_in(start_all(roulette, "ab")) == [{"a", "b"}]


# waves


def test_waves_collect_and_pair_all_at_the_next_multiple() -> None:
    roulette = searching("waves:every=5", "abcd", now=1.0)
    assert roulette.pairs() == []
    assert roulette.next_deadline() == 5.0
    assert roulette.explain("a") == Explanation("next_wave", "the next wave of pairings is in 4 s", (4,), 5.0)
    assert roulette.handle(Tick(), 4.75) == ()
    assert roulette.handle(Tick(), 5.0) == (paired("a", "b"), paired("c", "d", 2))
    assert roulette.next_deadline() is None


def test_with_an_odd_number_the_last_to_come_waits_for_the_next_wave() -> None:
    roulette = searching("waves:every=5", "abc", now=1.0)
    assert roulette.handle(Tick(), 5.0) == (paired("a", "b"),)
    assert roulette.users(State.SEARCHING) == ["c"]
    assert roulette.explain("c").code == "alone"
    join_all(roulette, "d", 6.0)
    assert pairs_in(start_all(roulette, "d", 6.0)) == [], "d has missed the wave that c waited for"
    assert roulette.next_deadline() == 10.0
    assert roulette.handle(Tick(), 12.0) == (paired("c", "d", 2),)


def test_a_user_who_enters_at_the_time_of_a_wave_waits_for_the_next() -> None:
    roulette = searching("waves:every=5", "ab", now=5.0)
    assert roulette.pairs() == []
    assert roulette.next_deadline() == 10.0


def test_a_wave_pairs_those_who_have_met_least() -> None:
    roulette = Roulette("waves:every=5")
    join_all(roulette, "abcd")
    met = []
    for wave in range(1, 4):
        start_all(roulette, "abcd", 5.0 * wave - 1)
        met += pairs_in(roulette.handle(Tick(), 5.0 * wave))
        part_all(roulette, 5.0 * wave)
    assert {frozenset(pair) for pair in met} == {frozenset(pair) for pair in combinations("abcd", 2)}


def test_a_late_tick_is_one_wave() -> None:
    roulette = searching("waves:every=5", "abcd")
    assert len(roulette.handle(Tick(), 500.0)) == 2


def test_two_who_have_met_meet_again_if_there_is_nobody_else() -> None:
    roulette = Roulette("waves:every=5")
    join_all(roulette, "ab")
    for wave in (1, 2, 3):
        start_all(roulette, "ab", 5.0 * wave - 1)
        assert pairs_in(roulette.handle(Tick(), 5.0 * wave)) == [{"a", "b"}]
        part_all(roulette, 5.0 * wave)


def test_waves_forget_who_leaves() -> None:
    roulette = Roulette("waves:every=5")
    join_all(roulette, "abc")
    start_all(roulette, "ab", 1.0)
    roulette.handle(Tick(), 5.0)
    for user in "ab":
        roulette.handle(Leave(user), 5.0)
    join_all(roulette, "ab", 5.0)
    start_all(roulette, "abc", 6.0)
    assert pairs_in(roulette.handle(Tick(), 10.0)) == [{"a", "b"}]


@pytest.mark.parametrize("every", [1e-6, 0.1, 1 / 3, 0.7, 1e9, 1e300])
@pytest.mark.parametrize("now", [0.0, 0.3, 1e6 + 0.1, 2.0**53 - 1])
def test_a_wave_is_always_ahead_and_is_reached_at_its_time(every: float, now: float) -> None:
    roulette = Roulette(Waves(every=every))
    join_all(roulette, "ab", now)
    start_all(roulette, "ab", now)
    deadline = roulette.next_deadline()
    assert deadline is not None
    assert deadline > now
    if deadline < 2.0**53:
        assert roulette.handle(Tick(), deadline) == (paired("a", "b"),)


# interests


def test_a_shared_interest_comes_first() -> None:
    roulette = Roulette("interests:patience=10")
    join_all(roulette, "abcd")
    roulette.handle(Start("a", ("chess",)), 0)
    roulette.handle(Start("b", ("go",)), 1)
    assert roulette.handle(Start("c", ("go", "chess")), 2)[1:] == (paired("a", "c"),), "the longest waiting first"
    assert roulette.explain("b").code == "alone"


def test_two_without_interests_meet_at_once() -> None:
    assert searching("interests", "ab").pairs() == [("a", "b")]


def test_after_patience_interests_no_longer_count() -> None:
    roulette = Roulette("interests:patience=10")
    join_all(roulette, "ab")
    roulette.handle(Start("a", ("chess",)), 0)
    roulette.handle(Start("b", ("go",)), 4)
    assert roulette.next_deadline() == 10
    assert roulette.explain("a") == Explanation(
        "no_shared_interest",
        "no eligible user shares an interest with you; in 6 s interests no longer count",
        (6,),
        10.0,
    )
    assert roulette.handle(Tick(), 10) == ()
    assert roulette.explain("a") == Explanation(
        "others_particular", "all other waiting users asked for other interests"
    )
    assert roulette.next_deadline() == 14
    assert roulette.handle(Tick(), 14) == (paired("a", "b"),)


def test_an_open_user_meets_the_first_to_lose_patience() -> None:
    roulette = Roulette("interests:patience=10")
    join_all(roulette, "abc")
    roulette.handle(Start("a", ("chess",)), 0)
    roulette.handle(Start("b", ("go",)), 1)
    assert roulette.handle(Start("c"), 2)[1:] == ()
    assert roulette.explain("c").code == "others_particular"
    assert roulette.handle(Tick(), 10) == (paired("a", "c"),)


def test_next_does_not_pair_the_same_two_at_once() -> None:
    roulette = Roulette("interests:patience=10")
    join_all(roulette, "ab")
    for user in "ab":
        roulette.handle(Start(user, ("chess",)), 0)
    assert roulette.handle(Next("a"), 5) == (parted("a", "b", "next"),)
    assert roulette.next_deadline() == 15
    assert roulette.handle(Tick(), 14) == ()
    assert roulette.handle(Tick(), 15) == (paired("b", "a", 2),)


def test_next_between_two_open_users_says_that_the_other_is_the_last_partner() -> None:
    roulette = searching("interests", "ab")
    roulette.handle(Next("a"), 5)
    assert roulette.explain("a").code == roulette.explain("b").code == "only_latest_partner"


def test_interests_last_from_start_to_start() -> None:
    roulette = Roulette("interests:patience=10")
    join_all(roulette, "abc")
    roulette.handle(Start("a", ("chess",)), 0)
    roulette.handle(Start("b", ("chess",)), 0)
    roulette.handle(Next("a"), 1)
    assert roulette.handle(Start("c", ("chess",)), 2)[-1] == paired("b", "c", 2)
    roulette.handle(Lobby("a"), 3)
    roulette.handle(Start("a", ("go",)), 3)
    assert roulette.handle(Next("b"), 3) == (parted("b", "c", "next", 2),), "a does not wait for chess any more"


def test_an_interest_named_twice_counts_once() -> None:
    roulette = Roulette("interests")
    join_all(roulette, "ab")
    roulette.handle(Start("a", ("go", "go")), 0)
    assert roulette.handle(Lobby("a"), 0)[0].kind == "returned"
    roulette.handle(Start("a", ("go", "go")), 0)
    assert roulette.handle(Start("b", ("go",)), 0)[-1] == paired("a", "b")


def test_interests_forget_who_leaves() -> None:
    roulette = have_met("interests", ["ab"])
    for user in "ab":
        roulette.handle(Leave(user), 0)
    join_all(roulette, "ab")
    assert pairs_in(start_all(roulette, "ab")) == [{"a", "b"}]


# all of them


@pytest.mark.parametrize("policy", ["v1", "v2", "fresh", "waves", "interests"])
def test_a_single_user_waits_without_a_deadline(policy: str) -> None:
    roulette = searching(policy, "a")
    join_all(roulette, "b")
    assert roulette.next_deadline() is None
    assert roulette.explain("a").code in ("alone", "too_few")
    assert roulette.explain("b") == Explanation("not_searching", "not waiting for a partner")


@pytest.mark.parametrize("policy", ["v1", "v2", "fresh", "waves", "interests"])
def test_an_explanation_contains_no_text_of_users(policy: str) -> None:
    roulette = Roulette(policy)
    for user in ("\x1b[2J", "{evil}"):
        join_all(roulette, [user])
        roulette.handle(Start(user, (user,)), 0)
    for pair in roulette.pairs():
        roulette.handle(Next(pair[0]), 0)
    texts = [roulette.explain(user).text for user in roulette.users(State.SEARCHING)]
    assert texts
    assert not any("evil" in text or "\x1b" in text for text in texts)


NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        *((Uniform, {"minimum": minimum}) for minimum in (1, 0, -3)),
        *((Fresh, {"memory": memory}) for memory in (0, -1, 1001)),
        *((Fresh, {"patience": patience}) for patience in (0, -1, NAN, INFINITE)),
        *((Waves, {"every": every}) for every in (0, -1, 1e-7, 1e-300, NAN, INFINITE)),
        *((Interests, {"patience": patience}) for patience in (0, -1, NAN, INFINITE)),
    ],
)
def test_a_parameter_out_of_range_is_refused_with_the_range_in_words(kind: type, parameters: dict[str, float]) -> None:
    with pytest.raises(BadPolicy, match=r"more|memory"):
        kind(**parameters)


@pytest.mark.parametrize("policy", ["fresh:patience=1e-9", "interests:patience=1e-9", "waves:every=1e-6"])
def test_the_shortest_patience_at_the_end_of_time_still_ends(policy: str) -> None:
    last = 2.0**53 - 2
    roulette = searching(policy, "ab", last)
    roulette.handle(Next("a"), last)
    roulette.handle(Tick(), last + 1)
    assert roulette.state("a") is State.PRIVATE


def test_make_policy_gives_a_new_policy_each_time() -> None:
    assert make_policy("v1") is not make_policy("v1")
