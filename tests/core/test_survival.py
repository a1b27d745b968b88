"""What ``handle`` accepts survives a snapshot; everything else it refuses by a ``RouletteError``, and is as before."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import (
    AlreadyJoined,
    Event,
    Join,
    Leave,
    NotAnEvent,
    Roulette,
    RouletteError,
    Say,
    Start,
    Tick,
    TimeRanBack,
    UnknownUser,
)
from tests.core.any_events import FEW, odd_events, odd_times, sound_events
from tests.core.scenarios import EAGER, attempt


def furnished(policy: str) -> Roulette:
    """All of the few users, most of them searching or in private."""
    roulette = Roulette(policy, seed=5)
    for user in FEW:
        roulette.handle(Join(user, f"name of {user!r}"), 0.0)
    for user in FEW[2:]:
        roulette.handle(Start(user, ("go",), {"level": (1, True, "a", -0.0)}), 1.0)
    return roulette


def written(roulette: Roulette) -> str:
    """The snapshot as text, in which 1, 1.0 and true differ, as do 0.0 and -0.0."""
    return json.dumps(roulette.snapshot(), allow_nan=False)


def check_that_it_survives(roulette: Roulette, further: list[Event]) -> None:
    restored = Roulette.restore(json.loads(written(roulette)))
    assert written(restored) == written(roulette)
    for event in [*further, Tick()]:
        now = roulette.now + 7
        assert repr(attempt(restored, event, now)) == repr(attempt(roulette, event, now))
    assert written(restored) == written(roulette)


@pytest.mark.parametrize("policy", EAGER)
@given(event=odd_events, further=st.lists(sound_events, max_size=5))
def test_an_odd_event_is_refused_and_changes_nothing_or_survives(policy: str, event: Any, further: list[Event]) -> None:
    roulette = furnished(policy)
    before = written(roulette)
    try:
        roulette.handle(event, 2.0)
    except (NotAnEvent, UnknownUser, AlreadyJoined):
        assert written(roulette) == before
    check_that_it_survives(roulette, further)


@pytest.mark.parametrize("policy", EAGER)
@given(events=st.lists(sound_events, max_size=12), further=st.lists(sound_events, max_size=12))
def test_every_sound_event_survives(policy: str, events: list[Event], further: list[Event]) -> None:
    roulette = furnished(policy)
    for event in events:
        attempt(roulette, event, roulette.now)
    check_that_it_survives(roulette, further)


@given(event=sound_events)
def test_a_sound_event_is_never_called_no_event(event: Event) -> None:
    assert attempt(furnished("v1"), event, 2.0) is not NotAnEvent


@given(first=odd_times, second=odd_times)
def test_an_odd_time_is_refused_and_changes_nothing_or_survives(first: Any, second: Any) -> None:
    roulette = Roulette("waves:every=5")
    for now in (first, second):
        before = written(roulette)
        try:
            roulette.handle(Tick(), now)
        except TimeRanBack:
            assert written(roulette) == before
        else:
            assert type(roulette.now) is float and roulette.now == now
    check_that_it_survives(roulette, [])


def test_minus_zero_is_zero() -> None:
    roulette = Roulette()
    roulette.handle(Tick(), -0.0)
    assert repr(roulette.now) == "0.0"
    snapshot = {**roulette.snapshot(), "now": -0.0}
    assert repr(Roulette.restore(snapshot).now) == "0.0"


@pytest.mark.parametrize("number", [5, 5.0])
def test_whole_numbers_in_a_snapshot_are_times(number: float) -> None:
    roulette = Roulette()
    roulette.handle(Join(1, "ada"), 5.0)
    roulette.handle(Start(1), 5.0)
    snapshot = {**roulette.snapshot(), "now": number, "pool": [[1, number]]}
    assert written(Roulette.restore(snapshot)) == written(roulette)


class Shy:
    """Cannot show itself."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize("value", [pytest.param(10**5000, id="5,000 digits"), pytest.param(Shy(), id="shy")])
@pytest.mark.parametrize("field", ["event", "now", "user", "text", "name", "chat", "interests", "attributes"])
def test_a_value_that_cannot_be_shown_is_refused_as_any_other(field: str, value: Any) -> None:
    events: dict[str, Any] = {
        "event": value,
        "user": Leave(value),
        "name": Join(99, value),
        "text": Say(1, value),
        "chat": Say(1, "x", value),
        "interests": Start(1, value),
        "attributes": Start(1, (), {"key": value}),
    }
    roulette = furnished("v1")
    with pytest.raises(RouletteError) as caught:
        roulette.handle(events.get(field, Tick()), value if field == "now" else 2.0)
    assert type(caught.value) is {"now": TimeRanBack, "user": UnknownUser}.get(field, NotAnEvent)
    with pytest.raises(UnknownUser):
        roulette.name(value)
