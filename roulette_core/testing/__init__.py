"""The harness that holds a roulette to its promises: works on any journal of (now, event, effects)."""

from roulette_core.testing.invariants import INVARIANTS, Breach, Checker, Result
from roulette_core.testing.ledger import Ledger

__all__ = ["INVARIANTS", "Breach", "Checker", "Ledger", "Result"]
