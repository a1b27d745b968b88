"""Thousands of clients at a server in a process of its own, who verify all that they hear."""
