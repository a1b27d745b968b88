"""Figures made readable: for people, for programs, and policies side by side. ``figures.py`` is their one table."""

from sim.report.comparison import comparison_to_json, render_comparison
from sim.report.data import to_json
from sim.report.figures import FIGURES, SECTIONS
from sim.report.formats import duration, significant
from sim.report.metrics import FIGURES as METRICS
from sim.report.results_data import results_to_json
from sim.report.rows import SECTIONS as ROWS
from sim.report.screen import render_results
from sim.report.text import render

__all__ = [
    "FIGURES",
    "METRICS",
    "ROWS",
    "SECTIONS",
    "comparison_to_json",
    "duration",
    "render",
    "render_comparison",
    "render_results",
    "results_to_json",
    "significant",
    "to_json",
]
