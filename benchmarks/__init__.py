"""The benchmark report: what is measured, how, the results and how they look are four things kept apart.

========================  ==================================================================
``suites/``               what is measured: each suite is a function from settings to results
``harness.py``            how: in turn, repeatedly, on a clock that can be replaced
``results.py``            the results: frozen numbers, with medians, spreads and ratios
``advice.py``             warnings about the results, each with a remedy
``export.py``             the results as JSON
``terminal.py``           the results on a terminal
``load/``                 the clients of the server's suite, and a command of their own
========================  ==================================================================

Start reading in ``runner.py``.
"""

from benchmarks.export import to_data
from benchmarks.results import Report, SuiteResult
from benchmarks.runner import report, run, run_suites
from benchmarks.suites import SUITES
from benchmarks.terminal import render

__all__ = ["SUITES", "Report", "SuiteResult", "render", "report", "run", "run_suites", "to_data"]
