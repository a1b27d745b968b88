"""Random walks of the real roulette beside a slow, obvious one: equal effects, equal answers, no invariant broken."""

import re
from itertools import combinations
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from roulette_core import (
    Block,
    Effect,
    Event,
    Join,
    Leave,
    Lobby,
    LobbyLine,
    Next,
    Roulette,
    RouletteError,
    Say,
    Start,
    State,
    Tick,
    Unblock,
)
from roulette_core.testing import Checker
from tests.core.model import Model
from tests.core.scenarios import DELAYS, DISTINCT, USERS, any_event, blocked, topics

users = st.sampled_from(USERS)
delays = st.sampled_from(DELAYS)


class BesideModel(RuleBasedStateMachine):
    """One policy's walk; subclasses say which."""

    policy = "no-repeat"

    def __init__(self) -> None:
        super().__init__()
        self.roulette = Roulette(self.policy, seed=1)
        self.model = Model(self.policy)
        self.checker = Checker(self.policy)
        self.now = 0.0
        self.latest: tuple[Effect, ...] = ()

    def handle(self, event: Event, delay: float = 0.0) -> None:
        now = self.now + delay
        before = self.roulette.snapshot()
        try:
            effects = self.roulette.handle(event, now)
        except RouletteError:
            assert self.model.handle(event, now, ()) is None
            assert self.roulette.snapshot() == before
            return
        assert list(effects) == self.model.handle(event, now, effects)
        self.checker.check(now, event, effects)
        self.now, self.latest = now, effects

    @initialize(present=st.lists(users, unique=True, min_size=4))
    def some_have_joined(self, present: list[Any]) -> None:
        for user in present:
            self.handle(Join(user, f"name of {user!r}"))

    @rule(user=users, name=st.sampled_from(["ada", "bob", ""]), blocked=blocked, delay=delays)
    def join(self, user: Any, name: str, blocked: tuple[Any, ...], delay: float) -> None:
        self.handle(Join(user, name, blocked), delay)

    @rule(event=any_event, delay=delays)
    def anything(self, event: Event, delay: float) -> None:
        self.handle(event, delay)

    @rule(user=users, delay=delays)
    def a_user_takes_a_block_back(self, user: Any, delay: float) -> None:
        for blocker, other in sorted(self.model.blocks, key=repr)[:1]:
            self.handle(Unblock(blocker, other), delay)

    @rule(user=users, delay=delays)
    def say(self, user: Any, delay: float) -> None:
        self.handle(Say(user, "hello"), delay)

    @rule(user=users, interests=topics, delay=delays)
    def start(self, user: Any, interests: tuple[str, ...], delay: float) -> None:
        self.handle(Start(user, interests), delay)

    @rule(interests=topics)
    def everybody_starts(self, interests: tuple[str, ...]) -> None:
        for user in self.roulette.users(State.LOBBY):
            self.handle(Start(user, interests))

    @rule(user=users, delay=delays)
    def next(self, user: Any, delay: float) -> None:
        self.handle(Next(user), delay)

    @rule(delay=delays)
    def all_who_talk_ask_for_the_next(self, delay: float) -> None:
        for first, _ in self.roulette.pairs():
            self.handle(Next(first), delay)

    @rule(user=users, delay=delays)
    def block(self, user: Any, delay: float) -> None:
        self.handle(Block(user), delay)

    @rule(delay=delays)
    def all_who_talk_block_each_other(self, delay: float) -> None:
        for first, _ in self.roulette.pairs():
            self.handle(Block(first), delay)

    @rule(user=users, delay=delays)
    def lobby(self, user: Any, delay: float) -> None:
        self.handle(Lobby(user), delay)

    @rule(user=users, delay=delays)
    def leave(self, user: Any, delay: float) -> None:
        self.handle(Leave(user), delay)

    @rule(delay=delays)
    def tick(self, delay: float) -> None:
        self.handle(Tick(), delay)

    @rule()
    def tick_when_due(self) -> None:
        deadline = self.roulette.next_deadline()
        if deadline is not None:
            self.handle(Tick(), deadline - self.now)

    @invariant()
    def none_of_the_thirteen_is_broken(self) -> None:
        self.checker.compare(self.roulette)
        assert self.checker.breaches == []

    @invariant()
    def every_question_has_the_same_answer(self) -> None:
        roulette, model = self.roulette, self.model
        present = list(model.names)
        assert roulette.users() == present
        assert len(roulette) == len(present)
        assert {user: roulette.name(user) for user in present} == model.names
        assert {user: roulette.named(name) for user, name in model.names.items()} == {user: user for user in present}
        assert {user: roulette.partner(user) for user in present} == {user: model.partner.get(user) for user in present}
        for user in USERS:
            assert (user in roulette) is (user in model.names)
            assert roulette.state(user) is state_by(model, user)

    @invariant()
    def every_list_and_count_is_right(self) -> None:
        roulette, model = self.roulette, self.model
        assert {frozenset(pair) for pair in roulette.pairs()} == {frozenset(pair) for pair in model.partner.items()}
        joined = roulette.users()
        assert all(joined.index(first) < joined.index(second) for first, second in roulette.pairs())
        assert [joined.index(first) for first, _ in roulette.pairs()] == sorted(
            joined.index(first) for first, _ in roulette.pairs()
        )
        for state, count in roulette.counts().items():
            expected = [user for user in model.names if state_by(model, user) is state]
            assert roulette.users(state) == expected
            assert count == len(expected)
        assert {user: (it.since, it.interests) for user, it in roulette.policy.pool.items()} == model.pool
        for user in joined:
            assert roulette.waiting_since(user) == model.pool.get(user, (None,))[0]
            assert roulette.attributes(user) == model.attributes[user]
            assert roulette.chat(user) == model.chat.get(user, 0)

    @invariant()
    def those_who_are_kept_apart_are_the_same(self) -> None:
        apart = self.roulette.policy.blocks.apart
        assert {frozenset({user, other}) for user, others in apart.items() for other in others} == self.model.apart
        for first, second in combinations(USERS, 2):
            kept = frozenset({first, second}) in self.model.apart
            assert self.roulette.policy.blocks.between(first, second) is kept
            assert self.roulette.policy.blocks.between(second, first) is kept

    @invariant()
    def under_no_repeat_only_blocks_make_the_pool_large(self) -> None:
        pool = max(len(self.model.pool), 1)
        kept_apart = sum(frozenset(pair) in self.model.apart for pair in combinations(self.model.pool, 2))
        assert self.policy != "no-repeat" or kept_apart >= (pool - 1) * (pool - 2) / 2

    @invariant()
    def a_lobby_line_reaches_all_outside_private_but_the_sender(self) -> None:
        for effect in self.latest:
            if isinstance(effect, LobbyLine):
                hear = [user for user in self.model.names if user not in self.model.partner and user != effect.sender]
                assert list(self.roulette.recipients(effect)) == hear

    @invariant()
    def a_deadline_lies_ahead_and_somebody_waits_for_it(self) -> None:
        deadline = self.roulette.next_deadline()
        if deadline is not None:
            assert deadline > self.roulette.now == self.now
            assert len(self.model.pool) >= 2

    @invariant()
    def every_waiting_user_has_an_explanation(self) -> None:
        for user in self.roulette.users():
            code, text, figures, _ = self.roulette.explain(user)
            assert (code == "not_searching") is (user not in self.model.pool)
            assert text
            assert figures == tuple(map(int, re.findall(r"\d+", text)))
            others = [other for other in self.model.pool if other != user]
            assert code != "alone" or not others
            if user in self.model.pool and "minimum" not in self.roulette.policy.parameters:  # or it says "too_few"
                assert (code == "alone") is (not others)
            kept_apart = [frozenset({user, other}) in self.model.apart for other in others]
            assert (code == "only_blocked") is (user in self.model.pool and bool(others) and all(kept_apart))


def state_by(model: Model, user: Any) -> State:
    if user in model.partner:
        return State.PRIVATE
    if user in model.pool:
        return State.SEARCHING
    return State.LOBBY if user in model.names else State.OUTSIDE


@pytest.mark.parametrize("policy", DISTINCT)
def test_the_roulette_does_what_the_slow_model_does(policy: str) -> None:
    run_state_machine_as_test(type("Walk", (BesideModel,), {"policy": policy}))
