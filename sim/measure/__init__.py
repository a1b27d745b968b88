"""What is measured of a run as its rows come, what is asked of them, and estimates over runs with their intervals.

``tally.py`` reads the rows of a run, and ``closing.py`` makes its figures; ``watcher.py`` asks whether it is sound;
``estimates.py`` puts runs together.
"""

from sim.measure import estimates
from sim.measure.closing import close, draw_p
from sim.measure.estimates import Difference, Interval, OverRuns
from sim.measure.histogram import ERROR, LogHistogram
from sim.measure.identity import Searches, identity_p
from sim.measure.rule_watchers import watcher_of
from sim.measure.run_figures import CHAT, GAVE_UP, LEFT, OUTCOMES, RECENT, STILL_ON, Longest, RunFigures, Spread
from sim.measure.tally import Tally
from sim.measure.watched import watcher_results
from sim.measure.whereabouts import SOUND

__all__ = [
    "CHAT",
    "ERROR",
    "GAVE_UP",
    "LEFT",
    "OUTCOMES",
    "RECENT",
    "SOUND",
    "STILL_ON",
    "Difference",
    "Interval",
    "LogHistogram",
    "Longest",
    "OverRuns",
    "RunFigures",
    "Searches",
    "Spread",
    "Tally",
    "close",
    "draw_p",
    "estimates",
    "identity_p",
    "watcher_of",
    "watcher_results",
]
