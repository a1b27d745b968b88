"""The simulator: virtual users on a virtual clock, and what they measure. Start reading in ``engine.py``."""

import sys

from sim.compiled import SourceFinder

sys.meta_path.insert(0, SourceFinder)  # ahead of Python's own finders, which would take an old extension module
