"""The kernel gives the same rows as the core, to the last bit, and the same deadlines, states and partners."""

import math
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.kernel
import sim.kernel.policies
import sim.kernel.roulette
from sim.kernel.choices import BLOCK, Choices
from tests.sim.kernel.both import ACTS, POLICIES, Both, Step, story
from tests.sim.kernel.copies import copied

KERNELS = ("as it runs", "pure")


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModuleType]:
    """The kernel as it runs here, compiled or not, and a copy that is not compiled."""
    return {"as it runs": sim.kernel, "pure": copied(tmp_path_factory.mktemp("pure"))}


TENTHS = (0.1, 0.3, 0.7, 1.0, 4.0)
WAITS = st.sampled_from((0.0, 0.0, 0.0, *TENTHS, math.inf)) | st.floats(0.0, 10.0)
TOPICS = st.sampled_from((0, 0, 1, 2, 3, 6, 1 << 63))
STEPS = st.builds(Step, st.sampled_from((*ACTS, "start", "next")), st.integers(0, 5), TOPICS, WAITS)


@pytest.mark.parametrize("kernel", KERNELS)
@given(
    st.sampled_from(POLICIES),
    st.lists(STEPS, max_size=60),
    st.integers(0, 3),
    st.sampled_from(("searching", "lobby")),
    st.sampled_from((1, 2, 3, 4096)),
    st.sampled_from((0.0, 1e6 + 0.1)),
)
def test_few_users(
    kernels: dict[str, ModuleType],
    kernel: str,
    policy: str,
    steps: list[Step],
    seed: int,
    left_behind: Any,
    block: int,
    start: float,
) -> None:
    assert Both(kernels[kernel], policy, seed, left_behind, block, start).play(steps) == ""


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("policy", POLICIES)
def test_long_stories(kernels: dict[str, ModuleType], kernel: str, policy: str) -> None:
    for seed in range(12):
        users = Random(seed).choice((2, 3, 5, 8, 40))
        both = Both(kernels[kernel], policy, seed, "lobby" if seed % 4 == 3 else "searching")
        assert both.play(story(seed, users, 250)) == "", seed


@pytest.mark.nightly
@given(st.sampled_from(POLICIES), st.integers(0), st.integers(2, 60), st.sampled_from(("searching", "lobby")))
def test_longer_stories(policy: str, seed: int, users: int, left_behind: Any) -> None:
    assert Both(sim.kernel, policy, seed, left_behind).play(story(seed, users, 1000)) == ""


def test_room_is_made_for_users_beyond_those_announced(kernels: dict[str, ModuleType]) -> None:
    for kernel in kernels.values():
        both = Both(kernel, "interests")
        assert both.play(Step("start", user, user % 7) for user in range(300) for _ in range(2)) == ""
        assert both.seats.seats >= 300


@given(st.integers(0, 2**70), st.lists(st.integers(1, 2**31 - 1), min_size=1, max_size=5))
def test_choices_are_those_of_the_core(seed: int, counts: list[int]) -> None:
    random, choices = Random(seed).random, Choices(seed)
    for count in counts * (2 * BLOCK // len(counts)):
        assert choices.choose(count) == int(random() * count)


@pytest.mark.parametrize("policy", ["tests.core.custom:Patient", "no-repeat"])
def test_only_built_in_policies_have_a_twin(policy: str) -> None:
    assert (sim.kernel.policies.seat_policy(policy, 0) is None) == (":" in policy)
