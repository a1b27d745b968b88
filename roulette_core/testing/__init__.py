"""The harness that holds a roulette to its promises: works on any journal of (now, event, effects)."""

from roulette_core.testing.checker import Breach, Checker, Result
from roulette_core.testing.exploring.exploration import explore
from roulette_core.testing.exploring.results import Counterexample, Covered, Deadlock, Exploration
from roulette_core.testing.exploring.starvation import Starvation, find_starvation
from roulette_core.testing.exploring.story import as_test, tell
from roulette_core.testing.exploring.trial import Step, Trial, replayed
from roulette_core.testing.invariants import INVARIANTS
from roulette_core.testing.ledger import Ledger

__all__ = [
    "INVARIANTS",
    "Breach",
    "Checker",
    "Counterexample",
    "Covered",
    "Deadlock",
    "Exploration",
    "Ledger",
    "Result",
    "Starvation",
    "Step",
    "Trial",
    "as_test",
    "explore",
    "find_starvation",
    "replayed",
    "tell",
]
