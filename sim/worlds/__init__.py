"""Worlds that carry bytes: the same personas, at the real gateway.

``people.py`` has them live there; what is between is ``wire/wire.py`` or ``tcp/sockets.py``.
"""
