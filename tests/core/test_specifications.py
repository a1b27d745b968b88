"""From a word on the command line to a policy, policies of one's own, and what becomes of broken ones."""

from pathlib import Path
from typing import Any

import pytest

import roulette_core.policies.policy
from roulette_core import (
    BadPolicy,
    BrokenPolicy,
    Explanation,
    Leave,
    Policy,
    Roulette,
    make_policy,
)
from roulette_core.policies import NEVER, POLICIES
from tests.core.custom import Broken, NewestFirst, Patient
from tests.core.scenarios import attempt, busy_evening, join_all, paired, pairs_in, start_all

CUSTOM = "tests.core.custom"


@pytest.mark.parametrize(
    ("given", "specification"),
    [
        ("no-repeat", "no-repeat"),
        ("v1", "no-repeat"),
        ("v2", "uniform:minimum=3"),
        ("v2:minimum=5", "uniform:minimum=5"),
        ("uniform:", "uniform:minimum=3"),
        ("uniform:minimum=4", "uniform:minimum=4"),
        ("fresh", "fresh:memory=5,patience=30"),
        ("fresh:patience=2.5", "fresh:memory=5,patience=2.5"),
        ("fresh:patience=1,memory=2", "fresh:memory=2,patience=1"),
        ("waves:every=0.1", "waves:every=0.1"),
        ("interests", "interests:patience=10"),
        (f"{CUSTOM}:NewestFirst", f"{CUSTOM}:NewestFirst"),
        (f"{CUSTOM}:Patient", f"{CUSTOM}:Patient:least=2,wait=1.5"),
        (f"{CUSTOM}:Patient:least=4", f"{CUSTOM}:Patient:least=4,wait=1.5"),
    ],
)
def test_a_specification_makes_a_policy_that_can_say_it_again(given: str, specification: str) -> None:
    policy = make_policy(given)
    assert policy.specification == specification
    assert make_policy(policy.specification).specification == specification
    assert Roulette(given).policy.specification == specification


@pytest.mark.parametrize("name", POLICIES)
def test_every_built_in_policy_goes_by_its_name(name: str) -> None:
    assert type(make_policy(name)) is POLICIES[name]
    assert POLICIES[name].name == name


@pytest.mark.parametrize(
    ("specification", "complaint"),
    [
        ("", "there is no policy ''; choose from no-repeat, uniform, fresh, waves, interests"),
        ("random", "there is no policy 'random'"),
        ("Uniform", "there is no policy"),
        ("random:minimum=3", "there is no policy 'random'"),
        (":", "there is no policy ''"),
        (":Class", "cannot load"),
        ("no-repeat:minimum=3", "no-repeat has no parameter 'minimum'; it takes none"),
        ("uniform:maximum=3", "uniform has no parameter 'maximum'; it takes minimum"),
        ("fresh:depth=3", "it takes memory, patience"),
        ("uniform:minimum", "uniform needs a number for minimum, not ''"),
        ("uniform:minimum=", "needs a number"),
        ("uniform:minimum=many", "uniform needs a number for minimum, not 'many'"),
        ("uniform:minimum=2.5", "needs a number"),
        ("uniform:minimum=" + "9" * 5000, "needs a number"),
        ("uniform:minimum=3,", "no parameter ''"),
        ("uniform:minimum=1", "uniform needs a minimum of 2 or more, not 1"),
        ("waves:every=soon", "waves needs a number for every"),
        ("uniform:minimum=3,minimum=4", "uniform was given 'minimum' twice"),
        ("waves:every=nan", "waves need"),
        ("waves:every=inf", "finite"),
        ("fresh:memory=0", "memory of 1 to 1000"),
        ("interests:patience=0", "patience of more than 0"),
        ("no.such.module:Class", "cannot load a policy from no.such.module:Class"),
        ("no_such_module:Class", "cannot load"),
        ("..relative:Class", "cannot load"),
        ("nul\0.byte:Class", "cannot load"),
        (f"{CUSTOM}:Missing", "cannot load"),
        (f"{CUSTOM}:", "cannot load"),
        (CUSTOM, "cannot load"),
        (f"{CUSTOM}:NotAPolicy", "is not a complete subclass of roulette_core.Policy"),
        (f"{CUSTOM}:Unfinished", "is not a complete subclass"),
        (f"{CUSTOM}:CUSTOM", "cannot load"),
        (f"{CUSTOM}:NEVER", "is not a complete subclass"),
        (f"{CUSTOM}:NewestFirst:depth=2", "has no parameter 'depth'; it takes none"),
        (f"{CUSTOM}:NewestFirst:parameters=2", "has no parameter 'parameters'; it takes none"),
        (f"{CUSTOM}:Needy", "cannot be made from its specification: missing a required argument: 'friends'"),
    ],
)
def test_an_invalid_specification_is_refused_in_one_line(specification: str, complaint: str) -> None:
    with pytest.raises(BadPolicy) as caught:
        make_policy(specification)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


class Forgetful(NewestFirst):
    def __init__(self) -> None:
        """Does not call Policy's."""


@pytest.mark.parametrize("policy", [3, NewestFirst, Forgetful()])
def test_an_object_that_is_not_a_policy_is_refused(policy: Any) -> None:
    with pytest.raises(BadPolicy, match="nor a Policy"):
        Roulette(policy)


@pytest.mark.parametrize("source", ["1 / 0", "def (", "import no_such_module", "raise SystemError('x')"])
def test_a_module_that_fails_on_import_is_a_bad_policy(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"failing_{abs(hash(source))}"
    (tmp_path / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BadPolicy, match="cannot load"):
        make_policy(f"{name}:Class")


# Policies of one's own.


def test_the_policy_of_the_documentation_runs_as_it_stands() -> None:
    text = roulette_core.policies.policy.__doc__ or ""
    code = "\n".join(line[4:] for line in text.split("::\n", 1)[1].splitlines() if line.startswith("    "))
    scope: dict[str, Any] = {"Policy": Policy, "Roulette": Roulette}
    exec(code, scope)
    assert len(code.strip().splitlines()) <= 10, "in about ten lines"
    roulette = Roulette(scope["NewestFirst"]())
    join_all(roulette, "abc")
    assert start_all(roulette, "ab")[-1] == paired("b", "a")


def test_a_custom_policy_named_on_the_command_line_is_used() -> None:
    roulette = Roulette(f"{CUSTOM}:NewestFirst")
    join_all(roulette, "abc")
    assert start_all(roulette, "ab")[-1] == paired("b", "a")
    assert start_all(roulette, "c")[1:] == []
    assert roulette.explain("c").code == "alone"


def test_a_custom_policy_is_replayed_snapshotted_and_restored_like_any_other() -> None:
    roulette = restored = Roulette(Patient(), seed=2)
    again = Roulette(f"{CUSTOM}:Patient", seed=2)
    for event, now in busy_evening(users=8, events=200):
        restored = Roulette.restore(restored.snapshot(), Patient())
        effects = attempt(roulette, event, now)
        assert effects == attempt(again, event, now) == attempt(restored, event, now)


def test_a_policy_without_explain_has_the_default_explanation() -> None:
    roulette = Roulette(Patient(least=3))
    join_all(roulette, "ab")
    start_all(roulette, "ab")
    assert roulette.explain("a") == Explanation(
        "undrawn", "2 people are waiting, and the policy has drawn none of them", (2,)
    )


def test_a_policy_without_deadline_method_has_no_deadline() -> None:
    roulette = Roulette(NewestFirst())
    join_all(roulette, "a")
    start_all(roulette, "a")
    assert roulette.next_deadline() is None
    assert roulette.policy.deadline(5.0) == NEVER


def test_the_base_policy_remembers_nothing() -> None:
    roulette = Roulette(NewestFirst())
    join_all(roulette, "a")
    roulette.handle(Leave("a"), 0)
    assert roulette.policy.snapshot() is None


@pytest.mark.parametrize(
    "pair", [("a", "a"), ("a", "ghost"), ("ghost", "a"), ("a", "lobby"), ("lobby", "a"), ("a", "talking"), (None, "a")]
)
def test_a_policy_that_draws_an_illegal_pair_is_broken(pair: Any) -> None:
    policy = Broken()
    roulette = Roulette(policy)
    join_all(roulette, ["a", "b", "lobby", "talking", "too"])
    start_all(roulette, ["talking"])
    policy.draws = [("talking", "too")]
    assert pairs_in(start_all(roulette, ["too", "a"])) == [{"talking", "too"}]
    policy.draws = [pair]
    with pytest.raises(BrokenPolicy, match="drew"):
        start_all(roulette, ["b"])


@pytest.mark.parametrize("due", [0.0, 4.0, 5.0, float("nan"), float("-inf")])
def test_a_policy_whose_deadline_has_passed_is_broken(due: float) -> None:
    policy = Broken()
    roulette = Roulette(policy)
    join_all(roulette, "a")
    policy.due = due
    with pytest.raises(BrokenPolicy, match="deadline"):
        start_all(roulette, "a", 5.0)
