"""The benchmark report: what is measured, how, the results and how they look are four things kept apart.

========================  ==================================================================
``suites/``               what is measured: each suite is a function from settings to results
``harness.py``            how: in turn, repeatedly, on a clock that can be replaced
``results.py``            the results: frozen numbers, with medians, spreads and ratios
``advice.py``             warnings about the results, each with a remedy
``comparison.py``         which results differ from earlier ones beyond noise
``export.py``             the results as JSON, and back
``terminal.py``           the results on a terminal
``page.py``               the results as a page of HTML; ``__main__.py`` prints one of its figures
``load/``                 the clients of the server's suite, and a command of their own
========================  ==================================================================

Start reading in ``runner.py``.
"""

from benchmarks.comparison import Comparison, compare
from benchmarks.effort import how_much
from benchmarks.export import NotAReport, from_data, to_data
from benchmarks.page import to_page
from benchmarks.results import Report, SuiteResult
from benchmarks.runner import report, run_suites
from benchmarks.suites import SUITES
from benchmarks.terminal import render, render_comparison

__all__ = [
    "SUITES",
    "Comparison",
    "NotAReport",
    "Report",
    "SuiteResult",
    "compare",
    "from_data",
    "how_much",
    "render",
    "render_comparison",
    "report",
    "run_suites",
    "to_data",
    "to_page",
]
