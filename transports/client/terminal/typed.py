"""What a line typed below the screen asks for: a command begins with ``/``, and all else is talk."""

from roulette_core import harmless
from transports.dialects.commands import COMMANDS, PONG, SAY, Request
from transports.dialects.text import read_typed

QUIT = frozenset({"/quit", "/close"})


def read_slash(line: str) -> Request | None:
    """Reads a line as the text dialect does, but for commands without ``/``, and for commands that do not exist.

    Args:
        line: what was typed.

    Returns:
        What it asks for; ``PONG`` if nothing; None for a command that there is not.
    """
    line = harmless.line(line).strip()
    if not line.startswith("/"):
        return Request(SAY, line) if line else PONG
    if line in QUIT:
        return Request(COMMANDS["close"])
    request = read_typed(line)
    return None if request == Request(SAY, line) else request
