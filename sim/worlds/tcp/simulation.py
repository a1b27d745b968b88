"""One run in the tcp world from beginning to end: a scenario, at a server that runs, to figures."""

import time
from collections import defaultdict
from functools import partial

from roulette_core.testing import Result, Verdict
from roulette_core.testing.clients import Account, Arrived, Met, SawLine, SawRefused
from sim.engine import Progress, no_cycle_collection
from sim.measure import Tally, close
from sim.population import Scenario
from sim.results import Run
from sim.rows import Rows
from sim.run import seeds_of
from sim.worlds.clients_view import clients_view
from sim.worlds.merge import write_accounts
from sim.worlds.simulated_clients import SimulatedClients
from sim.worlds.tcp.network import RealTime, TcpNetwork
from transports.load import Address, NoServer

SERVERS_OWN = "server's own"
"""Stands for a policy that only the server knows."""

GREETING = 10.0
"""Seconds within which the server must have sent anything; otherwise it does not speak our protocol."""

QUIET = 1.0
"""Seconds without a byte after which nothing is taken to be in flight any longer."""

PATIENCE = 30.0
"""Seconds that may pass until that is so."""

_TURN = 0.1


class ForeignUsers(Exception):
    """The server has users who are not ours, and what they do to the figures cannot be known."""


def simulate(
    policy: str,
    scenario: Scenario,
    seed: int,
    run: int,
    duration_seconds: float,
    address: Address,
    warmup_seconds: float | None = None,
    speed: float = 1.0,
    progress: Progress | None = None,
) -> Run:
    """Connects a scenario's users to a server, and measures what they saw.

    The users make the same random choices as in the other worlds. All times are theirs: at ``speed`` 2, a minute of
    theirs takes half a minute of real time. The server's own clocks and limits are not sped up. At the end no user asks
    for anything, and the clients are judged once nothing is in flight. The policy is ``SERVERS_OWN`` where only the
    server knows it. The arguments are those of ``sim.run.simulate``.

    Raises:
        NoServer: there is no server, it has gone, or it does not speak our protocol.
        ForeignUsers: it has other users.
        OSError: the system has no room for so many connections.
    """
    seeds = seeds_of(seed, run)
    for_network, for_people = map(int, seeds.world.generate_state(2))
    warmup = scenario.warmup_seconds if warmup_seconds is None else warmup_seconds
    population = scenario.population(seeds.users)
    network = TcpNetwork(RealTime(speed), for_network)
    people = SimulatedClients(population, network, partial(network.connect, server=address), for_people)
    try:
        with no_cycle_collection():
            began = time.perf_counter()
            end = _live(people, network, warmup + duration_seconds, progress)
            wall_seconds = time.perf_counter() - began
            settled = _settle(people, network)
    finally:
        network.sockets.close()
    _require_no_foreign_users(people)
    tally = Tally(scenario.users, len(scenario.kinds), warmup, warmup + duration_seconds)
    rows = Rows([tally])
    write_accounts(_visits(people), end, rows, population.kind_of)
    rows.flush()
    figures = close(tally, end, scenario.users)
    checks = (
        Result("clients' view: everything arrives", Verdict.of(settled), _arrived(settled)),
        *clients_view(people.accounts, settled),
        *figures.checks,
    )
    return Run(policy, "tcp", figures, checks, wall_seconds)


def _visits(people: SimulatedClients) -> dict[int, list[Account]]:
    """Returns the accounts of each user's visits, one after the other."""
    visits: defaultdict[int, list[Account]] = defaultdict(list)
    for account in people.accounts:
        visits[people.users[account.name]].append(account)
    return visits


def _live(people: SimulatedClients, network: TcpNetwork, until: float, progress: Progress | None) -> float:
    """Lets the users act until a time of theirs, or until ``progress`` returns true. Returns the time reached."""
    timeline = network.timeline
    while timeline.now < until:
        while people.next() <= timeline.now:
            people.act()
        network.sockets.listen(min(_TURN, timeline.until(min(until, people.next()))))
        _require_our_server(people, network)
        if progress is not None and progress(timeline.now):
            return min(timeline.now, until)
    return until


def _settle(people: SimulatedClients, network: TcpNetwork) -> bool:
    """Stops the users, and waits for what is in flight. Returns whether all of it has arrived."""
    people.acting = False
    if not people.accounts:  # no user has come in so short a time
        return True
    end = time.perf_counter() + PATIENCE
    while (now := time.perf_counter()) < end:
        if network.sockets.heard is not None and now - network.sockets.heard > QUIET:
            return True
        network.sockets.listen(_TURN)
        _require_our_server(people, network)
    return False


def _arrived(settled: bool) -> str:
    if settled:
        return f"nothing more came for {QUIET:.0f} s"
    return f"more still came after {PATIENCE:.0f} s: this is more than the server, or this machine, can bear"


def _require_our_server(people: SimulatedClients, network: TcpNetwork) -> None:
    if people.protocol_errors:
        raise NoServer(f"what listens there does not speak our protocol: {people.protocol_errors[0]}")
    if people.accounts and network.sockets.heard is None and network.timeline.elapsed() > GREETING:
        raise NoServer(f"what listens there says nothing for {GREETING:.0f} s")


def _require_no_foreign_users(people: SimulatedClients) -> None:
    for account in people.accounts:
        for _, what in account.entries:
            match what:
                case Met(name) | Arrived(name) | SawLine(name) if name not in people.users:
                    raise ForeignUsers(f"{account.name} has met or heard {name}")
                case SawRefused("name_taken"):
                    raise ForeignUsers(f"another user is called {account.name}")
