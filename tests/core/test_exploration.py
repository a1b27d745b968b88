"""Nothing that can happen is missed, states alike are found alike, and what is planted is found by the shortest way."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roulette_core import BadPolicy, Policy, Tick, make_policy
from roulette_core.policies.no_repeat import NoRepeat
from roulette_core.testing import Covered, Step, as_test, describe_steps, explore, find_starvation, replayed
from roulette_core.testing.clocks import Timeless
from roulette_core.testing.exploring.branching import Script, branches
from roulette_core.testing.exploring.graph import Edge
from roulette_core.testing.exploring.possibilities import Possibilities, user_names
from roulette_core.testing.exploring.starvation import _round_trip, _Way
from roulette_core.testing.exploring.state_key import Canonicaliser, renamed, state_key, with_names
from tests.core.mutants import MUTANTS, Mutant, plant
from tests.core.scenarios import EAGER

DUBIOUS = "tests.core.dubious"


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Any]:
    """Makes a spoilt library, and takes it out of the interpreter afterwards."""
    before = set(sys.modules)
    yield lambda mutant: plant(mutant, tmp_path)
    for name in set(sys.modules) - before:
        del sys.modules[name]


def possible(policy: str, users: tuple[str, ...], steps: list[Step]) -> list[Step]:
    """Everything that may happen after a history, nothing left out."""
    possibilities, roulette = Possibilities(make_policy(policy), users), replayed(policy, steps).roulette
    found = []
    for possibility in (
        *possibilities.idle(roulette),
        *possibilities.now(roulette),
        *possibilities.later(roulette, []),
    ):

        def run(choose: Script, possibility: Any = possibility) -> None:
            replayed(policy, steps).take(possibility.event, possibility.instant.time, choose)

        for branch in branches(run):  # type: ignore[arg-type]
            found.append(Step(possibility.instant.time, possibility.event, branch.choices))
    return found


@pytest.mark.parametrize(("policy", "depth"), [("no-repeat", 4), ("uniform:minimum=2", 4), ("waves", 3), ("fresh", 3)])
def test_no_state_is_missed_that_trying_everything_reaches(policy: str, depth: int) -> None:
    users = user_names(2)
    clock, canonical = Possibilities(make_policy(policy), users).clock, Canonicaliser(users)
    histories: list[list[Step]] = [[]]
    keys = {canonical(state_key(replayed(policy, []), clock)).key}
    for _ in range(depth):
        histories = [[*steps, step] for steps in histories for step in possible(policy, users, steps)]
        keys |= {canonical(state_key(replayed(policy, steps), clock)).key for steps in histories}
    graph = explore(policy, 2, depth).graph
    assert {key for key in keys if graph.number(key) is not None} == keys
    assert len(graph) == len(keys)


@pytest.mark.parametrize("policy", EAGER)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_same_history_among_users_of_other_names_leads_to_the_same_state(policy: str, data: st.DataObject) -> None:
    users = user_names(4)
    steps: list[Step] = []
    for _ in range(data.draw(st.integers(0, 14))):
        steps.append(data.draw(st.sampled_from(possible(policy, users, steps))))
    names = dict(zip(users, data.draw(st.permutations(users)), strict=True))
    others = [step._replace(event=with_names(step.event, names)) for step in steps]
    clock, canonical = Possibilities(make_policy(policy), users).clock, Canonicaliser(users)
    view, other = state_key(replayed(policy, steps), clock), state_key(replayed(policy, others), clock)
    assert renamed(view, names) == renamed(other, {})
    assert canonical(view).key == canonical(other).key


@pytest.mark.parametrize("policy", EAGER)
def test_the_sound_core_keeps_all_promises(policy: str) -> None:
    found = explore(policy, 3, 6, wide=4)
    assert found.counterexample is None
    assert found.covered is Covered.DEPTH
    assert found.renaming


def test_two_users_of_version_1_end_in_the_deadlock_that_explain_tells_of() -> None:
    found = explore("no-repeat", 2, 100)
    assert found.covered is Covered.EVERYTHING
    (deadlock,) = (deadlock for deadlock in found.deadlocks if not deadlock.blocks)
    assert [step.event.kind for step in deadlock.steps] == ["join", "start", "join", "start", "next"]
    text = "the only other person waiting is your last partner"
    assert deadlock.explanations == (("ada", text), ("bob", text))


def test_a_policy_with_patience_has_deadlocks_only_by_blocks() -> None:
    assert all(deadlock.blocks for deadlock in explore("fresh", 3, 7).deadlocks)


def test_renaming_changes_how_many_states_there_are_and_not_what_is_found() -> None:
    alike, apart = explore("uniform", 3, 100), explore(f"{DUBIOUS}:ByName", 3, 100)
    assert (alike.renaming, apart.renaming) == (True, False)
    assert alike.states < apart.states
    assert apart.covered is Covered.EVERYTHING


def test_an_incomplete_search_says_so() -> None:
    found = explore("fresh", 4, 10, most_states=200)
    assert (found.covered, found.depth) == (Covered.PART, 5)
    assert 200 <= found.states < 300


NEEDS_FIVE_USERS = {"_pool.py"}
NEEDS_FOUR_USERS = {"latest.get(first) != second", "self._declines(drawn[0], effects); break"}
NEEDS_OTHER_PEOPLE = "{**member.attributes, **event.attributes}"
"""No built-in policy has a cast with attributes."""


@pytest.mark.parametrize(
    "mutant",
    [each for each in MUTANTS if each.file not in NEEDS_FIVE_USERS and NEEDS_OTHER_PEOPLE not in each.after],
    ids=lambda mutant: f"{mutant.invariant}: {mutant.after}",
)
def test_a_planted_bug_is_found(mutant: Mutant, planted: Any) -> None:
    users, depth = (4, 9) if mutant.after in NEEDS_FOUR_USERS else (3, 7)
    found = planted(mutant).testing.explore(mutant.policy, users, depth, wide=6 if users == 3 else 2).counterexample
    assert found is not None
    assert 2 <= len(found.steps) <= depth


def test_the_shortest_way_to_a_planted_bug_is_found(planted: Any) -> None:
    """One of two remembers: the other has to be met again, for which a third must come between."""
    (mutant,) = (mutant for mutant in MUTANTS if mutant.after == "pass" and mutant.file == "_history.py")
    testing = planted(mutant).testing
    found = testing.explore("no-repeat", 3, 8).counterexample
    assert (found.invariant, len(found.steps)) == ("no_partner_twice_running", 7)
    assert testing.explore("no-repeat", 3, 6).counterexample is None


def test_a_policy_that_fails_in_a_rare_state_is_found_and_told() -> None:
    policy = f"{DUBIOUS}:Hasty"
    found = explore(policy, 2, 10).counterexample
    assert found is not None
    assert (found.invariant, found.flaw) == ("", f"the policy {policy} raised KeyError('ada')")
    assert describe_steps(policy, found.steps) == [
        "       1 s  ada joins as Ada: ada is in the lobby",
        "       2 s  ada starts: ada is searching",
        "       3 s  bob joins as Bob: bob is in the lobby",
        "       4 s  bob starts: bob is searching; ada and bob are paired",
        "       5 s  ada leaves: ada and bob part; ada is gone",
        "       6 s  ada joins as Ada: ada is in the lobby",
        "       7 s  ada starts",
    ]
    assert explore(policy, 2, 6).counterexample is None


def test_a_counterexample_is_a_test_that_fails() -> None:
    policy = f"{DUBIOUS}:Hasty"
    found = explore(policy, 2, 10).counterexample
    assert found is not None
    namespace: dict[str, Any] = {}
    exec(as_test(policy, found.steps, found.invariant), namespace)
    with pytest.raises(AssertionError, match=r"raised KeyError\('ada'\)"):
        namespace["test_nothing_goes_wrong"]()


@pytest.mark.parametrize("policy", EAGER)
def test_a_history_without_a_flaw_is_a_test_that_passes(policy: str) -> None:
    graph = explore(policy, 3, 6, wide=2).graph
    namespace: dict[str, Any] = {}
    exec(as_test(policy, graph.history(len(graph) - 1), "pool_is_the_searching"), namespace)
    namespace["test_pool_is_the_searching"]()


def test_choices_without_end_are_found() -> None:
    found = explore(f"{DUBIOUS}:Endless", 2, 8).counterexample
    assert found is not None
    assert "may never stop" in found.flaw


def test_drawing_an_absent_user_is_the_policys_fault() -> None:
    found = explore(f"{DUBIOUS}:Stranger", 2, 8).counterexample
    assert found is not None
    assert found.flaw == f"the policy {DUBIOUS}:Stranger drew ('ada', 'ghost'), who are not two of the pool"
    assert len(found.steps) == 4


def test_a_change_without_an_effect_is_found() -> None:
    found = explore(f"{DUBIOUS}:Restless", 1, 3).counterexample
    assert found is not None
    assert found.flaw == "a refusal, or a line of chat, has changed the state"


def test_waves_that_floating_point_puts_a_hair_early_are_explored() -> None:
    told: list[int] = []
    found = explore("waves:every=0.35", 2, 7, progress=told.append)
    assert found.counterexample is None
    assert len(told) > 10


def test_a_custom_policy_with_deadlines_is_explored_to_the_depth() -> None:
    found = explore("tests.core.custom:Patient", 2, 6)
    assert (found.counterexample, found.covered) == (None, Covered.DEPTH)
    assert list(Timeless().due(replayed("no-repeat", []).roulette)) == []


def test_a_broken_invariant_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NoRepeat, "draw", Policy.draw)
    found = explore("no-repeat", 2, 8).counterexample
    assert found is not None
    assert found.invariant == "work_conserving"
    assert len(found.steps) == 4


def test_with_deadlines_a_cycle_includes_a_deadline_and_a_pairing() -> None:
    def way(target: int, *, draws: bool, passes: bool) -> _Way:
        edge = Edge(target, 0, Step(0.0, Tick()), ("a",), ("a",), draws, passes)
        return _Way(edge, (target, "a"))

    draw, wait, back = (
        way(1, draws=True, passes=False),
        way(2, draws=False, passes=True),
        way(0, draws=False, passes=False),
    )
    ways = {(0, "a"): [[draw]], (1, "a"): [[wait]], (2, "a"): [[back]]}
    assert _round_trip(ways, timed=True) == ((0, "a"), [draw.edge, wait.edge, back.edge])
    ways[1, "a"] = [[way(2, draws=False, passes=False)]]
    assert _round_trip(ways, timed=True) is None


def test_a_policy_that_cannot_be_copied_is_refused() -> None:
    with pytest.raises(BadPolicy, match="cannot be copied"):
        explore(f"{DUBIOUS}:Uncopyable", 2, 3)


def test_users_starve_under_newest_first() -> None:
    starvation = find_starvation(explore("tests.core.custom:NewestFirst", 3, 9))
    assert starvation is not None
    assert starvation.surely
    assert_starves("tests.core.custom:NewestFirst", starvation)


def test_under_uniform_only_bad_luck_starves() -> None:
    starvation = find_starvation(explore("uniform", 4, 100))
    assert starvation is not None
    assert not starvation.surely
    assert_starves("uniform", starvation)


@pytest.mark.parametrize("policy", ["no-repeat", "uniform:minimum=2"])
def test_no_user_starves_under_the_built_in_policies_explored_in_full(policy: str) -> None:
    found = explore(policy, 3, 100)
    assert found.covered is Covered.EVERYTHING
    starvation = find_starvation(found)
    assert starvation is None or not starvation.surely


def assert_starves(policy: str, starvation: Any) -> None:
    """Going round once, the user waits from beginning to end while others are paired."""
    trial = replayed(policy, starvation.steps)
    assert starvation.user in trial.roulette.policy.pool
    paired: set[object] = set()
    for step in starvation.cycle:
        assert step.now >= trial.roulette.now
        effects = trial.take(step.event, step.now, Script(step.choices))
        paired |= {user for effect in effects if effect.kind == "paired" for user in effect[:2]}
        assert starvation.user in trial.roulette.policy.pool
    assert paired
    assert starvation.user not in paired
