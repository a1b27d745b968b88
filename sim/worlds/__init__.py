"""Worlds that carry bytes: the same personas, at the real gateway."""
