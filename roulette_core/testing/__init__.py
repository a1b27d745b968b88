"""The harness that holds a roulette to its promises: works on any journal of (now, event, effects)."""

from roulette_core.testing.checker import Checker, InvariantBreach, Result
from roulette_core.testing.exploring.checked_roulette import CheckedRoulette, Step, replayed
from roulette_core.testing.exploring.exploration import explore
from roulette_core.testing.exploring.results import Counterexample, Covered, Deadlock, Exploration
from roulette_core.testing.exploring.starvation import Starvation, find_starvation
from roulette_core.testing.exploring.story import as_test, tell
from roulette_core.testing.invariants import INVARIANTS
from roulette_core.testing.ledger import Ledger

__all__ = [
    "INVARIANTS",
    "CheckedRoulette",
    "Checker",
    "Counterexample",
    "Covered",
    "Deadlock",
    "Exploration",
    "InvariantBreach",
    "Ledger",
    "Result",
    "Starvation",
    "Step",
    "as_test",
    "explore",
    "find_starvation",
    "replayed",
    "tell",
]
