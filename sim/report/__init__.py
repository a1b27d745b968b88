"""Figures made readable: for people, for programs, and policies side by side. ``metrics.py`` is their one table."""

from sim.report.comparison import comparison_to_json, render_comparison
from sim.report.figure import Figure, Sample
from sim.report.formats import duration, significant
from sim.report.metrics import FIGURES
from sim.report.results_data import results_to_json
from sim.report.rows import SECTIONS
from sim.report.screen import render_results

__all__ = [
    "FIGURES",
    "SECTIONS",
    "Figure",
    "Sample",
    "comparison_to_json",
    "duration",
    "render_comparison",
    "render_results",
    "results_to_json",
    "significant",
]
