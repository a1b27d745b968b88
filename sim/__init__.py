"""The simulator: virtual users on a virtual clock, and what they measure. Start reading in ``engine.py``."""
