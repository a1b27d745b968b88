"""A campaign of many short runs in the wire world, each with its own mix of everything that can go wrong.

``case.py`` says what a run depends on, ``trial.py`` makes one and judges it, ``campaign.py`` makes many.
"""
