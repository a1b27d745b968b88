"""Every event in every state: the table in states.py is the sole judge, and illegal input changes nothing."""

import math
import typing
from typing import Any

import pytest

from roulette_core import (
    AlreadyJoined,
    Block,
    BulkLeave,
    Effect,
    Event,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    Next,
    NotAnEvent,
    Reason,
    Refused,
    Returned,
    Roulette,
    RouletteError,
    Say,
    Searching,
    Start,
    State,
    Tick,
    TimeRanBack,
    Unblock,
    Unblocked,
    UnknownUser,
)
from roulette_core.states import TRANSITIONS
from tests.core.scenarios import attempt, in_state, join_all, lobby_line, parted, private_line, start_all

EVENTS: dict[type, Event] = {
    Join: Join(1, "ada"),
    Say: Say(1, "hello"),
    Start: Start(1),
    Next: Next(1),
    Block: Block(1),
    Unblock: Unblock(1, 8),
    Lobby: Lobby(1),
    Leave: Leave(1),
    BulkLeave: BulkLeave((1,)),
}

GRID = [(kind, state) for kind in EVENTS for state in State]

NAME = "name of 1"
FOLLOWS: dict[tuple[type, State], tuple[Effect, ...]] = {
    (Join, State.OUTSIDE): (Joined(1, "ada"),),
    (Say, State.LOBBY): (lobby_line(1, "hello"),),
    (Say, State.SEARCHING): (lobby_line(1, "hello"),),
    (Say, State.PRIVATE): (private_line(1, 2, "hello"),),
    (Start, State.LOBBY): (Searching(1),),
    (Start, State.SEARCHING): (Searching(1),),
    (Next, State.PRIVATE): (parted(1, 2, "next"),),
    (Block, State.PRIVATE): (parted(1, 2, "block"),),
    (Lobby, State.SEARCHING): (Returned(1),),
    (Lobby, State.PRIVATE): (parted(1, 2, "lobby"),),
    (Leave, State.LOBBY): (Left(1, NAME),),
    (Leave, State.SEARCHING): (Left(1, NAME),),
    (Leave, State.PRIVATE): (parted(1, 2, "leave"), Left(1, NAME)),
    (BulkLeave, State.LOBBY): (Left(1, NAME),),
    (BulkLeave, State.SEARCHING): (Left(1, NAME),),
    (BulkLeave, State.PRIVATE): (parted(1, 2, "leave"), Left(1, NAME)),
    **{(Unblock, state): (Unblocked(1, 8, "name of 8"),) for state in list(State)[1:]},
}
"""The effects of each legal cell before any pairing. no-repeat does not pair the two who have just parted."""

REFUSED: dict[tuple[type, State], Reason] = {
    (Start, State.PRIVATE): Reason.ALREADY_PRIVATE,
    (Next, State.LOBBY): Reason.NOT_PRIVATE,
    (Next, State.SEARCHING): Reason.NOT_PRIVATE,
    (Block, State.LOBBY): Reason.NOT_PRIVATE,
    (Block, State.SEARCHING): Reason.NOT_PRIVATE,
    (Lobby, State.LOBBY): Reason.ALREADY_IN_LOBBY,
}
"""What each refused cell is refused for."""


def test_the_table_has_every_event_but_the_tick() -> None:
    kinds = set(typing.get_args(Event))
    assert set(TRANSITIONS) == kinds - {Tick} == set(EVENTS)
    assert all(len(row) == len(State) for row in TRANSITIONS.values())


def test_the_legal_cells_are_those_that_have_effects_here() -> None:
    assert set(FOLLOWS) == {(kind, state) for kind, state in GRID if isinstance(TRANSITIONS[kind][state], State)}


def test_every_other_cell_is_refused_for_its_reason_or_raised_for_who_is_there() -> None:
    for kind, state in set(GRID) - set(FOLLOWS):
        fault = UnknownUser if state is State.OUTSIDE else AlreadyJoined
        assert TRANSITIONS[kind][state] is REFUSED.get((kind, state), fault)


@pytest.mark.parametrize(("kind", "state"), GRID)
def test_every_event_in_every_state_is_judged_by_the_table_alone(kind: type, state: State) -> None:
    roulette = in_state(state, "no-repeat")
    if state is not State.OUTSIDE:
        roulette.handle(Block(1, 8), 0.0)
    before = roulette.snapshot()
    verdict = TRANSITIONS[kind][state]
    if isinstance(verdict, State):
        assert roulette.handle(EVENTS[kind], 0.0) == FOLLOWS[kind, state]
        assert roulette.state(1) is verdict
    elif isinstance(verdict, Reason):
        assert roulette.handle(EVENTS[kind], 0.0) == (Refused(1, verdict),)
        assert roulette.snapshot() == before
    else:
        with pytest.raises(verdict):
            roulette.handle(EVENTS[kind], 0.0)
        assert roulette.snapshot() == before


@pytest.mark.parametrize("kind", [Next, Block, Lobby, Leave])
def test_a_partner_left_behind_searches_again(kind: type) -> None:
    roulette = in_state(State.PRIVATE, "no-repeat")
    roulette.handle(EVENTS[kind], 0.0)
    assert roulette.state(2) is State.SEARCHING
    assert roulette.partner(2) is None


@pytest.mark.parametrize("state", list(State))
def test_a_tick_is_legal_in_every_state_and_changes_nothing_but_the_time(state: State) -> None:
    roulette = in_state(state)
    before = roulette.snapshot()
    assert roulette.handle(Tick(), 5.0) == ()
    assert roulette.snapshot() == before | {"now": 5.0}


@pytest.mark.parametrize(("kind", "state"), GRID)
@pytest.mark.parametrize("now", [-1.0, 9.0, math.nan, math.inf, -math.inf, 2.0**53, 10**400])
def test_an_impossible_time_is_refused_before_anything_else(kind: type, state: State, now: float) -> None:
    roulette = in_state(state)
    roulette.handle(Tick(), 10.0)
    before = roulette.snapshot()
    with pytest.raises(TimeRanBack):
        roulette.handle(EVENTS[kind], now)
    assert roulette.snapshot() == before


def test_the_same_time_twice_is_allowed() -> None:
    roulette = in_state(State.LOBBY)
    roulette.handle(Tick(), 10)
    assert roulette.handle(Say(1, "now"), 10.0) == (lobby_line(1, "now"),)
    assert roulette.now == 10


class LouderSay(Say):
    """Not one of the events, though it looks like one."""


@pytest.mark.parametrize(
    "thing",
    [
        None,
        "next",
        1,
        ("say", 1),
        (1, "hello", "say"),
        Say,
        object(),
        LouderSay(1, "x"),
        Refused(1, Reason.NOT_PRIVATE),
    ],
)
def test_an_object_that_is_not_an_event_is_refused(thing: Any) -> None:
    roulette = in_state(State.LOBBY)
    before = roulette.snapshot()
    with pytest.raises(NotAnEvent):
        roulette.handle(thing, 1.0)
    assert roulette.snapshot() == before


def test_a_raised_error_neither_advances_time_nor_draws_what_is_due() -> None:
    roulette = Roulette("waves:every=5")
    join_all(roulette, "ab")
    start_all(roulette, "ab")
    before = roulette.snapshot()
    assert attempt(roulette, Next("ghost"), 7.0) is UnknownUser
    assert attempt(roulette, Join("a", "again"), 7.0) is AlreadyJoined
    assert roulette.snapshot() == before
    assert roulette.now == 0.0


def test_a_taken_name_is_refused_and_free_again_when_its_bearer_has_left() -> None:
    roulette = Roulette()
    roulette.handle(Join(1, "ada"), 0)
    before = roulette.snapshot()
    assert roulette.handle(Join(2, "ada"), 0) == (Refused(2, Reason.NAME_TAKEN),)
    assert roulette.snapshot() == before
    assert 2 not in roulette
    assert roulette.handle(Join(2, "Ada"), 0) == (Joined(2, "Ada"),)
    roulette.handle(Leave(1), 0)
    assert roulette.handle(Join(3, "ada"), 0) == (Joined(3, "ada"),)
    assert roulette.named("ada") == 3


def test_a_user_whose_name_was_refused_is_still_outside() -> None:
    roulette = Roulette()
    roulette.handle(Join(1, "ada"), 0)
    roulette.handle(Join(2, "ada"), 0)
    with pytest.raises(UnknownUser):
        roulette.handle(Say(2, "hello"), 0)
    assert roulette.handle(Join(2, "bob"), 0) == (Joined(2, "bob"),)


def test_questions_about_an_absent_user_raise() -> None:
    roulette = in_state(State.LOBBY)
    for question in (roulette.name, roulette.partner, roulette.explain):
        with pytest.raises(UnknownUser):
            question("ghost")
    assert roulette.state("ghost") is State.OUTSIDE
    assert roulette.named("ghost") is None


def test_every_error_is_a_roulette_error_and_says_what_it_is_about() -> None:
    with pytest.raises(RouletteError, match=r"Next.*'ghost'.*has not joined"):
        Roulette().handle(Next("ghost"), 0)
    roulette = Roulette()
    join_all(roulette, "a")
    with pytest.raises(RouletteError, match=r"Join.*'a'.*is here"):
        roulette.handle(Join("a", "again"), 0)


def test_a_roulette_shows_in_a_session_how_many_are_where() -> None:
    roulette = Roulette("v2")
    join_all(roulette, "abcde")
    start_all(roulette, "abcd")
    assert repr(roulette) == "<Roulette uniform:minimum=3: 1 in the lobby, 2 searching, 2 in private>"


def test_whole_numbers_and_strings_are_different_users() -> None:
    roulette = Roulette("uniform:minimum=2")
    join_all(roulette, [1, "1"])
    start_all(roulette, [1, "1"])
    assert roulette.partner(1) == "1"
    assert len(roulette) == 2
