"""Recordings: what is written is read again, but for what people said; garbage is refused and nothing else raised."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import (
    BadRecording,
    Effect,
    Event,
    Join,
    LobbyLine,
    PrivateLine,
    Roulette,
    Say,
)
from roulette_core.recording import RecordingHeader, decode_event, decode_header, encode_event, encode_header
from tests.core.any_events import sound_events
from tests.core.scenarios import POLICIES, attempt, busy_evening

users = st.text() | st.integers(-(2**128) + 1, 2**128 - 1)
times = st.floats(min_value=0, max_value=2.0**53, exclude_max=True)


@given(event=sound_events, now=times)
def test_an_event_and_its_time_come_back_exactly(event: Event, now: float) -> None:
    event = event._replace(text="") if isinstance(event, Say) else event
    line = encode_event(event, now)
    assert repr(decode_event(line)) == repr((event, now))  # 1 and True differ
    assert type(decode_event(line)[0]) is type(event)
    assert len(line.splitlines()) == 1
    assert line.isascii()


@given(user=users, text=st.text(min_size=1), now=times)
def test_the_text_of_lines_is_left_out(user: str | int, text: str, now: float) -> None:
    assert decode_event(encode_event(Say(user, text), now)) == (Say(user, ""), now)
    assert encode_event(Say(user, text), now) == encode_event(Say(user, "something else"), now)


@given(policy=st.text(), seed=st.integers())
def test_a_header_comes_back_exactly(policy: str, seed: int) -> None:
    assert decode_header(encode_header(RecordingHeader(policy, seed))) == RecordingHeader(policy, seed)


def test_the_lines_are_those_of_the_documentation() -> None:
    assert encode_header(RecordingHeader("no-repeat", 0)) == '{"recording": 1, "policy": "no-repeat", "seed": 0}'
    assert encode_event(Join(1, "ada"), 3.25) == '{"now": 3.25, "kind": "join", "user": 1, "name": "ada"}'
    assert (
        encode_event(Join(1, "ada", (2, "b")), 3.25)
        == '{"now": 3.25, "kind": "join", "user": 1, "name": "ada", "blocked": [2, "b"]}'
    )
    assert encode_event(Say(1, "psst"), 9.5) == '{"now": 9.5, "kind": "say", "user": 1}'


def unsaid(effect: Effect) -> Effect:
    return effect._replace(text="") if isinstance(effect, LobbyLine | PrivateLine) else effect


@pytest.mark.parametrize("policy", POLICIES)
def test_a_recorded_evening_replays_to_the_same_effects_but_for_what_was_said(policy: str) -> None:
    live, replayed = Roulette(policy, seed=9), Roulette(policy, seed=9)
    for event, now in busy_evening(users=8, events=300):
        before = attempt(live, event, now)
        after = attempt(replayed, *decode_event(encode_event(event, now)))
        if isinstance(event, Say) and not isinstance(before, type) and not isinstance(after, type):
            before = tuple(unsaid(effect) for effect in before)
        assert after == before
    assert live.snapshot() == replayed.snapshot()


GARBAGE: list[Any] = [
    "",
    "not JSON",
    "[]",
    "7",
    "null",
    '"join"',
    "[" * 100_000,
    "1" * 10_000,
    "{}",
    '{"now": 1}',
    '{"kind": "tick"}',
    '{"now": 1, "kind": "dance", "user": 1}',
    '{"now": 1, "kind": null}',
    '{"now": 1, "kind": []}',
    '{"now": 1, "kind": {}}',
    '{"now": null, "kind": "tick"}',
    '{"now": "1", "kind": "tick"}',
    '{"now": true, "kind": "tick"}',
    '{"now": NaN, "kind": "tick"}',
    '{"now": Infinity, "kind": "tick"}',
    '{"now": -1, "kind": "tick"}',
    '{"now": 1' + "0" * 400 + ', "kind": "tick"}',
    '{"now": 1, "kind": "tick", "user": 1}',
    '{"now": 1, "kind": "next"}',
    '{"now": 1, "kind": "next", "user": null}',
    '{"now": 1, "kind": "next", "user": 1.5}',
    '{"now": 1, "kind": "next", "user": true}',
    '{"now": 1, "kind": "next", "user": [1]}',
    '{"now": 1, "kind": "next", "user": 1, "name": "ada"}',
    '{"now": 1, "kind": "next", "user": 1, "more": 1}',
    '{"now": 1, "kind": "join", "user": 1}',
    '{"now": 1, "kind": "join", "user": 1, "name": 7}',
    '{"now": 1, "kind": "join", "user": 1, "name": "ada", "blocked": "bob"}',
    '{"now": 1, "kind": "join", "user": 1, "name": "ada", "blocked": [true]}',
    '{"now": 1, "kind": "join", "user": 1, "name": "ada", "blocked": [[2]]}',
    '{"now": 1, "kind": "block", "user": 1, "blocked": [2]}',
    '{"now": 1, "kind": "start", "user": 1, "interests": "go"}',
    '{"now": 1, "kind": "start", "user": 1, "interests": [1]}',
    '{"now": 1, "kind": "start", "user": 1, "interests": null}',
]


@pytest.mark.parametrize("line", GARBAGE)
def test_a_line_that_is_not_an_event_is_refused(line: str) -> None:
    with pytest.raises(BadRecording):
        decode_event(line)


@pytest.mark.parametrize(
    "line",
    [
        *GARBAGE,
        '{"recording": 2, "policy": "v1", "seed": 0}',
        '{"recording": 1, "policy": null, "seed": 0}',
        '{"recording": 1, "policy": "v1"}',
        '{"recording": 1, "policy": "v1", "seed": 0.5}',
        '{"recording": 1, "policy": "v1", "seed": true}',
    ],
)
def test_a_line_that_is_not_a_header_is_refused(line: str) -> None:
    with pytest.raises(BadRecording):
        decode_header(line)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just("start"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
FIELDS = [
    "now",
    "kind",
    "user",
    "name",
    "interests",
    "attributes",
    "blocked",
    "other",
    "users",
    "chat",
    "text",
    "more",
    "recording",
    "policy",
    "seed",
]
kinds = st.sampled_from(["join", "say", "start", "next", "block", "unblock", "lobby", "leave", "bulk_leave", "tick"])
objects = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, values) | {"kind": kinds | values})


@given(line=st.text() | st.builds(json.dumps, objects))
def test_no_line_raises_anything_else(line: str) -> None:
    with contextlib.suppress(BadRecording):
        decode_header(line)
    with contextlib.suppress(BadRecording):
        event, now = decode_event(line)
        assert decode_event(encode_event(event, now)) == (event, now)
