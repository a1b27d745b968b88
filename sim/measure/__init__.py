"""What is measured of a trace: figures with intervals, and self-checks. ``summary.py`` puts it all together."""

from sim.measure.checks import clients_view
from sim.measure.pairings import RECENT
from sim.measure.statistics import Estimate
from sim.measure.summary import Setting, Summary, summarise
from sim.measure.waits import BOUNDS, Longest

__all__ = [
    "BOUNDS",
    "RECENT",
    "Estimate",
    "Longest",
    "Setting",
    "Summary",
    "clients_view",
    "summarise",
]
