"""What the core's tests share: the policies, ways to bring users somewhere, and random sequences of events."""

from collections.abc import Iterable
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import strategies as st

from roulette_core import (
    Block,
    BulkLeave,
    Cause,
    Effect,
    Event,
    Join,
    Leave,
    Lobby,
    LobbyLine,
    Next,
    Paired,
    Parted,
    Place,
    PrivateLine,
    Roulette,
    RouletteError,
    Say,
    Start,
    State,
    Tick,
    Unblock,
    User,
)
from roulette_core.testing import BUILT_IN

POLICIES = [form for facts in BUILT_IN.values() for form in facts.forms]
"""Every built-in policy, where it makes a difference with several parameters. All times are exact in binary."""

DISTINCT = [pytest.param(form, marks=pytest.mark.nightly if form == "uniform" else ()) for form in POLICIES]
"""The same for slow tests, where a minimum of 3 repeats what minima of 2 and 5 show."""

VARIED = [
    pytest.param(form, marks=() if form.startswith(("uniform:minimum=2", "interests")) else pytest.mark.nightly)
    for form in POLICIES
]
"""For slow tests of what does not depend on the policy: one that chooses, one with a memory and a clock."""

EAGER = [facts.forms[0] for facts in BUILT_IN.values()]
"""Every built-in policy once, such that any two who may meet do within seconds."""

Timed: TypeAlias = tuple[Event, float]

USERS: list[User] = [1, 2, 3, 4, "1", "ada", "élise", 7]
"""Whole numbers and strings together; 1 and "1" are two users."""

TOPICS = ["chess", "échecs", "go"]

DELAYS = [0.0, 0.0, 0.25, 1.0, 2.5, 4.0, 6.0, 7.0, 20.0]
"""Seconds between events, exact in binary, such that deadlines are met exactly at times and missed at others."""


def join_all(roulette: Roulette, users: Iterable[User], now: float = 0.0) -> None:
    """Brings users into the lobby, each under a name that shows the user."""
    for user in users:
        roulette.handle(Join(user, name_of(user)), now)


def start_all(roulette: Roulette, users: Iterable[User], now: float = 0.0) -> list[Effect]:
    """Has users who are in the lobby search, one after another."""
    return [effect for user in users for effect in roulette.handle(Start(user), now)]


def name_of(user: User) -> str:
    """The name under which the tests let a user join."""
    return f"name of {user!r}"


def paired(first: User, second: User, chat: int = 1) -> Paired:
    """The effect, of users who joined by ``join_all``."""
    return Paired(first, second, name_of(first), name_of(second), chat)


def parted(user: User, partner: User, cause: Cause, chat: int = 1, left_behind: Place = "searching") -> Parted:
    """The effect, of users who joined by ``join_all``."""
    return Parted(user, partner, cause, name_of(user), name_of(partner), chat, left_behind)


def lobby_line(sender: User, text: str) -> LobbyLine:
    """The effect, of a user who joined by ``join_all``."""
    return LobbyLine(sender, text, name_of(sender))


def private_line(sender: User, recipient: User, text: str, chat: int = 1) -> PrivateLine:
    """The effect, of users who joined by ``join_all``."""
    return PrivateLine(sender, recipient, text, name_of(sender), chat)


def pairs_in(effects: Iterable[Effect]) -> list[set[User]]:
    """Who was paired."""
    return [{effect.first, effect.second} for effect in effects if isinstance(effect, Paired)]


def in_state(state: State, policy: str = "uniform:minimum=2") -> Roulette:
    """A roulette where user 1 is in a state; others are about: 2 in private or absent, 8 in the lobby."""
    roulette = Roulette(policy)
    join_all(roulette, [8])
    if state is not State.OUTSIDE:
        join_all(roulette, [1])
    if state is State.PRIVATE:
        join_all(roulette, [2])
        start_all(roulette, [1, 2])
    if state is State.SEARCHING:
        start_all(roulette, [1])
    assert roulette.state(1) is state
    return roulette


def attempt(roulette: Roulette, event: Event, now: float) -> tuple[Effect, ...] | type[RouletteError]:
    """What comes of an event, errors included."""
    try:
        return roulette.handle(event, now)
    except RouletteError as error:
        return type(error)


def events(user: User, topics: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[Event]:
    """Any event of one user, more often what moves people than what is refused."""
    one = st.just(user)
    return st.one_of(
        st.builds(Start, one, topics, attributes),
        st.builds(Next, one, st.none() | chats, places),
        st.builds(Say, one, st.sampled_from(["hello", "", "\x1b[2J"]), st.none() | chats | st.just(0)),
        st.builds(Start, one, topics, st.none()),
        st.just(Next(user)),
        st.builds(Lobby, one, places),
        st.builds(Block, one, st.none() | others, st.none() | chats, places),
        st.builds(Unblock, one, others),
        st.builds(Join, one, st.sampled_from([name_of(user), "ada", "bob"]), blocked, blocked, attributes),
        st.builds(Leave, one, places),
        st.builds(BulkLeave, st.lists(others, max_size=4).map(tuple), places),
        st.just(Tick()),
    )


others: st.SearchStrategy[User] = st.sampled_from(USERS)
chats = st.integers(1, 6)
places: st.SearchStrategy[Place | None] = st.sampled_from([None, None, "searching", "lobby"])
attributes = st.none() | st.dictionaries(
    st.sampled_from(["role", "rank"]), st.sampled_from(["mentor", 3, 0.5, True, ("a", 1)]), max_size=2
)
blocked = st.just(()) | st.lists(st.sampled_from(USERS), max_size=3).map(tuple)
topics = st.lists(st.sampled_from(TOPICS), max_size=3).map(tuple)
any_event: st.SearchStrategy[Event] = st.sampled_from(USERS).flatmap(lambda user: events(user, topics))


@st.composite
def journeys(draw: st.DrawFn, max_size: int = 60) -> list[Timed]:
    """A sequence of events at times that never run back, after most users have joined."""
    present = draw(st.lists(st.sampled_from(USERS), unique=True, min_size=3))
    journey: list[Timed] = [(Join(user, name_of(user)), 0.0) for user in present]
    now = 0.0
    for event, delay in draw(st.lists(st.tuples(any_event, st.sampled_from(DELAYS)), max_size=max_size)):
        now += delay
        journey.append((event, now))
    return journey


def busy_evening(users: int, events: int, seed: int = 0, text: bool = False) -> list[Timed]:
    """A long sequence of sensible events, the same every time: all users join, then ask for this and that.

    With ``text``, users are strings, whose hashes differ from one run of Python to the next.
    """
    chance = Random(seed)
    ids: list[User] = [f"user {number}" if text else number for number in range(users)]
    evening: list[Timed] = [(Join(user, name_of(user)), 0.0) for user in ids]
    now = 0.0
    for _ in range(events):
        user = chance.choice(ids)
        now += chance.choice(DELAYS)
        interests = tuple(chance.sample(TOPICS, chance.randrange(3)))
        again = [Leave(user), Join(user, chance.choice([name_of(user), "ada"]), (chance.choice(ids),))]
        usual: list[Event] = [Start(user, interests), Start(user, interests), Next(user), Next(user)]
        rare: list[Event] = [*again, Block(user), Lobby(user), Say(user, "hello"), Tick()]
        evening.append((chance.choice([*usual, *usual, *rare]), now))
    return evening
