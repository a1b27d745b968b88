"""The harness that holds a roulette to its promises: works on any journal of (now, event, effects)."""

from roulette_core.testing.built_in import BUILT_IN, Facts, claims_of, clock_of, facts_of, rule_of
from roulette_core.testing.checker import Checker, InvariantBreach
from roulette_core.testing.claims import Claims
from roulette_core.testing.clocks import Clock, Timeless
from roulette_core.testing.closed_model import Expectation
from roulette_core.testing.exploring import (
    CheckedRoulette,
    Counterexample,
    Covered,
    Deadlock,
    Exploration,
    Starvation,
    Step,
    as_test,
    describe_steps,
    explore,
    find_starvation,
    replayed,
)
from roulette_core.testing.invariants import INVARIANTS
from roulette_core.testing.ledger import Ledger
from roulette_core.testing.rules import Rule
from roulette_core.testing.time_limit import TimeLimitExceeded, time_limit
from roulette_core.testing.verdict import Result, Verdict, all_hold, overall

__all__ = [
    "BUILT_IN",
    "INVARIANTS",
    "CheckedRoulette",
    "Checker",
    "Claims",
    "Clock",
    "Counterexample",
    "Covered",
    "Deadlock",
    "Expectation",
    "Exploration",
    "Facts",
    "InvariantBreach",
    "Ledger",
    "Result",
    "Rule",
    "Starvation",
    "Step",
    "TimeLimitExceeded",
    "Timeless",
    "Verdict",
    "all_hold",
    "as_test",
    "claims_of",
    "clock_of",
    "describe_steps",
    "explore",
    "facts_of",
    "find_starvation",
    "overall",
    "replayed",
    "rule_of",
    "time_limit",
]
