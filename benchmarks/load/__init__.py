"""Thousands of clients at a server in a process of its own, which verify everything that they hear."""

from benchmarks.load.clients import Load, LoadClient, Task, Wrong
from benchmarks.load.load_test import UNLIMITED, Done, LoadTest, load_test
from benchmarks.load.tasks import Change, Pace, Talk

__all__ = [
    "UNLIMITED",
    "Change",
    "Done",
    "Load",
    "LoadClient",
    "LoadTest",
    "Pace",
    "Talk",
    "Task",
    "Wrong",
    "load_test",
]
