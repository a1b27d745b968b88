"""The benchmark report: what is measured, how, what came out and how it looks are four things kept apart.

========================  ==================================================================
``suites/``               what is measured: each suite is a function from settings to results
``harness.py``            how: in turn, repeatedly, on a clock one can replace
``results.py``            what came out: frozen numbers, with medians, spreads and ratios
``advice.py``             what to make of it: warnings that say what to do
``export.py``             the results as JSON and back
``render.py``             the results on a terminal
========================  ==================================================================

Start reading in ``run.py``.
"""
