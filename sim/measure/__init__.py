"""What is measured of a run: figures, estimates over runs with intervals, and self-checks."""

from sim.measure import estimates
from sim.measure.checks import clients_view
from sim.measure.estimates import Difference, Interval, OverRuns
from sim.measure.histogram import LogHistogram
from sim.measure.identity import Searches, identity_p
from sim.measure.pairings import RECENT
from sim.measure.rule_watchers import watcher_of
from sim.measure.run_figures import CHAT, GAVE_UP, LEFT, OUTCOMES, STILL_ON, RunFigures, Spread
from sim.measure.statistics import Estimate
from sim.measure.summary import Setting, Summary, summarise
from sim.measure.waits import BOUNDS, Longest
from sim.measure.watched import watcher_results
from sim.measure.watcher import Watcher
from sim.measure.whereabouts import SOUND

__all__ = [
    "BOUNDS",
    "CHAT",
    "GAVE_UP",
    "LEFT",
    "OUTCOMES",
    "RECENT",
    "SOUND",
    "STILL_ON",
    "Difference",
    "Estimate",
    "Interval",
    "LogHistogram",
    "Longest",
    "OverRuns",
    "RunFigures",
    "Searches",
    "Setting",
    "Spread",
    "Summary",
    "Watcher",
    "clients_view",
    "estimates",
    "identity_p",
    "summarise",
    "watcher_of",
    "watcher_results",
]
