"""One run in the wire world from beginning to end: from scenario and policy to a summary."""

import time
from collections.abc import Sequence
from functools import partial

import numpy as np

from roulette_core import Effect, Event, Roulette
from roulette_core.testing import Ledger, Result, Verdict
from sim.engine import Progress, no_cycle_collection
from sim.measure import Setting, Summary, clients_view, summarise
from sim.population import Scenario
from sim.trace import TraceRecorder
from sim.worlds.faults import NAMED
from sim.worlds.wire.wire import Wire
from transports.gateway import Limits

LIMITS = Limits(users=0)
"""The defaults, but for the number of users, which the scenario decides."""


def simulate(
    policy: str,
    scenario: Scenario,
    seed: int,
    duration_seconds: float,
    faults: str = "mild",
    progress: Progress | None = None,
) -> Summary:
    """Simulates a scenario under a policy, over a network.

    Policy and users draw the same random numbers as in the core's world (``sim.run.simulate``); the network has a
    stream of its own, and ``faults``, a name of ``faults.NAMED``. After ``duration_seconds`` of virtual time users stop
    acting, or earlier if ``progress`` returns true, and the clients are judged once everything in flight has arrived.

    Raises:
        BadPolicy: the policy's specification is not valid.
        BrokenPolicy: the policy broke its contract.
    """
    for_policy, for_users, for_network = np.random.SeedSequence(seed).spawn(3)
    roulette = Roulette(policy, seed=_number(for_policy))
    known = Ledger()
    recorder = TraceRecorder(known.pool)
    wire = Wire(
        roulette,
        scenario.population(for_users),
        NAMED[faults],
        LIMITS,
        _number(for_network),
        (recorder.observe, partial(_enter, known)),
    )
    began = time.perf_counter()
    with no_cycle_collection():
        wire.run(duration_seconds, progress)
        wall_seconds = time.perf_counter() - began
        trace = recorder.trace(0.0, wire.now)
        seen = _seen_by_clients(wire)
    checks = [*wire.checker.results(), *seen]
    chat = scenario.mean_chat_seconds if NAMED[faults].only_delays else None
    setting = Setting(
        roulette.policy.specification, scenario.name, scenario.users, seed, chat, world="wire", faults=faults
    )
    return summarise(trace, setting, checks, wall_seconds)


def _enter(ledger: Ledger, now: float, event: Event, effects: Sequence[Effect]) -> None:
    """Keeps the pool for the recorder, under the stable user ids."""
    ledger.now = now
    for effect in effects:
        ledger.enter(effect)


def _number(seed: np.random.SeedSequence) -> int:
    return int(seed.generate_state(1)[0])


def _seen_by_clients(wire: Wire) -> list[Result]:
    """Returns the checks of the clients' accounts, once everything in flight has arrived."""
    quiet = wire.settle()
    left = f"after {wire.now:,.0f} s, {wire.pending():,} bytes are under way"
    errors = wire.people.protocol_errors
    understood = errors[0] if errors else f"{len(wire.people.accounts):,} visits"
    return [
        Result("clients' view: everything arrives", Verdict.of(quiet), left),
        Result("clients' view: everything is understood", Verdict.of(not errors), understood),
        *clients_view(wire.people.accounts, settled=quiet),
    ]
