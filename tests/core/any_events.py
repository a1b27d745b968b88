"""Strategies for events: all that make sense, and such as a careless caller may hand in."""

import uuid
from collections import ChainMap
from decimal import Decimal
from enum import IntEnum
from typing import Any

from hypothesis import strategies as st

from roulette_core import (
    Block,
    BulkLeave,
    Event,
    Join,
    Leave,
    Lobby,
    Next,
    NotAnEvent,
    Say,
    Start,
    Tick,
    Unblock,
    User,
)
from roulette_core._gate import checked

FEW: list[User] = [1, 2, 3, "1", "ada", "", 0, -1, 2**127, "\ud800"]
"""Ids that meet again; the last is half a character, as a broken decoder may leave it."""

texts = st.text(st.characters(), max_size=5)
users: st.SearchStrategy[User] = st.sampled_from(FEW) | texts | st.integers(-(2**128) + 1, 2**128 - 1)
scalars = (
    texts | st.booleans() | st.integers(-(2**128) + 1, 2**128 - 1) | st.floats(allow_nan=False, allow_infinity=False)
)
attributes = st.none() | st.dictionaries(texts, scalars | st.lists(scalars, max_size=3).map(tuple), max_size=3)
places = st.sampled_from([None, "searching", "lobby"])
chats = st.none() | st.integers(1, 5)
several = st.lists(users, max_size=3).map(tuple)


def _events(
    users: st.SearchStrategy[Any],
    texts: st.SearchStrategy[Any],
    several: st.SearchStrategy[Any],
    interests: st.SearchStrategy[Any],
    attributes: st.SearchStrategy[Any],
    chats: st.SearchStrategy[Any],
    places: st.SearchStrategy[Any],
) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.builds(Join, users, texts, several, several, attributes),
        st.builds(Say, users, texts, chats | st.just(0)),
        st.builds(Start, users, interests, attributes),
        st.builds(Next, users, chats, places),
        st.builds(Block, users, st.none() | users, chats, places),
        st.builds(Unblock, users, users),
        st.builds(Lobby, users, places),
        st.builds(Leave, users, places),
        st.builds(BulkLeave, several, places),
        st.just(Tick()),
    )


def _is_sound(event: Event) -> bool:
    try:
        checked(event)
    except NotAnEvent:
        return False
    return True


sound_events: st.SearchStrategy[Event] = (
    _events(users, texts, several, st.lists(texts, max_size=3).map(tuple), attributes, chats, places)
    .filter(_is_sound)
    .map(checked)
)
"""Events in their normal form: no user blocks themselves or leaves twice, no interest is named twice."""


class Text(str):
    """A string of a type of its own."""


class Number(IntEnum):
    """A whole number of a type of its own."""

    ONE = 1


oddities: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, True, False, 1.0, -0.0, float("nan"), float("inf"), 2**128, -(2**128), b"x", Decimal(1)]),
    st.sampled_from([("10.0.0.1", 5000), [1], {1}, {"lang": "fr"}, {}, (), object(), uuid.UUID(int=7), len, int]),
    st.sampled_from([Text("ada"), Number.ONE, "searching", "LOBBY", 0, -1, "ada", ("a", "a"), (1, 1), ((1,),)]),
    st.builds(lambda values: iter(values), st.lists(users, max_size=2)),  # every time a new one: it is used up
)
odd_attributes = st.dictionaries(
    texts
    | oddities.filter(lambda value: getattr(type(value), "__hash__", None) is not None and type(value) is not tuple),
    scalars | oddities,
    max_size=2,
)

odd_events: st.SearchStrategy[Any] = oddities | _events(
    users | oddities,
    texts | oddities,
    several | st.lists(users | oddities, max_size=2) | oddities,
    st.lists(texts | oddities, max_size=2) | oddities,
    attributes | odd_attributes | odd_attributes.map(ChainMap) | oddities,
    chats | oddities,
    places | oddities,
)
"""Events of which about half should not be handed in."""

odd_times: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [0, 0.0, -0.0, 5, 5.0, True, None, "1", -1, float("nan"), float("inf"), 2**53, 10**400, Decimal(1), 1j]
    ),
    st.floats(),
    st.integers(0, 100),
)
