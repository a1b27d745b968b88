"""The counters agree with what happened, in constant memory."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from roulette_core import Joined, LobbyLine, Paired, Parted, PrivateLine, Refused
from tests.transports.operator.operator_fixture import OperatorFixture, sample_chat
from transports.gateway.connection_events import Connected, Ended, Garbage, TurnedAway
from transports.limits import Limits
from transports.operator.metrics import RouletteCollector
from transports.operator.statistics import Statistics
from transports.operator.waits import BOUNDS, WaitHistogram

ACTS = st.sampled_from(["start", "next", "lobby", "/block", "hello", "start", "close", "x" * 5000])
STEPS = st.lists(st.tuples(st.integers(1, 6), ACTS, st.floats(0, 100)), max_size=60)


@given(STEPS, st.sampled_from(["no-repeat", "uniform:minimum=3", "waves:every=5"]))
def test_counts_agree_with_the_journal_of_any_chat(steps: list[tuple[int, str, float]], policy: str) -> None:
    chat = OperatorFixture(policy, limits=Limits(users=5, rate=0, idle=0))
    for number in range(1, 7):
        chat.arrive(f"user{number}", f"198.51.100.{number}")
    for number, act, pause in steps:
        chat.wait(pause)
        if number in chat.open:
            chat.type(number, act)
    counted = chat.statistics
    effects = [effect for _, _, effects in chat.journal for effect in effects]

    def count(kind: type) -> int:
        return sum(isinstance(effect, kind) for effect in effects)

    def happened(kind: type) -> int:
        return sum(isinstance(event, kind) for event in chat.events)

    assert (counted.lobby_lines, counted.private_lines) == (count(LobbyLine), count(PrivateLine))
    assert (counted.pairings, counted.partings.total()) == (count(Paired), count(Parted))
    assert counted.refusals.total() == count(Refused)
    assert (counted.accepted, counted.turned_away.total()) == (happened(Connected), happened(TurnedAway))
    assert (counted.ended.total(), counted.garbage.total()) == (happened(Ended), happened(Garbage))
    assert len(counted.waits) == 2 * counted.pairings
    pool = chat.gateway.roulette.policy.pool
    assert counted._searching_since == {user: searcher.since for user, searcher in pool.items()}
    assert count(Joined) == len(chat.gateway.roulette) + sum(event.name is not None for event in ended(chat))


def ended(chat: OperatorFixture) -> list[Ended]:
    return [event for event in chat.events if isinstance(event, Ended)]


def test_a_wait_lasts_from_the_search_to_the_pairing_however_it_began() -> None:
    chat = OperatorFixture()
    ada, bob, carol = chat.enter("ada", "bob", "carol")
    chat.type(ada, "start")
    chat.now = 3.0
    chat.type(bob, "start")
    assert chat.statistics.waits.total == 3.0
    chat.now = 5.0
    chat.type(ada, "next")
    chat.now = 9.0
    chat.type(carol, "start")
    assert chat.statistics.waits.total == 3.0 + 4.0


def test_memory_does_not_grow_with_what_has_happened() -> None:
    counted = Statistics()
    size: list[int] = []
    for events in (1_000, 10_000):
        for number in range(events):
            counted.handled(float(number), None, (Paired(2 * number, 2 * number + 1, "", "", number + 1),))  # type: ignore[arg-type]
        size.append(sum(sys.getsizeof(value) for value in vars(counted).values()))
    assert size[0] == size[1]


DURATIONS = st.lists(st.floats(0, 5000), min_size=1)


@given(DURATIONS, st.floats(0, 1))
def test_a_quantile_lies_in_the_bucket_of_the_exact_one(durations: list[float], fraction: float) -> None:
    waits = WaitHistogram()
    for duration in durations:
        waits.add(duration)
    rank = max(0, -int(-fraction * len(durations) // 1) - 1)
    exact = sorted(durations)[rank]
    estimate = waits.quantile(fraction)
    edges = (0.0, *BOUNDS)
    above = [low for low in edges if low < exact]
    low = above[-1] if above else 0.0
    high = next((bound for bound in BOUNDS if bound >= exact), BOUNDS[-1])
    assert estimate is not None
    assert low - 1e-9 <= estimate <= high + 1e-9


def test_without_durations_there_is_neither_mean_nor_quantile() -> None:
    assert (WaitHistogram().mean(), WaitHistogram().quantile(0.5), len(WaitHistogram())) == (None, None, 0)


@pytest.mark.parametrize("bound", BOUNDS)
def test_a_duration_at_a_bound_is_below_it(bound: float) -> None:
    waits = WaitHistogram()
    waits.add(bound)
    assert dict(waits.cumulative())[bound] == 1
    assert all(count == 0 for other, count in waits.cumulative() if other < bound)


def scraped(chat: OperatorFixture) -> dict[str, dict[tuple[str, ...], float]]:
    registry = CollectorRegistry()
    registry.register(RouletteCollector(chat.statistics, chat.gateway))
    samples: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        assert family.documentation.endswith(".")
        for sample in family.samples:
            samples.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return samples


def test_metrics_are_the_counts_under_the_names_that_prometheus_recommends() -> None:
    chat = sample_chat()
    samples = scraped(chat)
    counts = chat.obey("stats").counts
    assert samples["roulette_connections"] == {(): counts["connections"]}
    assert samples["roulette_users"] == {("lobby",): 1, ("searching",): 1, ("private",): 2}
    assert samples["roulette_lines_total"] == {("lobby",): 1, ("private",): 2}
    assert samples["roulette_refusals_total"] == {("already_private",): 1}
    assert samples["roulette_wait_seconds_count"] == {(): 2}
    assert samples["roulette_wait_seconds_sum"] == {(): 2.0}
    assert samples["roulette_wait_seconds_bucket"]["+Inf",] == 2


def test_labels_without_events_are_exported_as_0() -> None:
    samples = scraped(OperatorFixture())
    assert samples["roulette_partings_total"] == {("next",): 0, ("lobby",): 0, ("leave",): 0, ("block",): 0}
    assert samples["roulette_connections_turned_away_total"]["banned",] == 0
    assert samples["roulette_connections_ended_total"]["slow",] == 0
