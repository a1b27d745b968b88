"""Everything that can happen to a few users: every event, and every turn of a policy's chance.

``trial.py`` makes a roulette repeat itself, ``exploration.py`` follows all of its ways.
"""
