"""The wire world: on a perfect network it equals the core's world; on others its clients' accounts are judged."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roulette_core import Effect, Event, Join, PrivateLine, Roulette, State, Tick
from roulette_core.testing import BUILT_IN, Verdict
from roulette_core.testing.clients import SawClosed as Farewell
from roulette_core.testing.clients import SawLine, judge
from sim.engine import run
from sim.population import ClosedModel, Mixed, Persona, Scenario, load
from sim.worlds import DELAYS, MILD, PERFECT, ROUGH, Faults, Occurrence
from sim.worlds.wire import Wire, simulate
from tests.support.hashing import outputs
from transports.gateway import CloseReason, Ended, Gateway, GatewayObserver, Limits, Order, Output
from transports.protocol import JsonCodec, TextCodec

POLICIES = list(BUILT_IN)

Journal = list[tuple[float, Event, tuple[Effect, ...]]]

CLOSED = ClosedModel(7)


def crowd(**habits: float) -> Mixed:
    """Users of one kind, who are hardly ever idle."""
    habits = {"lobby_seconds": 5, "chat_seconds": 20, "private_lines_per_minute": 10, **habits}
    return Mixed("crowd", 8, (Persona("ada", share=1, **habits),))  # type: ignore[arg-type]


def wired(
    scenario: Scenario = CLOSED, faults: Faults = PERFECT, seed: int = 1, policy: str = "v1", **options: object
) -> tuple[Wire, Journal]:
    """Returns a wire world at time 0, and the journal that it will write."""
    journal: Journal = []
    population = scenario.population(np.random.SeedSequence(seed))
    watch = lambda *entry: journal.append(entry)  # noqa: E731
    return Wire(Roulette(policy, seed), population, faults, seed=seed, watchers=[watch], **options), journal  # type: ignore[arg-type]


def is_sound(wire: Wire) -> bool:
    """Lets everything arrive; returns whether judge, invariants and codecs have no objection."""
    assert wire.settle(), wire.pending()
    judgement = judge(wire.people.accounts, settled=True)
    wire.checker.compare(wire.roulette)
    return judgement.ok and not wire.checker.breaches and not wire.people.protocol_errors


class Endings(GatewayObserver):
    """Counts how many connections ended for which reason, according to the server."""

    def __init__(self) -> None:
        self.counts: Counter[CloseReason] = Counter()

    def happened(self, now: float, event: object) -> None:
        if isinstance(event, Ended):
            self.counts[event.reason] += 1


# On a perfect network.


@settings(max_examples=25)
@given(st.sampled_from(POLICIES), st.integers(1, 12), st.integers(0, 2**32))
def test_on_a_perfect_network_the_closed_model_equals_the_cores_event_by_event(policy, users, seed):
    scenario = ClosedModel(users)
    expected: Journal = []
    watch = lambda *entry: expected.append(entry)  # noqa: E731
    run(Roulette(policy, seed), scenario.population(np.random.SeedSequence(seed)), 900.0, [watch])
    wire, journal = wired(scenario, PERFECT, seed, policy, limits=Limits(give_back=0))  # so that no ``next`` is refused
    wire.run(900.0)
    # A server also ticks to tell users again why they wait, which pairs none.
    journal = [entry for entry in journal if entry[2] or type(entry[1]) is not Tick]
    assert [entry for entry in journal if type(entry[1]) is not Join] == [
        entry for entry in expected if type(entry[1]) is not Join
    ]
    assert len(journal) == len(expected)


def test_on_a_perfect_network_no_fault_occurs():
    wire, _ = wired(load("mixed", 30))
    wire.run(600.0)
    kept = {Occurrence.CONNECTED, Occurrence.HUNG_UP, Occurrence.VANISHED, Occurrence.NOTICED, Occurrence.JOINED}
    assert {happened for happened, times in wire.conditions.counts.items() if times} <= kept
    assert is_sound(wire)


# On others.


@settings(max_examples=25)
@given(
    st.sampled_from([DELAYS, MILD, ROUGH, replace(ROUGH, unnoticed=float("inf"), resets_per_minute=1.0)]),
    st.sampled_from([load("mixed", 12), ClosedModel(9), crowd(), crowd(stay_seconds=60, away_seconds=5)]),
    st.sampled_from(POLICIES),
    st.integers(0, 2**32),
)
def test_server_and_clients_agree_on_any_network(faults, scenario, policy, seed):
    wire, journal = wired(scenario, faults, seed, policy, limits=Limits(ping=20, idle=40, pong=10))
    wire.run(300.0)
    assert len(journal) > 10
    assert is_sound(wire)


def test_every_occurrence_occurs():
    limits = Limits(ping=20, idle=40, pong=10, output_soft=200, output_limit=1000, burst=3, rate=0.5)
    endings = Endings()
    faults = replace(ROUGH, unnoticed=30.0, slow=0.3, slow_speed=20.0, window=300)
    scenario = crowd(stay_seconds=120, away_seconds=10)
    wire, _ = wired(scenario, faults, seed=2, limits=limits, observers=[endings])
    wire.run(1800.0)
    assert is_sound(wire)
    assert all(wire.conditions.counts[happened] for happened in Occurrence), wire.conditions.counts
    assert {
        CloseReason.ASKED,
        CloseReason.HUNG_UP,
        CloseReason.LOST,
        CloseReason.IDLE,
        CloseReason.SLOW,
    } <= endings.counts.keys()


def test_the_servers_timeouts_find_clients_that_vanished():
    faults = Faults(vanishes_per_minute=0.5, unnoticed=float("inf"), reconnect=float("inf"))
    endings = Endings()
    wire, _ = wired(faults=faults, limits=Limits(ping=20, idle=20, pong=10), observers=[endings])
    wire.run(3600.0)
    gone = wire.conditions.counts[Occurrence.VANISHED]
    assert gone == 7
    assert endings.counts == {CloseReason.IDLE: gone}
    assert len(wire.gateway) == 0


def test_a_slow_reader_is_dropped_and_comes_back():
    faults = Faults(slow=0.5, slow_speed=5.0, window=100, reconnect=1.0)
    endings = Endings()
    wire, _ = wired(crowd(lobby_lines_per_minute=30), faults, limits=Limits(output_limit=2000), observers=[endings])
    wire.run(900.0)
    assert endings.counts[CloseReason.SLOW] > 5
    assert len(wire.people.accounts) == 8 + endings.counts[CloseReason.SLOW]
    assert is_sound(wire)


def test_a_client_that_sends_eof_reads_the_rest():
    endings = Endings()
    wire, _ = wired(crowd(stay_seconds=30, away_seconds=1), replace(DELAYS, hang_ups=1.0), observers=[endings])
    wire.run(600.0)
    assert is_sound(wire)
    finished = [account for account in wire.people.accounts if type(account.entries[-1].what) is Farewell]
    assert len(finished) == endings.counts[CloseReason.HUNG_UP] > 50
    assert not any(account.cut for account in wire.people.accounts)


def test_requests_over_the_rate_wait_and_are_carried_out():
    scenario = crowd(private_lines_per_minute=120)
    wire, _ = wired(scenario, DELAYS, limits=Limits(burst=2, rate=1))
    wire.run(120.0)
    assert wire.conditions.counts[Occurrence.PAUSED] > 5
    assert is_sound(wire)


def test_every_visit_has_a_name_of_its_own_whatever_personas_are_called():
    for name in ("ada", "<ada>", "Ada " * 20, "start", "été", "ﬁ"):
        scenario = Mixed("crowd", 5, (Persona(name, 5, 5, share=1, stay_seconds=30, away_seconds=5),))
        wire, _ = wired(scenario, MILD)
        wire.run(300.0)
        names = [account.name for account in wire.people.accounts]
        assert len(set(names)) == len(names) > 20
        assert is_sound(wire)


def test_all_lines_differ_and_arrive_in_both_dialects():
    for codec in (JsonCodec, TextCodec, lambda: TextCodec("fr")):
        wire, journal = wired(crowd(), replace(ROUGH, resets_per_minute=0, vanishes_per_minute=0), codecs=[codec])
        wire.run(120.0)
        assert is_sound(wire)
        said = [effect.text for _, _, effects in journal for effect in effects if type(effect) is PrivateLine]
        heard = [what.text for account in wire.people.accounts for _, what in account.entries if type(what) is SawLine]
        assert len(set(said)) == len(said) > 50
        assert set(said) <= set(heard)


# What callers rely on.


def test_a_run_can_be_interrupted():
    whole, journal = wired(load("mixed", 15), ROUGH)
    whole.run(500.0)
    parts, pieces = wired(load("mixed", 15), ROUGH)
    for until in (0.0, 1.5, 100.0, 100.0, 333.0, 500.0):
        parts.run(until)
        assert parts.now == until
    assert pieces == journal
    assert [account.entries for account in parts.people.accounts] == [
        account.entries for account in whole.people.accounts
    ]


def test_after_healing_no_fault_occurs():
    wire, _ = wired(crowd(), replace(ROUGH, unnoticed=float("inf")))
    wire.run(300.0)
    wire.network.heal()
    wire.run(330.0)
    before, visits = wire.conditions.counts.copy(), len(wire.people.accounts)
    wire.run(900.0)
    happened = {each for each in Occurrence if wire.conditions.counts[each] > before[each]}
    assert happened <= {Occurrence.JOINED}
    assert len(wire.people.accounts) == visits
    assert len(wire.gateway) == 8
    assert sum(wire.roulette.counts().values()) == 8
    assert wire.roulette.counts()[State.PRIVATE] > 0


def test_a_user_who_is_back_before_being_missed_counts_as_another_user():
    faults = Faults(vanishes_per_minute=2.0, unnoticed=20.0, reconnect=1.0)
    summary_numbers = set()
    wire, journal = wired(ClosedModel(5), faults)
    wire.run(600.0)
    for _, _, effects in journal:
        for effect in effects:
            if effect.kind == "joined":
                summary_numbers.add(effect.user)
    assert wire.conditions.counts[Occurrence.OVERLAPPED] > 10
    assert len(summary_numbers) == 5 + wire.conditions.counts[Occurrence.OVERLAPPED]
    assert is_sound(wire)


PROGRAM = """
import json
import numpy as np
from sim.population import load
from sim.worlds.wire import simulate
runs = [simulate(policy, load("mixed", 25), 3, 0, 200, 0.0, faults) for policy in ("v1", "v2")
        for faults in ("none", "mild", "rough")]
print([repr(run.figures) + str(run.checks) for run in runs])
"""


def test_figures_do_not_depend_on_the_order_of_hashes():
    assert len(set(outputs(PROGRAM, "0", "4242"))) == 1


@pytest.mark.parametrize("faults", ["none", "delays", "mild", "rough"])
@pytest.mark.parametrize("policy", ["v2", "waves"])
def test_every_run_passes_its_self_checks(policy, faults):
    run = simulate(policy, load("mixed", 40), 5, 0, 600, 0.0, faults)
    assert [check for check in run.checks if check.verdict is Verdict.FAILED] == []
    assert sum(check.name.startswith("clients' view: ") for check in run.checks) > 10
    assert run.engine == "wire"
    assert run.figures.pairings > 30


# Planted bugs of the server, found from outside or by the invariants.


class Tampering(Gateway):
    """A gateway that spoils every hundredth output."""

    tamper: Callable[[list[Output], list[Output]], object]

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.left = 100
        collect = self._outbox.collect

        def tampered() -> list[Output]:
            outputs: list[Output] = []
            for output in collect():
                self.left -= type(output[1]) is bytes and b"situation" not in output[1] and b"Type " not in output[1]
                if self.left:
                    outputs.append(output)
                else:
                    self.left = 100
                    self.tamper(outputs, output)
            return outputs

        self._outbox.collect = tampered  # type: ignore[method-assign]


class Drops(Tampering):
    def tamper(self, outputs, output):
        pass


class Doubles(Tampering):
    def tamper(self, outputs, output):
        outputs += [output, output]


class Misdirects(Tampering):
    def tamper(self, outputs, output):
        outputs.append((next(user for user in self.roulette.users() if user != output[0]), output[1]))


class HangsUp(Tampering):
    def tamper(self, outputs, output):
        outputs += [(output[0], Order.CLOSE)]


class Truncates(Tampering):
    def tamper(self, outputs, output):
        outputs.append((output[0], output[1][:-3]))


@pytest.mark.parametrize("gateway", [Drops, Doubles, Misdirects, Truncates])
def test_a_server_that_changes_its_output_is_found(gateway):
    wire, _ = wired(crowd(), MILD, codecs=[JsonCodec], make_gateway=gateway)
    wire.run(300.0)
    assert not is_sound(wire)


class NeverLeaves(Gateway):
    """Ignores that connections are lost."""

    def disconnected(self, connection, now, reason=CloseReason.LOST):
        return []


def test_a_server_that_keeps_users_who_are_gone_is_found():
    wire, _ = wired(crowd(), replace(MILD, resets_per_minute=1.0), make_gateway=NeverLeaves)
    wire.run(300.0)
    wire.settle()
    assert len(wire.gateway) > len(wire.driver.links)


class Fails(Gateway):
    """Raises an exception after a minute."""

    def tick(self, now):
        if now > 60.0:
            raise ZeroDivisionError
        return super().tick(now)


def test_an_exception_of_the_gateway_ends_the_run():
    wire, _ = wired(policy="waves", make_gateway=Fails)
    with pytest.raises(ZeroDivisionError):
        wire.run(300.0)
    assert 60.0 < wire.now <= 120.0
    assert isinstance(wire.driver.failure, ZeroDivisionError)
