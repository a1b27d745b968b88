"""Order of effects, and who hears of each."""

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import (
    Audience,
    Blocked,
    Effect,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    Next,
    Paired,
    Parted,
    Reason,
    Refused,
    Returned,
    Roulette,
    Say,
    Searching,
    Start,
    State,
    Unblocked,
    User,
    audience,
)
from tests.core.scenarios import (
    POLICIES,
    Timed,
    attempt,
    join_all,
    journeys,
    lobby_line,
    paired,
    parted,
    private_line,
    start_all,
)

AUDIENCES: list[tuple[Effect, Audience]] = [
    (Joined(1, "ada"), Audience((1,), lobby=True, but=1)),
    (Refused(1, Reason.NOT_PRIVATE), Audience((1,))),
    (lobby_line(1, "x"), Audience(lobby=True, but=1)),
    (private_line(1, 2, "x"), Audience((2,))),
    (Searching(1), Audience((1,))),
    (Returned(1), Audience((1,))),
    (paired(1, 2), Audience((1, 2))),
    (parted(1, 2, "next"), Audience((1, 2))),
    (parted(1, 2, "block"), Audience((1, 2))),
    (Blocked(1, 2, "bob"), Audience((1,))),
    (Unblocked(1, 2, "bob"), Audience((1,))),
    (Left(1, "ada"), Audience(lobby=True, but=1)),
]


@pytest.mark.parametrize(("effect", "expected"), AUDIENCES)
def test_every_effect_names_its_audience(effect: Effect, expected: Audience) -> None:
    assert audience(effect) == expected


def test_every_kind_of_effect_has_an_audience_and_a_kind_of_its_own() -> None:
    kinds = {type(effect) for effect, _ in AUDIENCES}
    assert kinds == set(typing.get_args(Effect))
    assert len({effect.kind for effect, _ in AUDIENCES}) == len(kinds)
    alike: list[Effect] = [Searching(1), Returned(1)]
    assert alike[0] != alike[1]


def crowd() -> Roulette:
    """v1 with a and b in private, c searching alone, d and e in the lobby."""
    roulette = Roulette()
    join_all(roulette, "abcde")
    start_all(roulette, "abc")
    return roulette


def test_those_searching_still_hear_the_lobby_and_are_heard() -> None:
    roulette = crowd()
    (line,) = roulette.handle(Say("d", "hello"), 0)
    assert list(roulette.recipients(line)) == ["c", "e"]
    (line,) = roulette.handle(Say("c", "hello"), 0)
    assert list(roulette.recipients(line)) == ["d", "e"]


def test_a_private_line_reaches_the_partner_alone() -> None:
    roulette = crowd()
    (line,) = roulette.handle(Say("a", "psst"), 0)
    assert line == private_line("a", "b", "psst")
    assert list(roulette.recipients(line)) == ["b"]


def test_an_arrival_is_a_welcome_and_news() -> None:
    roulette = crowd()
    (joined,) = roulette.handle(Join("f", "fay"), 0)
    assert list(roulette.recipients(joined)) == ["f", "c", "d", "e"]


def test_a_refused_name_is_told_to_a_user_who_is_not_present() -> None:
    roulette = crowd()
    (refused,) = roulette.handle(Join("f", "name of 'a'"), 0)
    assert list(roulette.recipients(refused)) == ["f"]


def test_an_announcement_is_one_effect_for_any_number_of_recipients() -> None:
    roulette = Roulette()
    join_all(roulette, range(1000))
    assert roulette.handle(Say(0, "hello"), 0) == (lobby_line(0, "hello"),)
    assert len(list(roulette.recipients(lobby_line(0, "hello")))) == 999


def test_after_next_the_partner_searches_ahead_of_the_one_who_asked() -> None:
    roulette = crowd()
    roulette.handle(Lobby("c"), 0)
    assert roulette.handle(Next("a"), 0) == (parted("a", "b", "next"),)
    assert list(roulette.policy.pool) == ["b", "a"]
    assert roulette.handle(Start("d"), 0) == (Searching("d"), paired("b", "d", 2))


def test_parted_comes_before_the_effects_that_follow_from_it() -> None:
    roulette = crowd()
    assert roulette.handle(Next("a"), 0) == (parted("a", "b", "next"), paired("c", "b", 2))
    roulette = crowd()
    assert roulette.handle(Lobby("a"), 0) == (parted("a", "b", "lobby"), paired("c", "b", 2))
    roulette = crowd()
    assert roulette.handle(Leave("a"), 0) == (parted("a", "b", "leave"), Left("a", "name of 'a'"), paired("c", "b", 2))


def test_overdue_pairings_come_before_the_event() -> None:
    roulette = Roulette("waves:every=5")
    join_all(roulette, "abc")
    start_all(roulette, "ab")
    assert roulette.handle(Say("a", "late"), 5) == (paired("a", "b"), private_line("a", "b", "late"))


def test_a_user_paired_just_before_the_event_is_judged_as_in_private() -> None:
    roulette = Roulette("waves:every=5")
    join_all(roulette, "ab")
    start_all(roulette, "ab")
    assert roulette.handle(Start("a"), 5) == (paired("a", "b"), Refused("a", Reason.ALREADY_PRIVATE))
    assert roulette.now == 5


class Listener:
    """A driver that keeps its own lobby, and moves users in and out of it as it carries effects out."""

    def __init__(self) -> None:
        self.lobby: set[User] = set()
        self.private: set[User] = set()

    def carry_out(self, effect: Effect) -> set[User]:
        match effect:
            case Joined(user, _):
                self.lobby.add(user)
            case Paired(first, second):
                self.lobby -= {first, second}
                self.private |= {first, second}
            case Parted(user, partner, _):
                self.private -= {user, partner}
                self.lobby |= {user, partner}
            case Left(user, _):
                self.lobby.discard(user)
        users, lobby, but = audience(effect)
        return {*users, *(self.lobby - {but} if lobby else ())}


@given(policy=st.sampled_from(POLICIES), journey=journeys())
def test_a_driver_that_follows_the_effects_has_the_same_lobby_as_the_core(policy: str, journey: list[Timed]) -> None:
    roulette, listener = Roulette(policy), Listener()
    for event, now in journey:
        effects = attempt(roulette, event, now)
        if isinstance(effects, type):
            continue
        heard = [listener.carry_out(effect) for effect in effects]
        assert listener.private == set(roulette.users(State.PRIVATE))
        assert listener.lobby == set(roulette.users()) - listener.private
        if effects and effects[-1].kind != "refused":
            hear = list(roulette.recipients(effects[-1]))
            assert len(hear) == len(set(hear))
            assert set(hear) == heard[-1]


def test_recipients_who_have_left_are_skipped() -> None:
    roulette = crowd()
    roulette.handle(Leave("b"), 0)
    assert list(roulette.recipients(paired("a", "b"))) == ["a"]
