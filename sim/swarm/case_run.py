"""The centre of the swarm: one run, with safety checks under faults, then progress checks after they stop."""

import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from roulette_core import Event, Roulette, User
from roulette_core.testing import TimeLimitExceeded, time_limit
from roulette_core.testing.clients import Account, GivenBack, SawRefused, judge
from sim.engine import no_cycle_collection
from sim.population import cast_of
from sim.swarm import progress_checks, sometimes
from sim.swarm.address_checker import AddressChecker
from sim.swarm.case import Case
from sim.swarm.driver_checker import CheckedPipe, DriverChecker
from sim.swarm.failure import Failure, story, verdict, without
from sim.swarm.faults import OPERATOR, READING_ON, faults_of
from sim.swarm.limit_checker import LimitChecker
from sim.swarm.limits import limits_of
from sim.swarm.rude_clients import RudeClients
from sim.swarm.sometimes import RARE, REFUSALS, Happening
from sim.swarm.swarm_gateway import OperatorClient, PlannedFailure, SwarmGateway
from sim.swarm.swarm_population import SwarmPopulation
from sim.worlds import DIALECTS, ClientVisit
from sim.worlds.wire import PROGRESS_EVERY, Wire, WirePipe
from transports.driver import PATIENCE, Link
from transports.gateway import CloseReason, GatewayObserver, Limits

REST = 40.0
"""Time for every user at rest to find a partner, in seconds: longer than any policy makes them wait."""

ARRIVAL = 30.0
"""Upper bound on the delivery time of anything in flight, in seconds."""

MOST_STEPS = 1_000_000
"""Steps at one moment after which a run is given up as endless."""

LONGEST_SECONDS = 30.0
"""Time limit of a case on the wall clock; most cases take less than a second."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a case: its first failure, if any, what happened how often, and its virtual duration."""

    case: Case
    failure: Failure | None
    counts: Counter[Happening]
    seconds: float


def run_case(case: Case) -> Outcome:
    """Runs a case and judges it. What its policy prints goes to stderr, since stdout is for data."""
    case_run = CaseRun(case)
    with no_cycle_collection(), redirect_stdout(sys.stderr):
        failure = case_run.run()
    return Outcome(case, failure, case_run.counts(), case_run.wire.now)


class Endless(Exception):
    """Time does not advance: something is always due at once."""


class CaseRun:
    """One run of a case, in a wire world of its own."""

    def __init__(self, case: Case) -> None:
        self._case = case
        limits = limits_of(case.limits, case.chance)
        self._limit_checker = LimitChecker(limits)
        self._driver_checker = DriverChecker(limits)
        self._address_checker = AddressChecker(self._visit_of, limits.give_back)
        self._gateway: SwarmGateway
        roulette = Roulette(case.policy, seed=case.seed)
        self._population = SwarmPopulation(case.personas, case.users, case.chance, case.seed, cast_of(roulette.policy))
        self.wire = Wire(
            roulette,
            self._population,
            faults_of(case.faults, case.chance),
            limits,
            case.seed,
            observers=[self._limit_checker, self._address_checker],
            codecs=[DIALECTS[name] for name in case.dialects],
            drafts=True,
            make_gateway=self._open,
            make_pipe=partial(CheckedPipe, self._driver_checker),
            failed=self._gateway_failed,
        )
        self._rude_clients = RudeClients(case.rude_clients, self.wire, case.seconds / 4, case.chance("guests"))
        self._operator = OperatorClient(self.wire, case.seconds / 6, case.chance(OPERATOR))
        if OPERATOR not in case.faults:
            self._operator.sleep()
        self._stops = case.chance("end").random() < 0.5
        self._fails = self._stops and case.chance("failure").random() < 0.5
        self._steps, self._reached = 0, 0.0
        self._counts: Counter[Happening] = Counter()

    def _open(self, roulette: Roulette, limits: Limits, observers: Sequence[GatewayObserver]) -> SwarmGateway:
        case = self._case
        self._gateway = SwarmGateway(
            roulette, limits, observers, self._driver_checker, case.chance("house"), READING_ON in case.faults
        )
        return self._gateway

    def _visit_of(self, connection: User) -> ClientVisit | None:
        client = self.wire.driver.links[connection].pipe.connection.client
        return client if isinstance(client, ClientVisit) else None

    def _gateway_failed(self, error: Exception) -> None:
        """Stops the server, as over sockets, if the exception was planned; raises it otherwise."""
        if not isinstance(error, PlannedFailure):
            raise error
        self.wire.conditions.later(0.0, lambda: self.wire.driver.goodbye(PATIENCE))

    def run(self) -> Failure | None:
        """Goes through all phases. Returns the first failure, if any."""
        try:
            with time_limit(LONGEST_SECONDS):
                for violation in self._phases():
                    return self._failure(*violation)
        except Endless:
            return self._failure("endless", f"time stands still at {self.wire.now:.3f} s")
        except TimeLimitExceeded as error:
            return self._failure("endless", str(error))
        except (Exception, SystemExit) as error:  # a user's own policy may raise anything
            return self._failure(type(error).__name__, f"{error}{_place(error)}")
        accounts = self._accounts()
        verdicts = judge(accounts, settled=True)
        return verdict(verdicts.breaches[0], accounts) if verdicts.breaches else None

    def counts(self) -> Counter[Happening]:
        """Returns how often each thing that happens sometimes did."""
        counts, wire = self._counts + self._limit_checker.counts, self.wire
        counts.update({(REFUSALS, reason): count for reason, count in self._rude_clients.refusals.items()})
        told = [entry.what for account in wire.people.accounts for entry in account.entries]
        counts.update((REFUSALS, what.reason) for what in told if isinstance(what, SawRefused | GivenBack))
        counts[RARE, sometimes.GIVEN_BACK] += self._address_checker.refused
        counts[sometimes.POLICIES, self._case.policy.partition(":")[0]] += 1
        counts[RARE, sometimes.READ_ON] += self._gateway.read_on
        return counts

    # The phases.

    def _phases(self) -> Iterator[progress_checks.Violation]:
        """Runs the whole case; yields what is wrong as soon as it is found."""
        wire = self.wire
        yield from self._pass(self._case.seconds)
        yield from progress_checks.under_faults(wire, self._gateway, self._limit_checker)
        happened = wire.conditions.counts
        self._counts.update({(sometimes.NETWORK, fault.value): count for fault, count in happened.items()})
        wire.network.heal()
        self._rude_clients.disperse()
        self._operator.sleep()
        self._population.come_to_rest(wire.now)
        longest = ARRIVAL + self._longest_turn()
        yield from self._pass(REST + longest)
        wire.people.acting = False
        yield from self._drain(longest)
        yield from self._pass(ARRIVAL)
        yield from progress_checks.at_rest(wire, self._limit_checker)
        left_over = len(wire.checker.ledger.pool) > 1
        self._counts[RARE, sometimes.LEFT_OVER if left_over else sometimes.SETTLED] += 1
        yield from self._close()
        yield from progress_checks.nothing_left(wire, self._limit_checker, self._stops)

    def _pass(self, seconds: float) -> Iterator[progress_checks.Violation]:
        """Lets time pass; checks every virtual second."""
        end = self.wire.now + seconds
        while self.wire.now < end:
            self.wire.run(min(self.wire.now + 1.0, end), self._count_steps)
            yield from self._violations()

    def _violations(self) -> Iterator[progress_checks.Violation]:
        yield from ((breach.invariant, breach.detail) for breach in self.wire.checker.breaches)
        self._driver_checker.check(self.wire.now)
        yield from (("driver_does_its_duties", violation) for violation in self._driver_checker.violations)
        yield from (("limits_are_kept", violation) for violation in self._limit_checker.violations)
        yield from (("lines_are_for_whom_they_were_typed", each) for each in self._address_checker.violations)
        yield from (("operator_is_obeyed", violation) for violation in self._operator.violations)
        errors = (*self.wire.people.protocol_errors, *self._rude_clients.protocol_errors)
        yield from (("output_is_understood", violation) for violation in errors)

    def _count_steps(self, now: float) -> None:
        self._steps = 0 if now > self._reached else self._steps + PROGRESS_EVERY
        self._reached = now
        if self._steps > MOST_STEPS:
            raise Endless

    def _longest_turn(self) -> float:
        """Returns the longest time, in seconds, that the rate limit can delay any user's queued requests."""
        asked = (sum(isinstance(what, Event) for _, what in account.entries) for account in self._accounts())
        limits = self._gateway.limits
        return max(asked, default=0) * max(1.0, limits.lobby_cost, limits.change_cost) / limits.rate

    def _drain(self, seconds: float) -> Iterator[progress_checks.Violation]:
        """Waits until each connection has been idle once, with nothing in flight; no user asks for more."""
        busy, end = list(self.wire.driver.links.values()), self.wire.now + seconds
        while busy and self.wire.now < end:
            yield from self._pass(1.0)
            busy = [link for link in busy if link in self.wire.driver.links.values() and _is_busy(link)]
        if busy:
            stuck = ", ".join(map(_name, busy))
            queue = f"after {seconds:.0f} s without new requests, there is still a queue for {stuck}"
            yield "all_queues_drain", queue

    def _close(self) -> Iterator[progress_checks.Violation]:
        """Makes all users leave, or stops the server; then checks the goodbyes."""
        present = [link.pipe.connection.client for link in self.wire.driver.links.values()]
        if self._stops:
            self._counts[RARE, sometimes.STOPPED] += bool(present)
            self._counts[RARE, sometimes.FAILED] += self._fails
            if self._fails:
                self.wire.driver.advance(self._gateway.fail)
            else:
                self.wire.driver.goodbye(PATIENCE)
        else:
            self._population.go(self.wire.now)
            self.wire.people.acting = True
        yield from self._pass(REST + ARRIVAL)
        accounts = [client.account for client in present if isinstance(client, ClientVisit)]
        yield from progress_checks.goodbyes(accounts, CloseReason.STOPPING if self._stops else CloseReason.ASKED)

    # What is found.

    def _accounts(self) -> list[Account]:
        """Returns what users did and saw, without what they saw of rude clients."""
        return without(self._rude_clients.names, self.wire.people.accounts)

    def _failure(self, kind: str, detail: str) -> Failure:
        return Failure(kind, detail, self.wire.now, story(self._accounts()))


def _is_busy(link: Link[WirePipe]) -> bool:
    connection = link.pipe.connection
    return link.paused or bool(link.unwritten or connection.up.unread or connection.down.unread)


def _name(link: Link[WirePipe]) -> str:
    client = link.pipe.connection.client
    return client.account.name if isinstance(client, ClientVisit) else f"rude client {client.user}"


def _place(error: BaseException) -> str:
    """Returns where an error was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f" ({Path(frame.filename).name}, line {frame.lineno})"
