"""The harness that holds a roulette to its promises: works on any journal of (now, event, effects)."""

from roulette_core.testing.checker import Breach, Checker, Result
from roulette_core.testing.invariants import INVARIANTS
from roulette_core.testing.ledger import Ledger

__all__ = ["INVARIANTS", "Breach", "Checker", "Ledger", "Result"]
