"""What a policy does wrong closes the roulette: no effect is lost, and nothing is asked of it any more."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from roulette_core import (
    Block,
    BrokenPolicy,
    CallsOverlap,
    Choose,
    Explanation,
    Join,
    Leave,
    Next,
    Policy,
    Roulette,
    Say,
    Searching,
    Start,
    State,
    Tick,
    pairs_of,
)
from tests.core.scenarios import join_all, paired, parted, start_all


class Told(Policy):
    """Draws the first two, until it is told to do something else."""

    def __init__(self) -> None:
        super().__init__()
        self.act: Callable[[], Any] | None = None
        self.due: Any = None

    def draw(self, now: float, choose: Choose) -> Any:
        return self.act() if self.act else next(combinations(self.pool, 2), None)

    def deadline(self, now: float) -> float:
        return float("inf") if self.due is None else self.due()


def in_private() -> tuple[Roulette, Told]:
    """a and b in private with each other."""
    policy = Told()
    roulette = Roulette(policy)
    join_all(roulette, "abc")
    start_all(roulette, "ab")
    return roulette, policy


def broken(roulette: Roulette) -> BrokenPolicy:
    """The error when a asks for the next; afterwards the roulette refuses everything."""
    with pytest.raises(BrokenPolicy) as caught:
        roulette.handle(Next("a"), 1.0)
    for refused in (lambda: roulette.handle(Say("a", "only for b"), 2.0), roulette.snapshot):
        with pytest.raises(BrokenPolicy, match="cannot be used any longer"):
            refused()
    return caught.value


def raising() -> Any:
    raise KeyError("b")


def test_a_policy_that_raises_loses_no_effect_and_no_private_line() -> None:
    roulette, policy = in_private()
    policy.act = raising
    error = broken(roulette)
    assert isinstance(error.__cause__, KeyError)
    assert error.effects == (parted("a", "b", "next"),)
    assert "raised KeyError('b')" in str(error)


@pytest.mark.parametrize(
    "answer",
    [False, 0, "", (), ("a",), ("a", "b", "c"), "ab", ["a", "b"], [("a",)], ("a", "a"), ("a", "ghost"), ([], {})],
)
def test_a_draw_that_is_no_pair_of_the_pool_is_named(answer: Any) -> None:
    roulette, policy = in_private()
    policy.act = lambda: answer
    assert broken(roulette).effects == (parted("a", "b", "next"),)


@pytest.mark.parametrize("due", [None, "soon", float("nan"), 0.5, -1])
def test_a_deadline_that_is_none_is_named(due: Any) -> None:
    roulette, policy = in_private()
    policy.act, policy.due = (lambda: None), (lambda: due)
    assert "deadline" in str(broken(roulette))


def test_a_policy_that_rebinds_its_pool_is_caught() -> None:
    roulette, policy = in_private()

    def rebind() -> None:
        policy.pool = dict(policy.pool)

    policy.act = rebind
    broken(roulette)
    assert roulette.counts() == {State.LOBBY: 1, State.SEARCHING: 2, State.PRIVATE: 0}


@pytest.mark.parametrize(
    "takes", [lambda pool: pool.popitem() and None, lambda pool: tuple(pool.popitem()[0] for _ in "ab")]
)
def test_a_policy_that_takes_users_out_itself_is_caught(takes: Any) -> None:
    roulette, policy = in_private()
    policy.act = lambda: takes(policy.pool)
    broken(roulette)


def test_a_policy_that_calls_the_roulette_is_caught() -> None:
    roulette, policy = in_private()
    policy.act = lambda: roulette.handle(Tick(), 1.0)
    assert isinstance(broken(roulette).__cause__, CallsOverlap)


def test_a_policy_is_caught_at_what_is_due_before_the_event() -> None:
    roulette, policy = in_private()
    policy.act, policy.due = (lambda: None), (lambda: 5.0)
    roulette.handle(Next("a"), 1.0)
    policy.act = raising
    with pytest.raises(BrokenPolicy):
        roulette.handle(Say("c", "hello"), 6.0)


@pytest.mark.parametrize("hook", ["enter", "leave", "paired", "forget", "update"])
def test_every_hook_that_raises_is_caught(hook: str) -> None:
    roulette, policy = in_private()
    setattr(policy, hook, lambda *_: raising())
    events = [Join("d", "d"), Start("d"), Start("d"), Join("e", "e"), Start("e"), Next("a"), Next("c")]
    with pytest.raises(BrokenPolicy) as caught:
        for event in [*events, *map(Leave, "abcde")]:
            roulette.handle(event, 1.0)
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize("answer", [None, "alone", raising])
def test_an_explanation_that_is_none_is_caught(answer: Any) -> None:
    roulette, policy = in_private()
    start_all(roulette, "c")
    policy.explain = lambda user, now: answer() if callable(answer) else answer  # type: ignore[method-assign]
    with pytest.raises(BrokenPolicy):
        roulette.explain("c")


def test_an_interrupt_half_way_leaves_the_roulette_closed() -> None:
    roulette, policy = in_private()

    def interrupt() -> None:
        raise KeyboardInterrupt

    policy.act = interrupt
    with pytest.raises(KeyboardInterrupt):
        roulette.handle(Next("a"), 1.0)
    for refused in (lambda: roulette.handle(Say("a", "only for b"), 2.0), roulette.snapshot):
        with pytest.raises(CallsOverlap, match="interrupted"):
            refused()


class Couples(Policy):
    """Names all pairs at once."""

    def draw(self, now: float, choose: Choose) -> list[tuple[Any, Any]]:
        waiting = iter([*self.pool] if len(self.pool) >= 4 else ())
        return list(zip(waiting, waiting, strict=False))


def test_the_pairs_of_a_draw_are_a_sequence() -> None:
    assert [[*pairs_of(drawn)] for drawn in (None, ("a", "b"), [("a", "b")])] == [[], [("a", "b")], [("a", "b")]]


def test_a_draw_may_name_many_pairs() -> None:
    roulette = Roulette(Couples())
    join_all(roulette, "abcde")
    assert start_all(roulette, "abcd") == [
        *map(Searching, "abcd"),
        paired("a", "b"),
        paired("c", "d", 2),
    ]


def test_pairs_named_at_once_have_no_user_in_common() -> None:
    roulette, policy = in_private()
    start_all(roulette, "c")
    policy.act = lambda: [("b", "a"), ("b", "c")]
    error = broken(roulette)
    assert error.effects == (parted("a", "b", "next"), paired("b", "a", 2))


def test_of_pairs_named_at_once_the_blocked_ones_are_left_out() -> None:
    roulette = Roulette(Couples())
    join_all(roulette, "abcd")
    roulette.handle(Block("a", "b"), 0.0)
    assert start_all(roulette, "abcd")[-1] == paired("c", "d")
    assert roulette.explain("a") == Explanation("only_blocked", "a block keeps you apart from all other waiting users")
