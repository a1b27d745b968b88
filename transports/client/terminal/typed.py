"""Reads a line typed on the screen: a command begins with ``/``, everything else is said."""

from roulette_core import harmless
from transports.dialects import COMMANDS, PONG, SAY, Request, read_typed

QUIT = frozenset({"/quit", "/close"})


def read_slash(line: str) -> Request | None:
    """Reads a line as the text dialect does, but without commands that lack the ``/``, and without saying unknown ones.

    Args:
        line: what was typed.

    Returns:
        The request; ``PONG`` for an empty line; None for an unknown command.
    """
    line = harmless.line(line).strip()
    if not line.startswith("/"):
        return Request(SAY, line) if line else PONG
    if line in QUIT:
        return Request(COMMANDS["close"])
    request = read_typed(line)
    return None if request == Request(SAY, line) else request
