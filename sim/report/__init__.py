"""Figures made readable: for people, for programs, and policies side by side. ``figures.py`` is their one table."""

from sim.report.comparison import comparison_to_json, render_comparison
from sim.report.data import to_json
from sim.report.figures import FIGURES, SECTIONS
from sim.report.formats import duration, significant
from sim.report.text import render

__all__ = [
    "FIGURES",
    "SECTIONS",
    "comparison_to_json",
    "duration",
    "render",
    "render_comparison",
    "significant",
    "to_json",
]
