"""A campaign of many short runs in the wire world, each with its own mix of everything that can go wrong.

A *case* is what one run depends on (``case.py``). ``case_run.py`` runs one and judges it: start reading there.
``campaign.py`` runs many. A case is made of network faults, personas, rude clients and tightened limits, each in the
module of its name; what is checked is in ``limit_checker.py`` (during the run) and ``progress_checks.py`` (after it).
"""
