"""The harness that holds a roulette to its promises: works on any journal of (now, event, effects)."""

from roulette_core.testing.checker import Breach, Checker, Result
from roulette_core.testing.exploration import Counterexample, Covered, Deadlock, Exploration, explore
from roulette_core.testing.invariants import INVARIANTS
from roulette_core.testing.ledger import Ledger
from roulette_core.testing.starvation import Starvation, find_starvation
from roulette_core.testing.story import as_test, tell
from roulette_core.testing.trial import Step, Trial, replayed

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
