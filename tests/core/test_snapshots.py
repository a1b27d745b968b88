"""The whole state as plain JSON: taken anywhere, restored, and fed the rest, it makes no difference."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roulette_core import (
    END_OF_TIME,
    BadSnapshot,
    Join,
    Leave,
    Lobby,
    Next,
    Paired,
    Policy,
    Roulette,
    RouletteError,
    Say,
    Searcher,
    Start,
    State,
    Tick,
    User,
    make_policy,
)
from roulette_core.policies import Choose, Fresh, Uniform, Waves
from tests.core.custom import Patient
from tests.core.scenarios import DISTINCT, POLICIES, Timed, attempt, busy_evening, join_all, journeys, start_all


def through_json(roulette: Roulette) -> dict[str, Any]:
    data = json.loads(json.dumps(roulette.snapshot(), allow_nan=False))
    assert isinstance(data, dict)
    return data


def answers(roulette: Roulette) -> list[Any]:
    """Everything one can ask."""
    who = roulette.users()
    return [
        [(user, roulette.name(user), roulette.state(user), roulette.partner(user)) for user in who],
        [roulette.explain(user) for user in who],
        roulette.pairs(),
        roulette.counts(),
        roulette.next_deadline(),
        roulette.now,
    ]


@pytest.mark.parametrize("policy", DISTINCT)
@given(journey=journeys(), stop=st.integers(0, 60))
def test_a_roulette_restored_anywhere_behaves_and_ends_the_same(policy: str, journey: list[Timed], stop: int) -> None:
    roulette = Roulette(policy, seed=3)
    for event, now in journey[:stop]:
        attempt(roulette, event, now)
    snapshot = through_json(roulette)
    copy = Roulette.restore(snapshot)
    assert copy.snapshot() == snapshot == roulette.snapshot()
    assert answers(copy) == answers(roulette)
    for event, now in journey[stop:]:
        assert attempt(copy, event, now) == attempt(roulette, event, now)
        assert answers(copy) == answers(roulette)
    assert copy.snapshot() == roulette.snapshot()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_roulette_restored_after_every_event_does_the_same(policy: str) -> None:
    roulette = restored = Roulette(policy, seed=8)
    for event, now in busy_evening(users=9, events=300):
        restored = Roulette.restore(through_json(restored))
        assert attempt(restored, event, now) == attempt(roulette, event, now)


def test_a_snapshot_does_not_change_with_the_roulette_nor_the_roulette_with_it() -> None:
    roulette = Roulette()
    join_all(roulette, "ab")
    snapshot, frozen = roulette.snapshot(), through_json(roulette)
    start_all(roulette, "ab")
    assert snapshot == frozen
    restored = Roulette.restore(snapshot)
    snapshot["users"].clear()
    assert restored.users() == ["a", "b"]


def test_lost_patience_survives_a_snapshot() -> None:
    roulette = Roulette("interests:patience=10")
    join_all(roulette, "ABC")
    start_all(roulette, "AB")
    roulette.handle(Lobby("A"), 0)
    roulette.handle(Lobby("B"), 0)
    roulette.handle(Start("A", ("chess",)), 0)
    roulette.handle(Start("B"), 11)
    restored = Roulette.restore(through_json(roulette))
    assert restored.explain("B") == roulette.explain("B")
    assert (
        restored.handle(Start("C"), 11)[-1]
        == roulette.handle(Start("C"), 11)[-1]
        == Paired("A", "C", "name of 'A'", "name of 'C'", 2)
    )


@pytest.mark.parametrize(
    "policy", [Waves(every=5.123456789), Waves(every=1e20), Uniform(minimum=12345678), Fresh(memory=2, patience=1 / 3)]
)
def test_parameters_survive_a_snapshot_to_the_last_digit(policy: Policy) -> None:
    restored = Roulette.restore(through_json(Roulette(policy))).policy
    assert restored.parameters == policy.parameters
    assert type(restored) is type(policy)


class LoudUniform(Uniform):
    """A subclass of a built-in policy that says nothing of its name."""


class Remembering(Policy):
    """A policy with an argument that no specification can hold."""

    def __init__(self, favourites: list[str]) -> None:
        super().__init__()
        self.favourites = favourites

    def draw(self, now: float, choose: Choose) -> tuple[str, str] | None:
        return None


def test_a_subclass_of_a_built_in_policy_is_not_restored_as_its_parent() -> None:
    roulette = Roulette(LoudUniform())
    assert roulette.policy.specification == f"{__name__}:LoudUniform:minimum=3"
    assert type(Roulette.restore(roulette.snapshot(), LoudUniform()).policy) is LoudUniform


def test_a_policy_that_no_specification_can_make_is_passed_to_restore() -> None:
    roulette = Roulette(Remembering(["ada"]))
    join_all(roulette, "ab")
    start_all(roulette, "ab")
    restored = Roulette.restore(roulette.snapshot(), Remembering(["ada"]))
    assert list(restored.policy.pool) == ["a", "b"]
    with pytest.raises(BadSnapshot):
        Roulette.restore(roulette.snapshot())


def test_a_snapshot_is_refused_to_another_policy() -> None:
    with pytest.raises(BadSnapshot, match="uniform"):
        Roulette.restore(Roulette("v2").snapshot(), make_policy("v1"))


def test_a_roulette_whose_caller_chooses_has_no_random_state_and_needs_a_caller_who_chooses() -> None:
    roulette = Roulette("uniform", choose=lambda count: 0)
    snapshot = through_json(roulette)
    assert snapshot["random"] is None
    with pytest.raises(BadSnapshot, match=r"^the snapshot has no random state: restore it with choose=$"):
        Roulette.restore(snapshot)
    restored = Roulette.restore(snapshot, choose=lambda count: count - 1)
    join_all(restored, "abc")
    assert start_all(restored, "abc")[-1] == Paired("c", "b", "name of 'c'", "name of 'b'", 1)


def test_a_caller_may_choose_for_a_roulette_that_was_seeded() -> None:
    restored = Roulette.restore(through_json(Roulette("uniform")), choose=lambda count: 0)
    join_all(restored, "abc")
    assert start_all(restored, "abc")[-1] == Paired("a", "b", "name of 'a'", "name of 'b'", 1)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_state_is_a_value_equal_for_equal_histories(policy: str) -> None:
    first, second = Roulette(policy, seed=1), Roulette(policy, seed=1)
    for event, now in busy_evening(users=7, events=100):
        attempt(first, event, now)
        state = first.core_state()
        attempt(second, event, now)
        assert second.core_state() == state
    copy = first.core_state()
    attempt(first, Join("new", "new"), first.now)
    assert copy == second.core_state() != first.core_state(), "it does not change with the roulette"


class Forgetful(Policy):
    """Puts no user into its pool."""

    def enter(self, searcher: Searcher) -> None:
        """Does nothing."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return None


def test_a_policy_that_does_not_take_its_pool_back_is_refused() -> None:
    roulette = Roulette(Patient())
    join_all(roulette, "a")
    start_all(roulette, "a")
    snapshot = through_json(roulette)
    snapshot["policy"] = Forgetful().specification
    with pytest.raises(BadSnapshot, match="did not take"):
        Roulette.restore(snapshot, Forgetful())


# Data that is not a snapshot.


def scene(policy: str) -> Roulette:
    """Two pairs, one searching, one in the lobby who is kept apart from another, and some history."""
    roulette = Roulette(policy)
    join_all(roulette, ["a", "b", "c", "d", 5])
    roulette.handle(Join(6, "name of 6", blocked=("a",)), 0.0)
    for user in ("a", "b", "c", "d", 5):
        roulette.handle(Start(user, ("chess",)), 1.0)
    roulette.handle(Tick(), 100.0)
    for first, _ in roulette.pairs():
        roulette.handle(Next(first), 101.0)
    return roulette


def spoil(field: str, change: Any) -> dict[str, Any]:
    data = through_json(scene("no-repeat"))
    data[field] = change(data[field]) if callable(change) else change
    return data


SPOILT = [
    ("format", 1),
    ("policy", "no-such"),
    ("policy", "uniform:minimum=1"),
    ("policy", 3),
    ("policy", "no.such.module:Policy"),
    ("memory", 5),
    ("memory", [[["a"], "b"]]),
    ("memory", None),
    ("now", "soon"),
    ("now", None),
    ("now", -1.0),
    ("now", float("nan")),
    ("now", float("inf")),
    ("deadline", "later"),
    ("deadline", float("nan")),
    ("deadline", 0.0),
    ("random", [3, [1, 2], None]),
    ("random", [3, [-1] * 625, None]),
    ("random", [3, [2**40] * 625, None]),
    ("random", None),
    ("users", lambda users: [*users, users[0]]),
    ("users", lambda users: [["z", *users[0][1:]], *users[1:]]),
    ("users", lambda users: [*users, ["new", users[0][1], "LOBBY", [], {}]]),
    ("users", lambda users: [*users, ["new", "new", "OUTSIDE", [], {}]]),
    ("users", lambda users: [*users, ["new", "new", "NOWHERE", [], {}]]),
    ("users", lambda users: [*users, ["new", "new", "SEARCHING", [], {}]]),
    ("users", lambda users: [*users, ["new", "new", "PRIVATE", [], {}]]),
    ("users", lambda users: [*users, ["new", 7, "LOBBY", [], {}]]),
    ("users", lambda users: [*users, [1.5, "new", "LOBBY", [], {}]]),
    ("users", lambda users: [*users, [True, "new", "LOBBY", [], {}]]),
    ("users", lambda users: [*users, [None, "new", "LOBBY", [], {}]]),
    ("users", lambda users: [*users, ["new", "new", "LOBBY", "chess", {}]]),
    ("users", lambda users: [*users, ["new", "new", "LOBBY", [["chess"]], {}]]),
    ("users", lambda users: [*users, ["new", "new", "LOBBY", []]]),
    ("users", lambda users: [*users, ["new", "new", "LOBBY", [], []]]),
    ("users", lambda users: [*users, ["new", "new", "LOBBY", [], None]]),
    ("users", lambda users: [*users, ["new", "new", "LOBBY", [], {"age": None}]]),
    ("users", lambda users: [*users, ["new", "new", "LOBBY", [], {"age": [[1]]}]]),
    ("users", lambda users: [*users, ["new", "new", "LOBBY", [], {"age": float("nan")}]]),
    ("users", lambda users: [*users, [2**128, "new", "LOBBY", [], {}]]),
    ("pairs", []),
    ("pairs", lambda pairs: [*pairs, pairs[0]]),
    ("pairs", lambda pairs: [*pairs, [pairs[0][1], pairs[0][0], pairs[0][2]]]),
    ("pairs", lambda pairs: [*pairs, [6, 6, 7]]),
    ("pairs", lambda pairs: [*pairs, ["ghost", 6, 7]]),
    ("pairs", lambda pairs: [pair[:2] for pair in pairs]),
    ("pairs", lambda pairs: [[*pair[:2], 0] for pair in pairs]),
    ("pairs", lambda pairs: [[*pair[:2], 1.0] for pair in pairs]),
    ("pairs", lambda pairs: [[*pair[:2], pairs[0][2]] for pair in pairs]),
    ("chats", 0),
    ("chats", -1),
    ("chats", None),
    ("chats", 9.0),
    ("left_behind", "home"),
    ("left_behind", None),
    ("now", True),
    ("blocks", lambda blocks: [*blocks, blocks[0]]),
    ("blocks", lambda blocks: [blocks[0], blocks[0][::-1]]),
    ("blocks", [["a", "a"]]),
    ("blocks", [["a", "ghost"]]),
    ("blocks", [["a", ["b"]]]),
    ("blocks", [["a", "b", "c"]]),
    ("blocks", None),
    ("blocks", lambda blocks: [*(pair[:2] for pair in scene("no-repeat").snapshot()["pairs"]), *blocks]),
    ("pool", []),
    ("pool", lambda pool: [*pool, pool[0]]),
    ("pool", lambda pool: [*pool, [6, 1.0]]),
    ("pool", lambda pool: [[user, "long"] for user, _ in pool]),
    ("pool", lambda pool: [[user, since + 1e6] for user, since in pool]),
    ("pool", lambda pool: [[user, float("nan")] for user, _ in pool]),
    ("pool", lambda pool: [[user, -5.0] for user, _ in pool]),
]


@pytest.mark.parametrize(("field", "change"), SPOILT)
def test_a_snapshot_spoilt_in_one_field_is_refused(field: str, change: Any) -> None:
    with pytest.raises(BadSnapshot):
        Roulette.restore(spoil(field, change))


@pytest.mark.parametrize("now", [-1.0, END_OF_TIME, float("nan")])
def test_a_time_that_no_event_can_have_is_refused_by_name(now: float) -> None:
    empty = {**Roulette().snapshot(), "now": now}
    with pytest.raises(BadSnapshot, match=f"^the time {now!r} is out of range$"):
        Roulette.restore(empty)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_scene_is_valid_before_it_is_spoilt(policy: str) -> None:
    roulette = scene(policy)
    assert Roulette.restore(through_json(roulette)).snapshot() == roulette.snapshot()


@pytest.mark.parametrize("field", list(Roulette().snapshot()))
def test_a_snapshot_with_a_field_missing_is_refused(field: str) -> None:
    data = scene("no-repeat").snapshot()
    del data[field]
    with pytest.raises(BadSnapshot):
        Roulette.restore(data)


@pytest.mark.parametrize("data", [None, [], {}, "snapshot", 7, [1, 2], {"format": 2}])
def test_data_of_another_shape_is_refused(data: Any) -> None:
    with pytest.raises(BadSnapshot):
        Roulette.restore(data)


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10), st.integers(), st.floats(), st.sampled_from(["a", 5, "LOBBY", ""])
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "now", ""]), inner, max_size=2),
    max_leaves=6,
)


def replace_somewhere(data: Any, draw: st.DrawFn) -> Any:
    """The data with one place in it, any number of levels down, replaced, doubled or left out."""
    if isinstance(data, dict) and data:
        key = draw(st.sampled_from(sorted(data)))
        return data | {key: replace_somewhere(data[key], draw)}
    if isinstance(data, list) and data and draw(st.booleans()):
        place = draw(st.integers(0, len(data) - 1))
        replaced = draw(st.sampled_from(["doubled", "left out", "replaced"]))
        if replaced == "replaced":
            return [*data[:place], replace_somewhere(data[place], draw), *data[place + 1 :]]
        return data[: place + (replaced == "doubled")] + data[place + (replaced == "left out") :]
    return draw(anything)


@st.composite
def corrupted(draw: st.DrawFn) -> dict[str, Any]:
    data: Any = through_json(scene(draw(st.sampled_from(POLICIES))))
    for _ in range(draw(st.integers(1, 2))):
        data = replace_somewhere(data, draw)
    assume(isinstance(data, dict))
    return data  # type: ignore[no-any-return]


@given(data=corrupted())
def test_corrupted_snapshots_are_refused_or_make_a_roulette_that_works(data: dict[str, Any]) -> None:
    try:
        roulette = Roulette.restore(data)
    except BadSnapshot:
        return
    json.dumps(roulette.snapshot())
    now = roulette.now
    for event in (Join("new", "new"), Start("new"), Say("new", "x"), Next("a"), Next(5), Lobby("c"), Leave("d")):
        attempt(roulette, event, now)
    for user in roulette.users():
        attempt(roulette, Start(user), now)
        assert roulette.state(user) in (State.LOBBY, State.SEARCHING, State.PRIVATE)
        roulette.explain(user)
    attempt(roulette, Tick(), now + 1000)


@given(data=st.dictionaries(st.sampled_from([*Roulette().snapshot(), "more"]), anything))
def test_arbitrary_data_raises_bad_snapshot_and_nothing_else(data: dict[str, Any]) -> None:
    with pytest.raises(BadSnapshot):
        Roulette.restore(data)


def test_a_bad_snapshot_is_a_roulette_error_that_says_why() -> None:
    with pytest.raises(RouletteError, match="format"):
        Roulette.restore({"format": 99})
