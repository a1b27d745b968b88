"""The driver: exactly who is told what, and what is told again."""

import contextlib
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import (
    NEVER,
    Block,
    BrokenPolicy,
    BulkLeave,
    Effect,
    Explanation,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    LobbyLine,
    Next,
    Paired,
    Parted,
    Policy,
    PrivateLine,
    Roulette,
    RouletteError,
    Say,
    Searching,
    Start,
    State,
    Tick,
    Unblock,
    UnknownUser,
    User,
    audience,
)
from roulette_core.driver import Driver, Told, Waiting
from tests.core.scenarios import POLICIES, Timed, journeys


def heard(told: Iterable[Told]) -> dict[User, list[Effect | Waiting]]:
    """What each user was told, in order."""
    ears: dict[User, list[Effect | Waiting]] = {}
    for effect, to, _ in told:
        assert len(set(to)) == len(to)
        for user in to:
            ears.setdefault(user, []).append(effect)
    return ears


def effects_of(told: Iterable[Told]) -> list[Told]:
    return [each for each in told if not isinstance(each.effect, Waiting)]


def play(driver: Driver, journey: list[Timed]) -> Iterator[tuple[Timed, list[Told]]]:
    """Plays a journey; what the roulette refuses to take changes nothing."""
    for event, now in journey:
        try:
            told = driver.handle(event, now)
        except RouletteError as error:
            assert type(error) is not BrokenPolicy
        else:
            yield (event, now), told


# Who is told what.


def follow(effect: Effect, outside: set[User]) -> set[User]:
    """The rule, as plain as can be: moves users, then resolves the audience among those outside private."""
    if isinstance(effect, Paired):
        outside -= {effect.first, effect.second}
    elif isinstance(effect, Parted):
        outside |= {effect.user, effect.partner}
    elif isinstance(effect, Joined):
        outside.add(effect.user)
    elif isinstance(effect, Left):
        outside.discard(effect.user)
    users, lobby, but = audience(effect)
    return {*users, *(outside - {but} if lobby else ())}


@given(journeys(max_size=30), st.sampled_from(POLICIES))
def test_each_effect_is_told_to_its_audience_at_its_place_in_the_order(journey, policy):
    driver, plain, outside = Driver(Roulette(policy)), Roulette(policy), set[User]()
    for (event, now), told in play(driver, journey):
        expected = [(effect, follow(effect, outside)) for effect in plain.handle(event, now)]
        seen: list[tuple[Any, set[User]]] = []
        for effect, to, lobby in effects_of(told):
            assert lobby == (not set(to) & set(audience(effect).users) and type(effect) in (Joined, LobbyLine, Left))
            if lobby and seen and seen[-1][0] is effect:
                seen[-1][1].update(to)
            else:
                seen.append((effect, set(to)))
        assert seen == expected
        assert driver.hearers == len(outside)
        assert outside == {user for user in plain.users() if plain.state(user) is not State.PRIVATE}


@given(journeys(max_size=30), st.sampled_from(POLICIES), st.integers(1, 4))
def test_groups_hear_what_one_group_would(journey, policy, number):
    one, many = Driver(Roulette(policy)), Driver(Roulette(policy), alike=lambda user: hash(str(user)) % number)
    for (_, first), (_, second) in zip(play(one, journey), play(many, journey), strict=True):
        assert heard(first) == heard(second)
        for effect, to, lobby in second:
            assert not lobby or len({hash(str(user)) % number for user in to}) <= 1, effect
    assert one.hearers == many.hearers


def test_an_announcement_with_no_hearers_is_still_told():
    driver = Driver(Roulette())
    assert driver.handle(Join(1, "ada"), 0.0) == [Told(Joined(1, "ada"), (1,))]
    assert driver.handle(Say(1, "hello?"), 0.0) == [Told(LobbyLine(1, "hello?", "ada"), (), lobby=True)]
    assert driver.handle(Leave(1), 0.0) == [Told(Left(1, "ada"), (), lobby=True)]


def test_a_user_whose_key_has_changed_is_told_with_others_of_the_new_key():
    language = {1: "en", 2: "fr", 3: "fr", 4: "en"}
    driver = Driver(Roulette("uniform:minimum=2"), alike=language.__getitem__)
    for user in language:
        driver.handle(Join(user, f"n{user}"), 0.0)

    def groups(speaker: User) -> set[frozenset[User]]:
        return {frozenset(told.to) for told in driver.handle(Say(speaker, "x"), 0.0)}

    assert groups(1) == {frozenset({4}), frozenset({2, 3})}
    language[2] = "en"
    driver.regroup(2)
    assert groups(1) == {frozenset({2, 4}), frozenset({3})}
    driver.handle(Start(3), 0.0)
    driver.handle(Start(4), 0.0)
    language[3] = "en"
    driver.regroup(3)  # in private: does not enter the lobby
    assert groups(1) == {frozenset({2})}
    driver.handle(Lobby(3), 0.0)
    assert groups(1) == {frozenset({2, 3, 4})}


def test_a_restored_roulette_is_driven_on_where_it_was():
    driver = Driver(Roulette("uniform:minimum=2"))
    for user in range(5):
        driver.handle(Join(user, f"n{user}"), 0.0)
    for user in (0, 1, 2):
        driver.handle(Start(user), 0.0)
    again = Driver(Roulette.restore(driver.roulette.snapshot()))
    assert again.hearers == driver.hearers == 3
    for event in (Say(4, "hello"), Say(0, "you"), Next(0), Leave(2), Tick()):
        assert again.handle(event, 9.0) == driver.handle(event, 9.0)


@given(journeys(max_size=30), st.sampled_from(POLICIES), st.data())
def test_a_restart_in_between_changes_nothing_that_is_told(journey, policy, data):
    place = data.draw(st.integers(0, len(journey)))
    through, before = Driver(Roulette(policy)), Driver(Roulette(policy))
    whole = [told for _, told in play(through, journey)]
    first = [told for _, told in play(before, journey[:place])]
    after = Driver(Roulette.restore(before.roulette.snapshot()))
    second = [told for _, told in play(after, journey[place:])]
    assert [heard(effects_of(each)) for each in whole] == [heard(effects_of(each)) for each in first + second]


def test_a_mistake_of_the_caller_changes_nothing():
    driver = Driver(Roulette())
    driver.handle(Join(1, "ada"), 1.0)
    for event, now in ((Say(2, "x"), 1.0), (Join(1, "eve"), 1.0), (Say(1, "x"), 0.5)):
        with pytest.raises(RouletteError):
            driver.handle(event, now)
    assert driver.hearers == 1
    assert driver.wait(1.0) is None


# When to come again.


def test_a_tick_is_due_at_the_deadline_of_the_policy():
    driver = Driver(Roulette("waves:every=5"))
    assert driver.wait(0.0) is None
    for user in (1, 2):
        driver.handle(Join(user, f"n{user}"), 0.0)
        driver.handle(Start(user), 0.0)
    driver.handle(Tick(), 2.0)
    assert driver.wait(2.0) == 3.0
    assert driver.wait(7.0) == 0.0
    assert [type(told.effect) for told in driver.handle(Tick(), 7.0)] == [Paired]
    assert driver.wait(9.0) is None


def test_overdue_pairings_come_first():
    driver = Driver(Roulette("waves:every=5"))
    for user in (1, 2):
        driver.handle(Join(user, f"n{user}"), 0.0)
        driver.handle(Start(user), 0.0)
    assert driver.handle(Say(1, "psst"), 6.0) == [
        Told(Paired(1, 2, "n1", "n2", 1), (1, 2)),
        Told(PrivateLine(1, 2, "psst", "n1", 1), (2,)),
    ]


# Why users wait.


def waitings(told: Iterable[Told]) -> list[tuple[User, str]]:
    return [(each.to[0], each.effect.explanation.text) for each in told if isinstance(each.effect, Waiting)]


def test_a_user_is_told_why_they_wait_and_again_when_that_is_stale():
    driver = Driver(Roulette("fresh:memory=3,patience=20"))
    for user in (1, 2, 3):
        driver.handle(Join(user, f"n{user}"), 0.0)
    assert waitings(driver.handle(Start(1), 0.0)) == [(1, "nobody else is waiting")]
    assert waitings(driver.handle(Start(2), 10.0)) == []
    told = driver.handle(Next(1), 12.0)
    text = "you met all waiting users recently; in 20 s a repeat is allowed"
    assert [type(each.effect) for each in told] == [Parted, Waiting, Waiting]
    assert waitings(told) == [(2, text), (1, text)]
    assert waitings(driver.handle(Tick(), 20.0)) == []  # a countdown only counts down
    assert waitings(driver.handle(Leave(2), 21.0)) == [(1, "nobody else is waiting")]


def test_a_user_who_asks_again_is_told_again():
    driver = Driver(Roulette())
    driver.handle(Join(1, "ada"), 0.0)
    assert waitings(driver.handle(Start(1), 0.0)) == waitings(driver.handle(Start(1), 0.0)) != []
    driver.handle(Lobby(1), 0.0)
    assert waitings(driver.handle(Start(1), 0.0)) != []


def test_a_partner_left_behind_in_the_lobby_does_not_wait():
    driver = Driver(Roulette("uniform:minimum=2"))
    for user in (1, 2):
        driver.handle(Join(user, f"n{user}"), 0.0)
        driver.handle(Start(user), 0.0)
    assert waitings(driver.handle(Next(1, left_behind="lobby"), 5.0)) == [
        (1, "1 of the 2 people needed for a draw are waiting")
    ]


def test_a_block_or_its_end_makes_explanations_stale():
    driver = Driver(Roulette("uniform:minimum=3"))
    for user in (1, 2):
        driver.handle(Join(user, f"n{user}"), 0.0)
        driver.handle(Start(user), 0.0)
    driver.handle(Tick(), 5.0)
    blocked = "a block keeps you apart from all other waiting users"
    assert sorted(waitings(driver.handle(Block(1, 2), 10.0))) == [(1, blocked), (2, blocked)]
    assert len(waitings(driver.handle(Unblock(1, 2), 20.0))) == 2


def test_an_explanation_that_ends_by_time_alone_is_told_again_in_time():
    driver = Driver(Roulette("interests:patience=10"))
    for user, topics in ((1, ("go",)), (2, ("chess",)), (3, ("tea",))):
        driver.handle(Join(user, f"n{user}"), float(user))
        driver.handle(Start(user, topics), float(user))
    driver.handle(Block(1, 2), 4.0)
    driver.handle(Block(1, 3), 4.0)
    now = 4.0
    while (wait := driver.wait(now)) is not None and now + wait <= 12.0:
        now += wait
        told = driver.handle(Tick(), now)
    assert now == 12.0
    assert waitings(told) == [(2, "all other waiting users asked for other interests")]


@pytest.mark.parametrize(
    ("policy", "topics", "until", "figure"),
    [
        ("fresh:memory=3,patience=20", (), 21.0, 16),
        ("waves:every=7", (), 7.0, 2),
        ("interests:patience=10", ("go",), 11.0, 6),
        ("uniform:minimum=5", (), None, 5),
    ],
)
def test_an_explanation_that_counts_down_names_the_time_and_ends_with_the_seconds_left(policy, topics, until, figure):
    roulette = Roulette(policy)
    for user in (1, 2):
        roulette.handle(Join(user, f"n{user}"), 0.0)
        roulette.handle(Start(user, topics and (f"{topics[0]}{user}",)), 0.0)
    if policy.startswith("fresh"):
        roulette.handle(Next(1), 1.0)
    elif policy.startswith("interests"):
        for user in (1, 2):
            roulette.handle(Lobby(user), 1.0)
            roulette.handle(Start(user, (f"go{user}",)), 1.0)
    roulette.handle(Tick(), 5.0)
    early = roulette.explain(1)
    assert (early.until, early.figures[-1]) == (until, figure)
    roulette.handle(Tick(), 6.0)
    assert roulette.explain(1).gist == early.gist
    assert (roulette.explain(1) == early) == (until is None)


class Sunset(Policy):
    """Draws no two. Its explanation changes at a time that is no deadline."""

    def draw(self, now, choose):
        return None

    def explain(self, user, now):
        if now < 30.0:
            return Explanation("day", f"it is day for {30 - now:.0f} s", (round(30 - now),), 30.0)
        return Explanation("night", "it is night", (), 30.0)  # out of date: that time has come


def test_the_time_at_which_an_explanation_ends_is_enough():
    driver = Driver(Roulette(Sunset()))
    driver.handle(Join(1, "ada"), 0.0)
    driver.handle(Start(1), 0.0)
    driver.handle(Tick(), 4.0)
    assert driver.wait(4.0) == 26.0
    assert waitings(driver.handle(Tick(), 30.0)) == [(1, "it is night")]
    assert driver.wait(30.0) is None


class Watch:
    """Ticks in time, and keeps what each searching user was told last, and when."""

    def __init__(self, policy: str) -> None:
        self.driver = Driver(Roulette(policy))
        self.now = 0.0
        self.last: dict[User, Explanation] = {}
        self.at: dict[User, float] = {}

    def handle(self, event, now):
        for effect, to, _ in self.driver.handle(event, now):
            if isinstance(effect, Waiting):
                (user,) = to
                assert user == effect.user
                assert user not in self.last or self.last[user].gist != effect.explanation.gist
                assert now - self.at.get(user, -1.0) >= 1.0 or user not in self.last
                self.last[user], self.at[user] = effect.explanation, now
            elif isinstance(effect, Searching | Parted | Paired):
                for user in to:
                    self.last.pop(user, None)
        self.now = now

    def pass_time(self, until):
        while (wait := self.driver.wait(self.now)) is not None and self.now + wait <= until:
            self.handle(Tick(), self.now + wait)


@given(journeys(max_size=30), st.sampled_from(POLICIES))
def test_after_a_second_without_news_no_explanation_is_stale(journey, policy):
    watch = Watch(policy)
    roulette = watch.driver.roulette
    for event, now in journey:
        watch.pass_time(now)
        with contextlib.suppress(RouletteError):
            watch.handle(event, now)
        wait = watch.driver.wait(now)
        for user in roulette.users(State.SEARCHING):
            assert user in watch.last  # told with the answer itself
            if wait is None or wait > 1.0:
                assert watch.last[user].gist == roulette.explain(user).gist
    watch.pass_time(watch.now + 2.0)
    for user in roulette.users(State.SEARCHING):
        assert watch.last[user].gist == roulette.explain(user).gist


def test_looking_at_thousands_is_bounded_and_each_learns_in_the_end(monkeypatch):
    driver = Driver(Roulette("uniform:minimum=5000"))
    looks = 0
    explain = Roulette.explain

    def counted(roulette, user):
        nonlocal looks
        looks += 1
        return explain(roulette, user)

    monkeypatch.setattr(Roulette, "explain", counted)
    for user in range(2501):
        driver.handle(Join(user, f"n{user}"), 0.0)
    for user in range(2500):
        driver.handle(Start(user), 0.0)
    assert looks <= 2500 + 1000  # each at their own start, and one look for all that happened at that time
    now, told = 0.0, []
    while (wait := driver.wait(now)) is not None:
        now += wait
        looks = 0
        told = driver.handle(Tick(), now)
        assert looks <= 1000
    driver.handle(Start(2500), now + 10.0)
    now, learnt = now + 10.0, set()
    begun = now
    while (wait := driver.wait(now)) is not None:
        now += wait
        told = driver.handle(Tick(), now)
        learnt |= {user for user, text in waitings(told) if text.startswith("2501 of")}
    assert len(learnt) >= 1500  # the others heard at once
    assert now - begun <= 3.0
    assert driver.handle(Tick(), now + 100.0) == []


# A policy that breaks.


class Breaks(Policy):
    """Draws the first two, until it is to raise."""

    fails = ""

    def draw(self, now, choose):
        if self.fails == "draw":
            raise KeyError("profile")
        return tuple(self.pool)[:2] if len(self.pool) > 1 else None

    def explain(self, user, now):
        if self.fails == "explain":
            raise KeyError("why")
        return super().explain(user, now)


def broken(fails: str) -> Driver:
    policy = Breaks()
    driver = Driver(Roulette(policy))
    for user in (1, 2):
        driver.handle(Join(user, f"n{user}"), 0.0)
        driver.handle(Start(user), 0.0)
    policy.fails = fails
    return driver


@pytest.mark.parametrize("fails", ["draw", "explain"])
def test_what_happened_before_a_policy_broke_is_told_and_then_it_is_raised(fails):
    driver = broken(fails)
    told = driver.handle(BulkLeave((1,)) if fails == "explain" else Next(1), 1.0)
    assert next(type(each.effect) for each in told) is Parted
    for call in (lambda: driver.wait(1.0), lambda: driver.handle(Tick(), 1.0)):
        with pytest.raises(BrokenPolicy) as caught:
            call()
        assert isinstance(caught.value.__cause__, KeyError)


def test_a_policy_that_breaks_before_any_effect_is_raised_at_once():
    class Late(Breaks):
        def draw(self, now, choose):
            return super().draw(now, choose) if self.fails else None

        def deadline(self, now):
            return 5.0 if now < 5.0 else NEVER

    driver = Driver(Roulette(policy := Late()))
    for user in (1, 2):
        driver.handle(Join(user, f"n{user}"), 0.0)
        driver.handle(Start(user), 0.0)
    policy.fails = "draw"
    with pytest.raises(BrokenPolicy):
        driver.handle(Say(1, "x"), 6.0)
    with pytest.raises(BrokenPolicy):
        driver.handle(Tick(), 6.0)


def test_an_unknown_user_is_refused_before_anything_is_told():
    driver = Driver(Roulette())
    with pytest.raises(UnknownUser):
        driver.handle(Say(9, "x"), 0.0)


# What is imported.


def test_the_library_imports_neither_driver_nor_asyncio():
    code = "import sys, roulette_core; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    loaded = {name for name in modules if name.startswith("roulette_core.")}
    assert not {name for name in loaded if name.split(".")[1] in ("driver", "aio", "names", "testing")}
    assert not {"asyncio", "socket", "threading", "signal", "logging", "pathlib"} & set(modules)
