"""Thousands of clients at a server in a process of its own, which verify everything that they hear."""

from benchmarks.load.load_test import UNLIMITED, Done, LoadTest, load_test

__all__ = ["UNLIMITED", "Done", "LoadTest", "load_test"]
