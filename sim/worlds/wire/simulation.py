"""One run in the wire world from beginning to end: from scenario and policy to figures."""

import time

from roulette_core import Roulette
from roulette_core.testing import Result, Verdict
from sim.engine import Progress, no_cycle_collection
from sim.measure import Tally, close
from sim.population import Scenario
from sim.results import Run
from sim.rows import EffectRows, Rows
from sim.run import seeds_of
from sim.worlds.clients_view import clients_view
from sim.worlds.faults import NAMED
from sim.worlds.wire.wire import Wire
from transports.gateway import Limits

LIMITS = Limits(users=0)
"""The defaults, but for the number of users, which the scenario decides."""


def simulate(
    policy: str,
    scenario: Scenario,
    seed: int,
    run: int,
    duration_seconds: float,
    warmup_seconds: float | None = None,
    faults: str = "mild",
    progress: Progress | None = None,
) -> Run:
    """Simulates a scenario under a policy, over a network.

    Policy and users draw the same random numbers as in the core's world (``sim.run.simulate``, which has the same
    arguments); the network has a stream of its own, and ``faults``, a name of ``faults.NAMED``. At the end users stop
    acting, or earlier if ``progress`` returns true, and the clients are judged once everything in flight has arrived.

    Raises:
        BadPolicy: the policy's specification is not valid.
        BrokenPolicy: the policy broke its contract.
    """
    seeds = seeds_of(seed, run)
    roulette = Roulette(policy, seed=seeds.choices)
    warmup = scenario.warmup_seconds if warmup_seconds is None else warmup_seconds
    population = scenario.population(seeds.users)
    tally = Tally(scenario.users, len(scenario.kinds), warmup, warmup + duration_seconds)
    rows = Rows([tally])
    writer = EffectRows(rows, lambda number: population.kind_of(wire.numbering.users[number]))
    network_seed = int(seeds.world.generate_state(1)[0])
    wire = Wire(roulette, population, NAMED[faults], LIMITS, network_seed, [writer.observe])
    began = time.perf_counter()
    with no_cycle_collection():
        wire.run(warmup + duration_seconds, progress)
        rows.flush()
        figures = close(tally, wire.now)
        wall_seconds = time.perf_counter() - began
        checks = (*wire.checker.results(), *_seen_by_clients(wire), *figures.checks)
    return Run(roulette.policy.specification, "wire", figures, checks, wall_seconds)


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
