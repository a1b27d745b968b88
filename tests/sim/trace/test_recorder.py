from dataclasses import fields

import numpy as np
import pytest

from roulette_core import (
    Block,
    Blocked,
    Join,
    Joined,
    Leave,
    Lobby,
    Next,
    Paired,
    Roulette,
    Say,
    Searching,
    Start,
    State,
    Unblock,
    Unblocked,
)
from roulette_core.testing import Checker
from sim.engine import run
from sim.population import ClosedModel, load
from sim.trace import TraceRecorder, recorder
from sim.trace.draws import MOST_OF_ONE_EVENT


def recorded(*events, policy="uniform:minimum=2"):
    roulette, watch = Roulette(policy), Watch(policy)
    for now, event in enumerate(events):
        watch.observe(float(now), event, roulette.handle(event, float(now)))
    record = watch.recorder
    return record.trace(0.0, float(len(events)))


class Watch:
    """A recorder, and the ledger that it reads the pool from."""

    def __init__(self, policy):
        self.checker = Checker(policy)
        self.recorder = TraceRecorder(self.checker.ledger.pool)

    def observe(self, now, event, effects):
        self.recorder.observe(now, event, effects)
        self.checker.check(now, event, effects)


def changes(trace):
    columns = (trace.change_time, trace.change_user, trace.change_state)
    return [(time, user, State(state)) for time, user, state in zip(*columns, strict=True)]


ADA_AND_BOB_CHAT = [Join(0, "ada"), Join(1, "bob"), Start(0), Start(1)]


def test_every_move_is_a_change():
    trace = recorded(*ADA_AND_BOB_CHAT, Lobby(0), Lobby(1), Leave(0))
    assert changes(trace) == [
        (0, 0, State.LOBBY),
        (1, 1, State.LOBBY),
        (2, 0, State.SEARCHING),
        (3, 1, State.SEARCHING),
        *sorted([(3, 0, State.PRIVATE), (3, 1, State.PRIVATE)], key=lambda change: change[1] != trace.pair_first[0]),
        (4, 0, State.LOBBY),
        (4, 1, State.SEARCHING),
        (5, 1, State.LOBBY),
        (6, 0, State.OUTSIDE),
    ]
    assert (trace.users, trace.events, trace.start, trace.end) == (2, 7, 0.0, 7.0)


def test_next_sends_both_searching_and_then_they_meet_again():
    trace = recorded(*ADA_AND_BOB_CHAT, Next(1))
    states = [state for time, _, state in changes(trace) if time == 4]
    assert states == [State.SEARCHING, State.SEARCHING, State.PRIVATE, State.PRIVATE]
    assert list(trace.pair_time) == [3.0, 4.0]


def test_a_user_who_leaves_a_chat_is_outside_and_the_partner_searches():
    trace = recorded(*ADA_AND_BOB_CHAT, Leave(0))
    assert changes(trace)[-2:] == [(4, 1, State.SEARCHING), (4, 0, State.OUTSIDE)]


@pytest.mark.parametrize("parting", [Next, Block, Lobby, Leave])
@pytest.mark.parametrize(("place", "state"), [("searching", State.SEARCHING), ("lobby", State.LOBBY)])
def test_a_partner_is_where_the_event_leaves_them(parting, place, state):
    trace = recorded(*ADA_AND_BOB_CHAT, parting(0, left_behind=place))
    assert next(change[2] for change in changes(trace) if change[:2] == (4, 1)) is state


def test_other_interests_do_not_begin_another_search():
    trace = recorded(Join(0, "ada"), Start(0), Start(0, ("chess",)), Join(1, "bob"), Start(1))
    assert [(time, state) for time, user, state in changes(trace) if user == 0] == [
        (0, State.LOBBY),
        (1, State.SEARCHING),
        (4, State.PRIVATE),
    ]


def test_blocks_of_others_change_nothing():
    record = TraceRecorder({})
    record.observe(0.0, Join(0, "ada"), (Joined(0, "ada"),))
    record.observe(1.0, Block(0, 1), (Blocked(0, 1, "bob"),))
    record.observe(2.0, Unblock(0, 1), (Unblocked(0, 1, "bob"),))
    assert changes(record.trace(0.0, 3.0)) == [(0, 0, State.LOBBY)]


def test_lines_and_refusals_change_nothing():
    trace = recorded(*ADA_AND_BOB_CHAT, Say(0, "hello"), Start(0))
    assert changes(trace) == changes(recorded(*ADA_AND_BOB_CHAT))
    assert trace.events == 6


def test_users_are_numbered_in_the_order_in_which_they_first_joined():
    trace = recorded(Join(70, "ada"), Join(3, "bob"), Leave(70), Join(9, "cyd"), Join(70, "ada"), Start(9), Start(3))
    assert trace.users == 3
    assert [user for _, user, _ in changes(trace)][:5] == [0, 1, 0, 2, 0]
    assert {int(trace.pair_first[0]), int(trace.pair_second[0])} == {1, 2}


def test_an_empty_run_has_empty_columns():
    trace = TraceRecorder({}).trace(0.0, 5.0)
    assert (trace.users, trace.pairings, len(trace.change_time), trace.duration) == (0, 0, 0, 5.0)


def test_a_draw_from_a_pool_of_two_is_not_sampled():
    trace = recorded(*ADA_AND_BOB_CHAT)
    assert (trace.pairings, len(trace.draw_rank)) == (1, 0)


def draws(trace):
    return list(zip(trace.draw_pairing.tolist(), trace.draw_pool.tolist(), trace.draw_rank.tolist(), strict=True))


@pytest.mark.parametrize("scenario", [ClosedModel(users=9), ClosedModel(users=40), load("mixed", 60)])
@pytest.mark.parametrize("policy", ["v1", "v2:minimum=6", "waves:every=20", "fresh"])
def test_pools_and_ranks_agree_with_a_slow_count(policy, scenario):
    watch, slow = Watch(policy), SlowAccount()
    roulette, population = Roulette(policy, seed=3), scenario.population(np.random.SeedSequence(3))
    run(roulette, population, 400.0, [watch.observe, slow.observe])
    trace = watch.recorder.trace(0.0, 400.0)
    assert trace.pairings > 10
    assert draws(trace) == slow.draws


class SlowAccount:
    """Numbers the pairs of the pool by listing them all."""

    def __init__(self):
        self.pool, self.draws, self.pairings = [], [], 0

    def observe(self, now, event, effects):
        before = self.pairings
        for effect in effects:
            if effect.kind == "searching":
                self.pool.append(effect.user)
            elif effect.kind == "parted":
                self.pool.append(effect.partner)
                if effect.cause in ("next", "block"):
                    self.pool.append(effect.user)
            elif effect.kind in ("returned", "left") and effect.user in self.pool:
                self.pool.remove(effect.user)
            elif effect.kind == "paired":
                pairs = [{self.pool[i], self.pool[j]} for j in range(len(self.pool)) for i in range(j)]
                if len(pairs) > 1 and self.pairings - before < MOST_OF_ONE_EVENT:
                    self.draws.append((self.pairings, len(self.pool), pairs.index({effect.first, effect.second})))
                self.pairings += 1
                self.pool.remove(effect.first)
                self.pool.remove(effect.second)


def test_of_many_draws_of_one_event_the_first_few_are_sampled():
    starts = [event for user in range(700) for event in (Join(user, str(user)), Start(user))]
    roulette, watch = Roulette("waves:every=5000"), Watch("waves:every=5000")
    for event in starts:
        watch.observe(1.0, event, roulette.handle(event, 1.0))
    watch.observe(5000.0, Next(0), roulette.handle(Next(0), 5000.0))
    trace = watch.recorder.trace(1.0, 5000.0)
    assert trace.pairings > 300
    assert list(trace.draw_pool) == [700 - 2 * draw for draw in range(MOST_OF_ONE_EVENT)]


def test_after_many_events_the_draws_of_every_16th_are_sampled(monkeypatch):
    monkeypatch.setattr("sim.trace.draws.ALL_AT_FIRST", 200)
    watch, events = Watch("v2"), []
    run(
        Roulette("v2"),
        ClosedModel(users=40).population(np.random.SeedSequence(1)),
        600.0,
        [watch.observe, lambda now, event, effects: events.append(effects)],
    )
    numbers = [number for number, effects in enumerate(events) for effect in effects if effect.kind == "paired"]
    looked_at = {numbers[pairing] for pairing in watch.recorder.trace(0.0, 600.0).draw_pairing}
    assert looked_at == {number for number in numbers if number < 200 or number % 16 == 200 % 16}


def test_a_draw_of_a_user_who_is_not_searching_is_left_to_the_invariants():
    watch = Watch("v2")
    for event, effects in [
        (Join(0, "ada"), (Joined(0, "ada"),)),
        (Start(0), (Searching(0), Paired(0, 1, "ada", "bob", 1))),
    ]:
        watch.observe(0.0, event, effects)
    assert watch.recorder.trace(0.0, 1.0).pairings == 1
    assert watch.checker.breaches


def test_packing_at_other_times_changes_nothing(monkeypatch):
    def trace():
        watch = Watch("v2")
        run(Roulette("v2"), load("mixed", 40).population(np.random.SeedSequence(5)), 600.0, [watch.observe])
        return watch.recorder.trace(0.0, 600.0)

    whole = trace()
    monkeypatch.setattr(recorder, "_PACK_EVERY", 7)
    packed = trace()
    for field in fields(whole):
        before, after = getattr(whole, field.name), getattr(packed, field.name)
        assert np.array_equal(before, after)
        if isinstance(after, np.ndarray):
            assert after.dtype == (np.float64 if field.name.endswith("time") else np.int64)
