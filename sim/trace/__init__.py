"""A run written down: ``recorder.py`` writes, ``columns.py`` is what everything that measures reads."""

from sim.trace.columns import Floats, Integers, Trace
from sim.trace.recorder import TraceRecorder

__all__ = ["Floats", "Integers", "Trace", "TraceRecorder"]
