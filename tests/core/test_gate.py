"""The gate: what may stand in an event is checked once, before anything changes; what passes can be restored."""

import json
import math
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from roulette_core import (
    BadOption,
    BadPolicy,
    Block,
    BulkLeave,
    Event,
    Join,
    Leave,
    Lobby,
    Next,
    NotAnEvent,
    Roulette,
    RouletteError,
    Say,
    Searching,
    Start,
    State,
    Tick,
    TimeRanBack,
    Unblock,
    UnknownUser,
    make_policy,
)
from roulette_core._gate import checked
from tests.core.scenarios import in_state, join_all, start_all

NO_IDS: list[Any] = [("10.0.0.1", 5000), None, True, 1.5, b"x", UUID(int=7), [1], 1 << 128, -(1 << 128), math.nan]


def refused(roulette: Roulette, event: Any, *errors: type[RouletteError]) -> None:
    """Checks that an event is the caller's mistake, and changes nothing."""
    before = roulette.snapshot()
    with pytest.raises(errors or NotAnEvent):
        roulette.handle(event, 5.0)
    assert roulette.snapshot() == before


@pytest.mark.parametrize("user", NO_IDS)
def test_what_cannot_be_a_user_is_refused_at_the_door(user: Any) -> None:
    refused(Roulette(), Join(user, "ada"))


@pytest.mark.parametrize("user", NO_IDS)
@pytest.mark.parametrize("kind", [Next, Lobby, Leave, Start, Block, lambda user: Say(user, "x")])
def test_what_cannot_be_a_user_asks_for_nothing(kind: Any, user: Any) -> None:
    refused(in_state(State.LOBBY), kind(user), NotAnEvent, UnknownUser)


@pytest.mark.parametrize("like_one", [True, 1.0])
@pytest.mark.parametrize("kind", [Next, Lobby, Leave, Start, lambda user: Say(user, "x")])
def test_what_only_equals_a_user_is_not_that_user(kind: Any, like_one: Any) -> None:
    refused(in_state(State.SEARCHING), kind(like_one))


@pytest.mark.parametrize("user", ["", 0, -1, "\ud800", (1 << 128) - 1, UUID(int=7).int])
def test_odd_ids_are_taken_and_restored(user: Any) -> None:
    roulette = Roulette()
    roulette.handle(Join(user, "ada"), 0.0)
    assert Roulette.restore(json.loads(json.dumps(roulette.snapshot()))).users() == [user]


WRONG: list[Event] = [
    Join(3, None),  # type: ignore[arg-type]
    Join(3, b"ada"),  # type: ignore[arg-type]
    Join(3, "c", None),  # type: ignore[arg-type]
    Join(3, "c", 1),  # type: ignore[arg-type]
    Join(3, "c", (1,), None),  # type: ignore[arg-type]
    Join(3, "c", {1}),  # type: ignore[arg-type]
    Join(3, "c", {1: "x"}),  # type: ignore[arg-type]
    Join(3, "c", "1"),  # type: ignore[arg-type]
    Join(3, "c", (None,)),  # type: ignore[arg-type]
    Join(3, "c", attributes=[("role", "x")]),  # type: ignore[arg-type]
    Join(3, "c", attributes={1: "x"}),  # type: ignore[dict-item]
    Join(3, "c", attributes={"role": None}),  # type: ignore[dict-item]
    Join(3, "c", attributes={"rank": math.inf}),
    Join(3, "c", attributes={"rank": 1 << 200}),
    Join(3, "c", attributes={"roles": {"a"}}),  # type: ignore[dict-item]
    Join(3, "c", attributes={"roles": (("a",),)}),  # type: ignore[dict-item]
    Say(1, None),  # type: ignore[arg-type]
    Say(1, b"x"),  # type: ignore[arg-type]
    Say(1, "x", -1),
    Say(1, "x", True),
    Say(1, "x", False),
    Say(1, "x", "1"),  # type: ignore[arg-type]
    Start(1, None),  # type: ignore[arg-type]
    Start(1, (7,)),  # type: ignore[arg-type]
    Start(1, "chess"),  # type: ignore[arg-type]
    Start(1, {"lang": "fr"}),  # type: ignore[arg-type]
    Start(1, {"a"}),  # type: ignore[arg-type]
    Start(1, (), {"rank": math.nan}),
    Next(1, 0),
    Next(1, 1.0),  # type: ignore[arg-type]
    Next(1, None, "home"),  # type: ignore[arg-type]
    Block(1, 1),
    Block(1, None, 0),
    Block(1, None, None, "home"),  # type: ignore[arg-type]
    Block(1, [2]),  # type: ignore[arg-type]
    Unblock(1, 1),
    Unblock(1, None),  # type: ignore[arg-type]
    Lobby(1, "home"),  # type: ignore[arg-type]
    Leave(1, ""),  # type: ignore[arg-type]
    BulkLeave((1, 1)),
    BulkLeave(1),  # type: ignore[arg-type]
    BulkLeave("1"),  # type: ignore[arg-type]
    BulkLeave((1,), "home"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("event", WRONG, ids=repr)
def test_a_field_that_holds_what_cannot_stand_there_is_refused(event: Event) -> None:
    refused(in_state(State.PRIVATE), event)


@pytest.mark.parametrize("event", [Block(1, 99), Unblock(1, 99), BulkLeave((1, 99)), Join(3, "c", (), (99,))])
def test_every_other_user_in_an_event_must_be_present(event: Event) -> None:
    refused(in_state(State.PRIVATE), event, UnknownUser)


@pytest.mark.parametrize("now", [None, "1", 1j, [0.0], 10**400])
def test_what_is_no_number_of_seconds_is_no_time(now: Any) -> None:
    roulette = in_state(State.LOBBY)
    with pytest.raises(TimeRanBack, match="time never runs back"):
        roulette.handle(Tick(), now)


def test_minus_zero_is_zero_and_whole_seconds_are_floats() -> None:
    roulette = Roulette()
    roulette.handle(Tick(), -0.0)
    assert math.copysign(1, roulette.now) == 1
    roulette.handle(Tick(), 3)
    assert type(roulette.now) is float


def test_the_events_of_a_recording_pass_the_same_gate() -> None:
    with pytest.raises(NotAnEvent, match="is not an event"):
        checked("next")  # type: ignore[arg-type]
    assert checked(BulkLeave(["a"])) == BulkLeave(("a",))  # type: ignore[arg-type]


def once(*values: Any) -> Iterator[Any]:
    """An iterator, which can be read only once."""
    yield from values


def test_blocks_handed_in_as_an_iterator_hold() -> None:
    roulette = Roulette("uniform:minimum=2")
    join_all(roulette, [1])
    start_all(roulette, [1])
    roulette.handle(Join(2, "bob", once(1)), 0.0)  # type: ignore[arg-type]
    assert roulette.handle(Start(2), 0.0) == (Searching(2),)


def test_lists_and_iterators_become_tuples() -> None:
    roulette = Roulette()
    join_all(roulette, [1, 2])
    roulette.handle(Start(1, once("go", "chess", "go"), {"roles": ["a", "b"]}), 0.0)  # type: ignore[arg-type,dict-item]
    assert roulette.interests(1) == ("go", "chess")
    assert roulette.attributes(1) == {"roles": ("a", "b")}
    assert roulette.handle(BulkLeave(once(1, 2)), 0.0)  # type: ignore[arg-type]
    assert len(roulette) == 0


def test_the_callers_later_changes_to_attributes_do_not_matter() -> None:
    roulette, role = Roulette(), {"role": "mentor"}
    roulette.handle(Join(1, "ada", attributes=MappingProxyType(role)), 0.0)
    role["role"] = "mentee"
    assert roulette.attributes(1) == {"role": "mentor"}


def test_an_iterator_that_raises_leaves_everything_as_it_was() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("the database is gone")

    roulette = in_state(State.LOBBY)
    with pytest.raises(OSError, match="database"):
        roulette.handle(Join(3, "c", broken()), 0.0)  # type: ignore[arg-type]
    assert roulette.handle(Join(3, "c"), 0.0)


@pytest.mark.parametrize("seed", [None, -1, 1.0, True, "1"])
def test_a_seed_is_a_whole_number_of_at_least_0(seed: Any) -> None:
    with pytest.raises(BadOption, match="seed"):
        Roulette(seed=seed)


def test_a_partner_goes_nowhere_else() -> None:
    with pytest.raises(BadOption, match="searching, lobby"):
        Roulette(left_behind="home")  # type: ignore[arg-type]


def test_a_policy_belongs_to_one_roulette() -> None:
    policy = make_policy("no-repeat")
    Roulette(policy)
    with pytest.raises(BadPolicy, match="another roulette"):
        Roulette(policy)
