"""Cases: drawn from seeds, part by part, and written as a command line."""

import shlex
from dataclasses import fields, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core.testing import BUILT_IN
from sim.swarm.case import Case, draw_case
from sim.swarm.command import NAMES, NEEDED, NOTHING, BadName, Fixed, command_of, read_names
from sim.swarm.faults import faults_of
from sim.swarm.limits import LIMITS, limits_of
from sim.worlds import Faults
from transports.gateway import Limits

SEEDS = st.integers(0, 2**40)


def some_of(option: str) -> st.SearchStrategy[tuple[str, ...]]:
    names = tuple(NAMES[option])
    chosen = st.sets(st.sampled_from(names), min_size=int(option in NEEDED))
    return chosen.map(lambda wanted: tuple(name for name in names if name in wanted))


FIXED = st.builds(
    Fixed,
    policy=st.none() | st.sampled_from(["no-repeat", "uniform:minimum=4", "my_module:MyPolicy"]),
    users=st.none() | st.integers(1, 50),
    seconds=st.none() | st.integers(1, 500),
    **{option: st.none() | some_of(option) for option in NAMES},
)


def typed_again(words: list[str]) -> Case:
    """Returns the case that ``roulette swarm`` makes of a command that it printed."""
    given = dict(zip(words[2::2], words[3::2], strict=True))
    seed = int(given.pop("--seed"))
    options = {option.removeprefix("--").replace("-", "_"): value for option, value in given.items()}
    read = {
        option: read_names(option, value) if option in NAMES else int(value) if value.isdecimal() else value
        for option, value in options.items()
    }
    return Fixed(**read).case(seed)


@given(FIXED, SEEDS)
def test_the_printed_command_means_the_same_case(fixed: Fixed, seed: int) -> None:
    case = fixed.case(seed)
    words = shlex.split(command_of(case))
    assert words[:2] == ["roulette", "swarm"]
    assert typed_again(words) == case


@given(SEEDS)
def test_the_command_of_a_case_as_drawn_is_its_seed_alone(seed: int) -> None:
    assert command_of(draw_case(seed)) == f"roulette swarm --seed {seed}"


@given(FIXED, SEEDS)
def test_fixed_fields_leave_the_others_as_drawn(fixed: Fixed, seed: int) -> None:
    case, drawn = fixed.case(seed), draw_case(seed)
    for field in fields(Fixed):
        wanted = getattr(fixed, field.name)
        assert getattr(case, field.name) == (getattr(drawn, field.name) if wanted is None else wanted)


@given(SEEDS)
def test_removing_a_fault_leaves_the_figures_of_the_others(seed: int) -> None:
    case, perfect = replace(draw_case(seed), faults=("latency", "stalls", "slow")), Faults()
    fewer = replace(case, faults=("latency", "slow"))
    before, after = faults_of(case.faults, case.chance), faults_of(fewer.faults, fewer.chance)
    assert replace(before, stalls_per_minute=0.0, stall=0.0) == after
    assert before.stalls_per_minute > perfect.stalls_per_minute


@given(SEEDS)
def test_limits_that_are_not_named_are_the_defaults(seed: int) -> None:
    case = draw_case(seed)
    assert limits_of((), case.chance) == Limits()
    assert limits_of(("room",), case.chance) == Limits(users=limits_of((*case.limits, "room"), case.chance).users)


def test_every_limit_is_tightened_by_exactly_one_name_except_costs_and_grace() -> None:
    tightened = [limit for tighten in LIMITS.values() for limit in tighten(Random(1))]
    assert len(tightened) == len(set(tightened))
    assert {limit.name for limit in fields(Limits)} - {*tightened} == {"lobby_cost", "change_cost", "grace"}


def test_every_name_is_drawn_sometimes_and_left_out_sometimes() -> None:
    cases = [draw_case(seed) for seed in range(60)]
    for option, names in NAMES.items():
        for name in names:
            assert {name in getattr(case, option) for case in cases} == {True, False}, name


def test_all_policies_are_drawn() -> None:
    assert {draw_case(seed).policy.partition(":")[0] for seed in range(60)} == set(BUILT_IN)


@pytest.mark.parametrize(("option", "typed"), [("faults", "resets,fire"), ("faults", ""), ("personas", NOTHING)])
def test_an_unknown_name_is_refused(option: str, typed: str) -> None:
    with pytest.raises(BadName):
        read_names(option, typed)
